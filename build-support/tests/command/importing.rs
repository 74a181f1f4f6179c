//! `import`: another tool's folder becomes a sealed chain, whose files say what the old ones said.

use crate::app::App;

/// Runs `import` of a folder `old` with these files into an empty package.
fn imported(files: &[(&str, &str)], options: &str) -> (App, crate::app::Ended) {
    let app = App::new(&[]);
    for (name, text) in files {
        app.write(&format!("old/{name}"), text);
    }
    let ended = app.run(format!("import old {options}").trim_end());
    (app, ended)
}

fn migrations(app: &App) -> Vec<String> {
    app.list("src/migrations")
}

/// Checks that a chain is sealed as history, complete, and that a second look finds nothing to do.
fn is_history(app: &App, count: usize) {
    let lock = app.lock();
    assert_eq!(lock.matches("rules = 0\n").count(), count, "{lock}");
    app.run_in("", "check", &[("CI", "true")]).says(0, &[]);
    app.run("lock --check").says(0, &["is complete"]);
}

#[test]
fn sqlx() {
    let (app, ended) = imported(
        &[
            ("20240101000000_users.up.sql", "CREATE TABLE users (id INTEGER);\n"),
            ("20240101000000_users.down.sql", "DROP TABLE users;\n"),
            ("20240102000000_vacuum.up.sql", "-- no-transaction\nVACUUM;\n"),
        ],
        "--tool sqlx",
    );
    ended.is(
        0,
        "wrote src/migrations/20240101000000_users.sql\nwrote src/migrations/20240101000000_users.down.sql\n\
         wrote src/migrations/20240102000000_vacuum.sql\nsealed as history: 2 migrations in src/migrations/whimbrel.lock\n\
         next: `whimbrel_build::check(\"src/migrations\")` in build.rs, and `app baseline --from sqlx` for each database that has them\n",
        "",
    );
    assert_eq!(app.read("src/migrations/20240101000000_users.sql"), "CREATE TABLE users (id INTEGER);\n");
    assert_eq!(app.read("src/migrations/20240101000000_users.down.sql"), "DROP TABLE users;\n");
    assert_eq!(app.read("src/migrations/20240102000000_vacuum.sql"), "-- transaction: false\nVACUUM;\n");
    is_history(&app, 2);
}

#[test]
fn flyway_with_dotted_versions() {
    let (app, ended) = imported(
        &[
            ("V1__users.sql", "-- schema: of the first days\nCREATE TABLE users (id INTEGER);"),
            ("V1.1__books.sql", "CREATE TABLE books (id INTEGER);"),
            ("V1.10__loans.sql", "CREATE TABLE loans (id INTEGER);"),
            ("V1.2__more books.sql", "ALTER TABLE books ADD COLUMN title TEXT;"),
            ("U1.1__books.sql", "DROP TABLE books;"),
            ("R__views.sql", "CREATE VIEW v AS SELECT 1;"),
        ],
        "",
    );
    ended.says(0, &["left out: R__views.sql: it is repeatable", "sealed as history: 4 migrations"]);
    assert_eq!(
        migrations(&app),
        [
            "0001_users.sql",
            "0002_books.down.sql",
            "0002_books.sql",
            "0003_more_books.sql",
            "0004_loans.sql",
            "mod.rs",
            "whimbrel.lock"
        ]
    );
    assert_eq!(
        app.read("src/migrations/0001_users.sql"),
        "-- imported: schema: of the first days\nCREATE TABLE users (id INTEGER);",
        "a comment is no header"
    );
    is_history(&app, 4);
}

#[test]
fn goose_and_dbmate_lose_their_directives() {
    let (app, ended) = imported(
        &[(
            "1_a.sql",
            "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n\n-- +goose Down\nSELECT -1;\n",
        )],
        "--dialect sqlite",
    );
    ended.says(0, &["wrote src/migrations/0001_a.sql"]);
    assert_eq!(app.read("src/migrations/0001_a.sql"), "SELECT 1;\n\n");
    assert_eq!(app.read("src/migrations/0001_a.down.sql"), "SELECT -1;\n");
    is_history(&app, 1);
    let (app, ended) =
        imported(&[("20240101000000_a.sql", "-- migrate:up transaction:false\nVACUUM;\n-- migrate:down\n")], "");
    ended.says(0, &["app baseline --from schema_migrations"]);
    assert_eq!(app.read("src/migrations/20240101000000_a.sql"), "-- transaction: false\nVACUUM;\n");
    assert_eq!(migrations(&app).len(), 3);
    is_history(&app, 1);
}

#[test]
fn folders_of_diesel_and_prisma() {
    let (app, ended) = imported(
        &[
            ("2024-01-31-120000_users/up.sql", "CREATE TABLE users (id INTEGER);"),
            ("2024-01-31-120000_users/down.sql", "-- Nobody ran this.\nDROP TABLE 'users;"),
            ("2024-01-31-120001_vacuum/up.sql", "VACUUM"),
            ("2024-01-31-120001_vacuum/metadata.toml", "run_in_transaction = false"),
        ],
        "",
    );
    ended.says(0, &["warning[whimbrel::unclosed]", "sealed as history: 2 migrations"]);
    app.run("check").says(0, &["nothing is wrong"]);
    is_history(&app, 2);
    let (app, ended) = imported(&[("20240101000000_init/migration.sql", "SELECT 1"), ("migration_lock.toml", "")], "");
    ended.says(0, &["wrote src/migrations/20240101000000_init.sql", "app baseline --from prisma"]);
    is_history(&app, 1);
}

#[test]
fn refinery_golang_migrate_and_sea_orm() {
    let (app, ended) = imported(&[("V1__a.sql", "SELECT 1"), ("V2__b.sql", "SELECT 2")], "--tool refinery");
    ended.says(0, &["app baseline --from refinery"]);
    is_history(&app, 2);
    let (app, ended) = imported(&[("1_a.up.sql", "SELECT 1"), ("1_a.down.sql", "SELECT 1")], "--tool golang-migrate");
    ended.says(0, &["wrote src/migrations/0001_a.down.sql"]);
    is_history(&app, 1);
    let up = "async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> { manager.get_connection().execute_unprepared(\"SELECT \\\n   1\").await?; Ok(()) }";
    let (app, ended) = imported(&[("src/m20240101_000001_a.rs", up)], "");
    ended.says(0, &["wrote src/migrations/20240101000001_a.sql"]);
    assert_eq!(app.read("src/migrations/20240101000001_a.sql"), "SELECT 1");
    is_history(&app, 1);
}

#[test]
fn code_is_named_and_nothing_is_sealed() {
    let (app, ended) = imported(&[("V1__a.sql", "SELECT 1"), ("V2__b.rs", "fn migration() {}")], "");
    ended.says(
        1,
        &[
            "warning[whimbrel::foreign_code]: `0002_b` can't be followed: it is code (rs), not SQL",
            "1 migration can't be imported, and nothing is sealed",
            "cargo whimbrel lock --history 0002_b",
        ],
    );
    assert_eq!(migrations(&app), ["0001_a.sql", "mod.rs"]);
    app.write("src/migrations/0002_b.sql", "SELECT 2");
    app.run("lock --history 0002_b").says(0, &[]);
    is_history(&app, 2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let (app, ended) = imported(&[("V1__a.sql", "SELECT 1")], "--dry-run");
    ended.is(0, "would write src/migrations/0001_a.sql\n1 migration of flyway; nothing was written\n", "");
    assert_eq!(migrations(&app), ["mod.rs"]);
}

#[test]
fn a_folder_is_made_where_there_is_none() {
    let app = App::new(&[]);
    app.write("old/V1__a.sql", "SELECT 1");
    app.run("import old --to db/chain").says(2, &["what the folder's SQL is written for is not known"]);
    app.run("import old --to db/chain --dialect postgres").says(0, &["wrote db/chain/mod.rs"]);
    assert_eq!(app.read("db/chain/mod.rs"), "whimbrel::registry! { main: Postgres }\n");
    assert_eq!(app.list("db/chain"), ["0001_a.sql", "mod.rs", "whimbrel.lock"]);
}

#[test]
fn what_is_there_is_left_alone() {
    let app = App::new(&[("0001_mine.sql", "SELECT 1")]);
    app.write("old/V1__a.sql", "SELECT 1");
    app.run("import old").says(1, &["`src/migrations` has migrations already"]);
    assert_eq!(migrations(&app), ["0001_mine.sql", "mod.rs"]);
}

#[test]
fn an_import_is_what_the_tool_had() {
    // The same findings before and after: what `check --from` sees is what is written.
    let text = "BEGIN;\nCREATE TABLE a (t TEXT DEFAULT 'x;y');\nCOMMIT;\n-- The end.\n";
    let (app, ended) =
        imported(&[("1_a.sql", text), ("2_b.sql", "-- on: purpose\n\n-- transaction: none\nSELECT 1;")], "");
    ended.says(0, &[]);
    assert_eq!(app.read("src/migrations/0001_a.sql"), text);
    assert_eq!(
        app.read("src/migrations/0002_b.sql"),
        "-- imported: on: purpose\n\n-- imported: transaction: none\nSELECT 1;"
    );
    let twice = App::new(&[]);
    for name in ["0001_a.sql", "0002_b.sql"] {
        twice.write(&format!("old/{name}"), &app.read(&format!("src/migrations/{name}")));
    }
    twice.run("import old --tool numbered").says(0, &[]);
    assert_eq!(twice.lock(), app.lock());
}

#[test]
fn a_folder_for_mysql_is_imported() {
    let app = App::new(&[]);
    app.write("src/migrations/mod.rs", "whimbrel::registry! { main: Mysql }\n");
    app.write("old/V1__a.sql", "CREATE TABLE `a` (id int) ENGINE=InnoDB");
    app.run("import old").says(0, &["sealed as history: 1 migration"]);
    assert_eq!(migrations(&app), ["0001_a.sql", "mod.rs", "whimbrel.lock"]);
}
