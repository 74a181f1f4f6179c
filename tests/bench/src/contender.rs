//! Who is compared: each contender's sources and how its migrations lie in the package.

use crate::database::Database;
use crate::workload::{self, Migration};
use std::fmt::Write;

/// One library, or way to use it.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) manifest: &'static str,
    pub(crate) main: &'static str,
    /// Crates whose versions are told.
    pub(crate) stands_on: &'static [&'static str],
    /// Whether it is only run; what it costs to compile is not asked.
    pub(crate) runs_only: bool,
    /// Whether it knows no other database.
    pub(crate) sqlite_only: bool,
    /// Where it keeps out of its own way when many processes start at once.
    pub(crate) crowd: &'static [Database],
    layout: Layout,
}

const NOWHERE: &[Database] = &[];
const EVERYWHERE: &[Database] = &[Database::Sqlite, Database::Postgres];

enum Layout {
    /// `migrations/20240101000001_create.sql`, and a list of them in Rust for the floor.
    Timestamps { list: bool },
    /// `migrations/V1__create.sql`
    Flyway,
    /// `migrations/20240101000001_create/up.sql`
    Folders,
    /// `migrations/1-create/up.sql`
    CountedFolders,
    /// `src/migrations/0001_create.sql`
    Files,
    /// `src/migrations/release_001.rs`, ten annotated modules in each.
    Modules,
}

/// How many annotated modules share a file.
const MODULES_A_FILE: usize = 10;

/// What all others are held against.
pub(crate) const REFERENCE: &str = "whimbrel";

/// All contenders.
pub(crate) static CONTENDERS: [Contender; 7] = [
    Contender {
        name: REFERENCE,
        about: "numbered `.sql` files",
        manifest: include_str!("../apps/whimbrel/manifest.toml"),
        main: include_str!("../apps/whimbrel/main.rs"),
        stands_on: &["whimbrel", "sqlx"],
        runs_only: false,
        sqlite_only: false,
        crowd: EVERYWHERE,
        layout: Layout::Files,
    },
    Contender {
        name: "whimbrel-modules",
        about: "annotated Rust modules, ten a file",
        manifest: include_str!("../apps/whimbrel/manifest.toml"),
        main: include_str!("../apps/whimbrel/main.rs"),
        stands_on: &["whimbrel", "sqlx"],
        runs_only: false,
        sqlite_only: false,
        crowd: EVERYWHERE,
        layout: Layout::Modules,
    },
    Contender {
        name: "sqlx",
        about: "`sqlx::migrate!`",
        manifest: include_str!("../apps/sqlx/manifest.toml"),
        main: include_str!("../apps/sqlx/main.rs"),
        stands_on: &["sqlx"],
        runs_only: false,
        sqlite_only: false,
        crowd: &[Database::Postgres],
        layout: Layout::Timestamps { list: false },
    },
    Contender {
        name: "refinery",
        about: "`refinery::embed_migrations!`",
        manifest: include_str!("../apps/refinery/manifest.toml"),
        main: include_str!("../apps/refinery/main.rs"),
        stands_on: &["refinery", "rusqlite", "tokio-postgres"],
        runs_only: false,
        sqlite_only: false,
        crowd: NOWHERE,
        layout: Layout::Flyway,
    },
    Contender {
        name: "diesel",
        about: "`diesel_migrations::embed_migrations!`",
        manifest: include_str!("../apps/diesel/manifest.toml"),
        main: include_str!("../apps/diesel/main.rs"),
        stands_on: &["diesel", "diesel_migrations"],
        runs_only: true,
        sqlite_only: false,
        crowd: NOWHERE,
        layout: Layout::Folders,
    },
    Contender {
        name: "rusqlite_migration",
        about: "`Migrations::from_directory` of an embedded folder",
        manifest: include_str!("../apps/rusqlite_migration/manifest.toml"),
        main: include_str!("../apps/rusqlite_migration/main.rs"),
        stands_on: &["rusqlite_migration", "rusqlite"],
        runs_only: true,
        sqlite_only: true,
        crowd: NOWHERE,
        layout: Layout::CountedFolders,
    },
    Contender {
        name: "floor",
        about: "no library: `include_str!` and the least work that is still correct",
        manifest: include_str!("../apps/floor/manifest.toml"),
        main: include_str!("../apps/floor/main.rs"),
        stands_on: &["rusqlite", "tokio-postgres"],
        runs_only: false,
        sqlite_only: false,
        crowd: EVERYWHERE,
        layout: Layout::Timestamps { list: true },
    },
];

/// A file of a generated package.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The rules judge, and let the workload's index builds pass: nobody waits for them.
const BUILD_SCRIPT: &str = "fn main() {\n    whimbrel_build::Check::new(\"src/migrations\")\n        \
                            .level(\"blocking-index-build\", whimbrel_build::Level::Allow)\n        .run();\n}\n";

impl Contender {
    /// Writes the package's sources with `count` migrations, apart from its manifest.
    pub(crate) fn files(&self, count: usize, database: &str) -> Vec<File> {
        let all = || (1..=count).map(|number| (number, workload::migration(number)));
        let mut files = vec![file("src/main.rs", self.main)];
        match self.layout {
            Layout::Timestamps { list } => {
                if list {
                    files.push(file("src/list.rs", table_of_contents(all())));
                }
            }
            Layout::Flyway | Layout::Folders | Layout::CountedFolders => {}
            Layout::Files | Layout::Modules => {
                files.push(file("build.rs", BUILD_SCRIPT));
                files.push(file("src/migrations/mod.rs", self.registry(count, database)));
            }
        }
        if let Layout::Modules = self.layout {
            let releases = 1..=count.div_ceil(MODULES_A_FILE);
            files.extend(releases.map(|release| release_file(release, count, &workload::migration)));
        } else {
            files.extend(all().map(|(number, migration)| self.sql_file(number, migration)));
        }
        files
    }

    /// Writes the one file that an edit of a migration changes.
    pub(crate) fn edited_file(&self, count: usize, default: usize) -> File {
        let edited = workload::edited(count);
        let Layout::Modules = self.layout else {
            return self.sql_file(edited, workload::edit(edited, default));
        };
        let release = edited.div_ceil(MODULES_A_FILE);
        release_file(release, count, &|number| {
            if number == edited { workload::edit(number, default) } else { workload::migration(number) }
        })
    }

    fn registry(&self, count: usize, database: &str) -> String {
        let mut text = String::new();
        if let Layout::Modules = self.layout {
            for release in 1..=count.div_ceil(MODULES_A_FILE) {
                let _ = writeln!(text, "pub mod release_{release:03};");
            }
        }
        let kind = if database == "postgres" { "Postgres" } else { "Sqlite" };
        let _ = writeln!(text, "whimbrel::registry! {{ main: {kind} }}");
        text
    }

    fn sql_file(&self, number: usize, Migration { name, sql }: Migration) -> File {
        match self.layout {
            Layout::Flyway => file(format!("migrations/V{number}__{name}.sql"), sql),
            Layout::Files | Layout::Modules => file(format!("src/migrations/{number:04}_{name}.sql"), sql),
            Layout::Timestamps { .. } => file(format!("migrations/{}_{name}.sql", timestamp(number)), sql),
            Layout::Folders => file(format!("migrations/{}_{name}/up.sql", timestamp(number)), sql),
            Layout::CountedFolders => file(format!("migrations/{number}-{name}/up.sql"), sql),
        }
    }
}

fn file(path: impl Into<String>, text: impl Into<String>) -> File {
    File { path: path.into(), text: text.into() }
}

fn timestamp(number: usize) -> usize {
    20_240_101_000_000 + number
}

fn table_of_contents(migrations: impl Iterator<Item = (usize, Migration)>) -> String {
    let mut text = "pub static LIST: &[(i64, &str, &str)] = &[\n".to_owned();
    for (number, Migration { name, .. }) in migrations {
        let number = timestamp(number);
        let _ = writeln!(text, "    ({number}, {name:?}, include_str!(\"../migrations/{number}_{name}.sql\")),");
    }
    text + "];\n"
}

fn release_file(release: usize, count: usize, migration: &dyn Fn(usize) -> Migration) -> File {
    let mut text = "use whimbrel::prelude::*;\n".to_owned();
    let first = (release - 1) * MODULES_A_FILE + 1;
    for number in first..=count.min(first + MODULES_A_FILE - 1) {
        let Migration { name, sql } = migration(number);
        let _ =
            write!(text, "\n#[migration]\npub mod m{number:04}_{name} {{\n    pub const UP: &str = \"\n{sql}\";\n}}\n");
    }
    file(format!("src/migrations/release_{release:03}.rs"), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contender_gets_every_migration() {
        for contender in &CONTENDERS {
            let text: String = contender.files(12, "sqlite").into_iter().map(|file| file.text).collect();
            for number in 1..=12 {
                assert_eq!(text.matches(&workload::migration(number).sql).count(), 1, "{} {number}", contender.name);
            }
        }
    }

    #[test]
    fn an_edit_changes_one_file_that_is_there() {
        for contender in &CONTENDERS {
            let edited = contender.edited_file(12, 9);
            let same = contender.files(12, "sqlite").into_iter().filter(|file| file.path == edited.path);
            let texts: Vec<String> = same.map(|file| file.text).collect();
            assert_eq!(texts.len(), 1, "{}", contender.name);
            assert_ne!(texts, [edited.text], "{}", contender.name);
        }
    }
}
