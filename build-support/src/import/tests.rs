use super::{Tool, detect, read, set};
use crate::policy::Policy;
use crate::report::Level;
use crate::source::{Files, Part};
use clap::ValueEnum;
use std::fs;
use std::path::Path;
use whimbrel_grammar::DatabaseKind;

/// What was read, in words: migrations, files that were left out, warnings.
struct Seen {
    tool: Result<Tool, String>,
    migrations: Vec<String>,
    left_out: Vec<String>,
    warnings: Vec<String>,
}

/// Reads a folder of these files as a tool does; `|` stands for the end of a line.
fn seen(tool: Tool, written: &[(&str, &str)]) -> Seen {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in written {
        let path = root.path().join("db").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if name.ends_with(".rs") { (*text).to_owned() } else { text.replace('|', "\n") };
        fs::write(path, text).unwrap();
    }
    let mut files = Files::new(root.path());
    let guessed = detect(&mut files, Path::new("db")).map_err(|unclear| unclear.why);
    let found = read(&mut files, Path::new("db"), tool).unwrap();
    let left_out = found.left_out.iter().map(|(path, _)| path.clone()).collect();
    let (set, warnings) = set(found, DatabaseKind::Postgres, &files);
    for diagnostic in crate::check::check(&set, &files, &Policy::default()).diagnostics {
        assert_ne!(diagnostic.level, Level::Error, "{diagnostic:?}");
    }
    let part = |part: &Part| match part {
        Part::Script(script) => {
            // Every byte leads back to where it stands.
            let at = script.text.find("SELECT").unwrap_or(0);
            let place = script.place(at..at + 6, &files);
            assert_eq!(
                files.get(place.file).text.get(place.range).unwrap_or_default(),
                script.text.get(at..at + 6).unwrap_or_default()
            );
            script.text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Part::Rust(_) => "(code)".to_owned(),
    };
    let migrations = set.declarations.iter().map(|declaration| {
        let down = declaration.down.as_ref().map_or_else(String::new, |down| format!(" <- {}", part(down)));
        let outside = if declaration.is_transactional() { "" } else { " (outside)" };
        format!("{}: {}{down}{outside}", declaration.id.text, part(&declaration.up))
    });
    Seen {
        tool: guessed,
        migrations: migrations.collect(),
        left_out,
        warnings: warnings.into_iter().map(|diagnostic| diagnostic.message).collect(),
    }
}

#[test]
fn sqlx() {
    let seen = seen(
        Tool::Sqlx,
        &[
            ("20240102000000_b.sql", "-- no-transaction|SELECT 2"),
            ("20240101000000_a.sql", "-- First.|SELECT 1"),
            ("notes.sql", "SELECT 0"),
            ("README.md", ""),
        ],
    );
    assert_eq!(seen.migrations, ["20240101000000_a: -- First. SELECT 1", "20240102000000_b: SELECT 2 (outside)"]);
    assert_eq!(seen.left_out, ["notes.sql"]);
}

#[test]
fn sqlx_with_rollbacks() {
    let seen = seen(
        Tool::Sqlx,
        &[
            ("10_b.up.sql", "SELECT 2"),
            ("9_a.up.sql", "SELECT 1"),
            ("9_a.down.sql", "SELECT -1"),
            ("8_x.down.sql", "SELECT 0"),
        ],
    );
    assert_eq!(seen.migrations, ["0009_a: SELECT 1 <- SELECT -1", "0010_b: SELECT 2"]);
    assert_eq!(seen.left_out, ["8_x.down.sql"]);
}

#[test]
fn golang_migrate() {
    let seen = seen(
        Tool::GolangMigrate,
        &[
            ("000001_a.up.sql", "BEGIN; SELECT 1; COMMIT;"),
            ("000001_a.down.sql", "SELECT -1"),
            ("000002_b.up.sql", "REINDEX DATABASE CONCURRENTLY db"),
            ("000003_c.sql", "SELECT 0"),
        ],
    );
    assert_eq!(
        seen.migrations,
        ["000001_a: BEGIN; SELECT 1; COMMIT; <- SELECT -1", "000002_b: REINDEX DATABASE CONCURRENTLY db (outside)"]
    );
    assert_eq!(seen.left_out, ["000003_c.sql"]);
}

#[test]
fn diesel() {
    let seen = seen(
        Tool::Diesel,
        &[
            ("00000000000000_diesel_initial_setup/up.sql", "SELECT 0"),
            ("2024-01-31-120000_add-users/up.sql", "SELECT 1"),
            ("2024-01-31-120000_add-users/down.sql", "SELECT -1"),
            ("2023-05-23-1715-without-a-line/up.sql", "SELECT 2"),
            ("2024-02-01-000000_c/up.sql", "VACUUM"),
            ("2024-02-01-000000_c/metadata.toml", "# Not in one.|run_in_transaction = false"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Diesel));
    assert_eq!(
        seen.migrations,
        [
            "00000000000000_diesel_initial_setup: SELECT 0",
            "20230523171500_without-a-line: SELECT 2",
            "20240131120000_add-users: SELECT 1 <- SELECT -1",
            "20240201000000_c: VACUUM (outside)",
        ]
    );
}

#[test]
fn prisma() {
    let seen = seen(
        Tool::Prisma,
        &[
            ("migration_lock.toml", "provider = \"postgresql\""),
            ("0_init/migration.sql", "SELECT 0"),
            ("20240101000000_a/migration.sql", "REINDEX DATABASE CONCURRENTLY db"),
            ("20240101000000_b/migration.sql", "SELECT 2"),
            ("20240101000001_c/migration.sql", "SELECT 3"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Prisma));
    assert_eq!(
        seen.migrations,
        [
            "0000_init: SELECT 0",
            "20240101000000_a: REINDEX DATABASE CONCURRENTLY db (outside)",
            "20240101000001_b: SELECT 2",
            "20240101000002_c: SELECT 3",
        ]
    );
}

#[test]
fn flyway() {
    let seen = seen(
        Tool::Flyway,
        &[
            ("V1__create users.sql", "SELECT 1"),
            ("U1__create users.sql", "SELECT -1"),
            ("V1_10__d.sql", "SELECT 4"),
            ("V1.2__c.sql", "SELECT '${greeting}'"),
            ("sub/V1.1__b.sql", "SELECT 2"),
            ("sub/V1.1__b.sql.conf", "executeInTransaction=false"),
            ("V2__e.java", "class V2__e {}"),
            ("V3__f.sql", "DROP INDEX CONCURRENTLY i"),
            ("R__views.sql", "SELECT 0"),
            ("B4__all.sql", "SELECT 0"),
            ("U9__none.sql", "SELECT 0"),
            ("afterMigrate.sql", "SELECT 0"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Flyway));
    assert_eq!(
        seen.migrations,
        [
            "0001_create_users: SELECT 1 <- SELECT -1",
            "0002_b: SELECT 2 (outside)",
            "0003_c: (code)",
            "0004_d: SELECT 4",
            "0005_e: (code)",
            "0006_f: DROP INDEX CONCURRENTLY i (outside)",
        ]
    );
    assert_eq!(seen.left_out, ["B4__all.sql", "R__views.sql", "afterMigrate.sql", "db/U9__none.sql"]);
    assert_eq!(
        seen.warnings[0],
        "`0003_c` can't be followed: the value of its placeholder `${greeting}` is not in the file"
    );
}

#[test]
fn refinery() {
    let seen = seen(
        Tool::Refinery,
        &[
            ("V1__a.sql", "SELECT '${not_replaced}'"),
            ("V2__b.rs", "pub fn migration() -> String {}"),
            ("U3__c.sql", "SELECT 3"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Refinery));
    assert_eq!(seen.migrations, ["0001_a: SELECT '${not_replaced}'", "0002_b: (code)", "0003_c: SELECT 3"]);
    assert_eq!(seen.warnings, ["`0002_b` can't be followed: it is code (rs), not SQL"]);
}

#[test]
fn goose() {
    let seen = seen(
        Tool::Goose,
        &[
            (
                "00001_a.sql",
                "-- A comment.|-- +goose Up|SELECT 1;|-- +goose StatementBegin|DO $$ BEGIN NULL; END $$;|-- +goose StatementEnd|SELECT 2;|-- +goose Down|SELECT -1;|",
            ),
            ("00002_b.sql", "-- +goose NO TRANSACTION|--  +goose  up|VACUUM;|-- +goose Down|"),
            ("00003_c.go", "package migrations"),
            ("00003_c_test.go", "package migrations"),
            ("00004_d.sql", "-- +goose ENVSUB ON|-- +goose Up|SELECT '${HOME}';|"),
            ("00005_e.sql", "SELECT 5"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Goose));
    assert_eq!(
        seen.migrations,
        [
            "00001_a: SELECT 1; DO $$ BEGIN NULL; END $$; SELECT 2; <- SELECT -1;",
            "00002_b: VACUUM; (outside)",
            "00003_c: (code)",
            "00004_d: (code)",
        ]
    );
    assert_eq!(seen.left_out, ["00005_e.sql"]);
}

#[test]
fn dbmate() {
    let seen = seen(
        Tool::Dbmate,
        &[
            ("20240101000000_a.sql", "-- migrate:up|SELECT 1;||-- migrate:down|SELECT -1;|"),
            (
                "20240102000000_b.sql",
                "\u{feff}-- migrate:up transaction:false|VACUUM;|-- migrate:down transaction:false||",
            ),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Dbmate));
    assert_eq!(seen.migrations, ["20240101000000_a: SELECT 1; <- SELECT -1;", "20240102000000_b: VACUUM; (outside)"]);
}

#[test]
fn sea_orm() {
    let migration = |up: &str, down: &str| {
        format!(
            "#[derive(DeriveMigrationName)] pub struct Migration;\nimpl MigrationTrait for Migration {{\n\
             async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{ {up} Ok(()) }}\n\
             async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{ {down} }} }}"
        )
    };
    let first = migration(
        "let db = manager.get_connection(); db.execute_unprepared(\"SELECT 'a\\tb'\").await?; db.execute_unprepared(include_str!(\"x.sql\"),).await?;",
        "manager.get_connection().execute_unprepared(r#\"SELECT -1\"#).await.map(|_| ())",
    );
    let second = migration("manager.create_table(Table::create()).await?;", "Ok(())");
    let third = migration("for x in 0..2 { db.execute_unprepared(\"SELECT 1\").await?; }", "Ok(())");
    let seen = seen(
        Tool::SeaOrmSql,
        &[
            ("src/m20240101_000001_a.rs", &first),
            ("src/x.sql", "SELECT 2"),
            ("src/m20240101_000002_b.rs", &second),
            ("src/m20240102_000001_c.rs", &third),
            ("src/lib.rs", "vec![Box::new(m20240101_000001_a::Migration), Box::new(m20240101_000002_b::Migration)]"),
            ("src/main.rs", "fn main() {}"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::SeaOrmSql));
    assert_eq!(
        seen.migrations,
        [
            "20240101000001_a: SELECT 'a b' ; SELECT 2 <- SELECT -1",
            "20240101000002_b: (code)",
            "20240102000001_c: (code)"
        ]
    );
}

#[test]
fn any_numbered_files() {
    let seen = seen(
        Tool::Numbered,
        &[
            ("V0001.Initial_Schema.up.sql", "SELECT 1"),
            ("V0001.Initial_Schema.down.sql", "SELECT -1"),
            ("2 second.sql", "COMMIT; BEGIN; SELECT 2"),
            ("seed.sql", "SELECT 0"),
        ],
    );
    assert_eq!(seen.tool, Ok(Tool::Numbered));
    assert_eq!(
        seen.migrations,
        ["0001_Initial_Schema: SELECT 1 <- SELECT -1", "0002_second: COMMIT; BEGIN; SELECT 2 (outside)"]
    );
    assert_eq!(seen.left_out, ["seed.sql"]);
}

#[test]
fn what_is_open_is_asked() {
    let pairs = [("1_a.up.sql", "SELECT 1"), ("1_a.down.sql", "SELECT 1")];
    assert!(seen(Tool::Sqlx, &pairs).tool.unwrap_err().contains("sqlx's or golang-migrate's"));
    let with = |file| seen(Tool::Sqlx, &[pairs[0], pairs[1], (file, "")]).tool;
    assert_eq!((with("Cargo.toml"), with("go.mod")), (Ok(Tool::Sqlx), Ok(Tool::GolangMigrate)));
    assert_eq!(seen(Tool::Sqlx, &[("1_a.sql", "SELECT 1")]).tool, Ok(Tool::Sqlx));
    assert!(seen(Tool::Sqlx, &[("notes.txt", "")]).tool.is_err());
}

#[test]
fn every_name_is_the_one_that_is_typed() {
    for tool in Tool::value_variants() {
        assert_eq!(tool.to_possible_value().unwrap().get_name(), tool.name());
    }
}
