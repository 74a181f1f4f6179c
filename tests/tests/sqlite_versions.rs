//! An application may hold back or bring its own libsqlite3-sys: the oldest and the newest that sqlx allows both work.
//!
//! One `links = "sqlite3"` may be in a whole dependency graph, so whimbrel must not narrow sqlx's range.

use std::fs;
use std::path::Path;
use std::process::Command;

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sqlite_versions/target");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("WHIMBREL_LOCK", "open")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?}: {err}");
    out
}

/// Builds and runs an application with one version of libsqlite3-sys; gives what it prints.
fn application(version: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sqlite_versions").join(version);
    fs::create_dir_all(folder.join("src/migrations")).unwrap();
    let manifest = format!(
        "[package]\nname = \"application\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\n[dependencies]\nwhimbrel = {{ path = {:?} }}\nlibsqlite3-sys = \"={version}\"\ntokio = {{ version = \"1\", features = [\"rt\", \"macros\"] }}\n\n[build-dependencies]\nwhimbrel-build = {{ path = {:?} }}\n",
        root.join("runtime"),
        root.join("build-support"),
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("build.rs"), "fn main() {\n    whimbrel_build::check(\"src/migrations\");\n}\n").unwrap();
    fs::write(folder.join("src/migrations/mod.rs"), "whimbrel::registry! {}\n").unwrap();
    fs::write(
        folder.join("src/migrations/0001_birds.sql"),
        "CREATE TABLE birds (name TEXT);\nINSERT INTO birds VALUES ('whimbrel');\n",
    )
    .unwrap();
    fs::write(
        folder.join("src/main.rs"),
        "mod migrations;\nuse whimbrel::sqlx::{self, Connection};\n\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() -> whimbrel::Result<()> {\n    \
         let db = sqlx::SqliteConnection::connect(\"sqlite::memory:\").await?;\n    \
         let mut databases = whimbrel::Databases::empty().with_sqlite(\"main\", db);\n    \
         whimbrel::apply(&migrations::MIGRATIONS, &mut databases).await?;\n    \
         let db = databases.sqlite(\"main\").unwrap();\n    \
         let row: (String, String) = sqlx::query_as(\"SELECT name, sqlite_version() FROM birds\").fetch_one(db).await?;\n    \
         println!(\"{} {}\", row.0, row.1);\n    Ok(())\n}\n",
    )
    .unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    cargo(&folder, &["update", "--quiet", "--package", "libsqlite3-sys", "--precise", version]);
    cargo(&folder, &["run", "--quiet"])
}

#[test]
fn the_oldest_and_the_newest_that_sqlx_allows() {
    // sqlx-sqlite 0.9: `libsqlite3-sys = ">=0.30.1, <0.38.0"`.
    let (oldest, newest) = (application("0.30.1"), application("0.37.0"));
    assert!(oldest.starts_with("whimbrel 3."), "{oldest}");
    assert!(newest.starts_with("whimbrel 3."), "{newest}");
    assert_ne!(oldest, newest);
}
