//! The libraries that are compared: each as an application of its own outside the workspace, with the sources and the
//! versions that its speed is measured with (`tests/bench/apps`).

use super::chain::{POSTGRES, SQLITE, Step};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// Says on what a chain is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum On {
    Postgres,
    Sqlite,
}

/// One library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Contender {
    Whimbrel,
    Sqlx,
    Diesel,
    Refinery,
    RusqliteMigration,
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Puts the faults at file operations around what the application does, and says how it ended as ours does.
const AROUND: &str = r#"
#[path = "@OPERATION@"]
mod operation;

fn main() -> ExitCode {
    operation::arm();
    let end = plain();
    operation::report();
    if end == ExitCode::SUCCESS {
        println!("applied 0");
    }
    end
}
"#;

/// An application that is built.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// The versions of the crates that it stands on.
    pub(crate) versions: String,
}

impl Program {
    /// Makes the command that applies the chain at a URL, which is a path for SQLite.
    pub(crate) fn command(&self, url: &str) -> Command {
        let mut command = Command::new(&self.path);
        command.env("BENCH_URL", url).env_remove("FAULT").env_remove("FAULT_FILES");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

impl Contender {
    /// Lists those that know a kind of database.
    pub(crate) fn all(on: On) -> &'static [Contender] {
        use Contender::*;
        match on {
            On::Postgres => &[Whimbrel, Sqlx, Diesel, Refinery],
            On::Sqlite => &[Whimbrel, Sqlx, Diesel, Refinery, RusqliteMigration],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Contender::Whimbrel => "whimbrel",
            Contender::Sqlx => "sqlx",
            Contender::Diesel => "diesel",
            Contender::Refinery => "refinery",
            Contender::RusqliteMigration => "rusqlite_migration",
        }
    }

    fn stands_on(self) -> &'static [&'static str] {
        match self {
            Contender::Whimbrel => &["whimbrel"],
            Contender::Sqlx => &["sqlx"],
            Contender::Diesel => &["diesel_migrations", "diesel"],
            Contender::Refinery => &["refinery"],
            Contender::RusqliteMigration => &["rusqlite_migration"],
        }
    }

    /// Gives a migration's text: what runs without a transaction is done inside one where the library knows nothing else.
    pub(crate) fn sql(self, step: &Step) -> String {
        if self == Contender::Refinery { step.sql.replace(" CONCURRENTLY", "") } else { step.sql.to_owned() }
    }

    /// Writes the application and builds it.
    pub(crate) fn build(self, on: On) -> Program {
        let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
        let feature = if on == On::Postgres { "postgres" } else { "sqlite" };
        let (folder, name) = (work.join(feature).join(self.name()), format!("peer-{feature}-{}", self.name()));
        let _ = fs::remove_dir_all(&folder);
        self.write(&folder, &name, on);
        // They share what they stand on.
        let target = work.join("built");
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.args(["build", "--features", feature, "--target-dir"]).arg(&target).current_dir(&folder);
        cargo.env_remove("RUSTFLAGS").env_remove("CARGO_TARGET_DIR").env("WHIMBREL_LOCK", "open");
        let built = cargo.output().unwrap();
        assert!(built.status.success(), "{self}: {}", String::from_utf8_lossy(&built.stderr));
        let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
        let versions: Vec<String> = self.stands_on().iter().filter_map(|name| version(&lock, name)).collect();
        Program { path: target.join("debug").join(name), versions: versions.join(", ") }
    }

    fn write(self, folder: &Path, name: &str, on: On) {
        let faults = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = fs::canonicalize(faults.join("../..")).unwrap();
        let app =
            |file: &str| fs::read_to_string(repository.join("tests/bench/apps").join(self.name()).join(file)).unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let head = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n");
        let manifest = app("manifest.toml").replace("@REPOSITORY@", &repository.display().to_string());
        let manifest = manifest.replacen("\n[dependencies]\n", "\n[dependencies]\nlibc = \"0.2\"\n", 1);
        write("Cargo.toml", &format!("{head}\n[workspace]\n\n{manifest}"));
        // So that a crate which several of them use has one version for all.
        fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let main = app("main.rs").replace("fn main() -> ExitCode", "fn plain() -> ExitCode");
        let operation = faults.join("src/bin/victim/operation.rs").display().to_string();
        write("src/main.rs", &(main + &AROUND.replace("@OPERATION@", &operation)));
        let (chain, kind) = match on {
            On::Postgres => (&POSTGRES[..], "Postgres"),
            On::Sqlite => (&SQLITE[..], "Sqlite"),
        };
        for (at, step) in chain.iter().enumerate() {
            self.lay(at + 1, step, &write);
        }
        if self == Contender::Whimbrel {
            write("src/migrations/mod.rs", &format!("whimbrel::registry! {{ main: {kind} }}\n"));
            write("build.rs", "fn main() {\n    whimbrel_build::check(\"src/migrations\");\n}\n");
        }
    }

    /// Writes a migration as the library wants it.
    fn lay(self, number: usize, step: &Step, write: &dyn Fn(&str, &str)) {
        let Step { name, alone, .. } = *step;
        let sql = &self.sql(step);
        let stamp = 20_240_101_000_000 + number;
        match self {
            Contender::Whimbrel => {
                let head = if alone { "-- transaction: false\n" } else { "" };
                write(&format!("src/migrations/{number:04}_{name}.sql"), &format!("{head}{sql}"));
            }
            Contender::Sqlx => {
                let head = if alone { "-- no-transaction\n" } else { "" };
                write(&format!("migrations/{stamp}_{name}.sql"), &format!("{head}{sql}"));
            }
            Contender::Diesel => {
                write(&format!("migrations/{stamp}_{name}/up.sql"), sql);
                if alone {
                    write(&format!("migrations/{stamp}_{name}/metadata.toml"), "run_in_transaction = false\n");
                }
            }
            Contender::Refinery => {
                write(&format!("migrations/V{number}__{name}.sql"), sql);
            }
            Contender::RusqliteMigration => write(&format!("migrations/{number}-{name}/up.sql"), sql),
        }
    }
}

fn version(lock: &str, name: &str) -> Option<String> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{name}\"\n")))?;
    Some(format!("{name} {}", entry.split("version = \"").nth(1)?.split('"').next()?))
}
