//! A real rust-analyzer shows what the compiler shows, and nothing where all is well.

#[path = "../fixture/mod.rs"]
mod fixture;
mod server;

use std::path::Path;
use std::process::Command;

#[test]
fn an_editor_shows_the_same_errors() {
    let workspace =
        fixture::workspace("editor", &["ui/build/all/many_mistakes_at_once.fixture", "ui/sound/sound.fixture"]);
    let output = Command::new("rust-analyzer")
        .arg("diagnostics")
        .arg(&workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env_remove("CI")
        .output()
        .expect("rust-analyzer runs: `rustup component add rust-analyzer`");
    // Its progress is written over itself with backspaces.
    let seen = String::from_utf8_lossy(&output.stdout).replace(['\u{8}', '\r'], "\n");

    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/build/all/many_mistakes_at_once.stderr");
    let expected = std::fs::read_to_string(expected).unwrap();
    let errors: Vec<&str> = expected.lines().filter(|line| line.starts_with("error[whimbrel::")).collect();
    assert!(errors.len() > 3, "{expected}");
    for error in errors.into_iter().chain(["unknown argument `shcema`", "`DWON` means nothing to whimbrel"]) {
        assert!(seen.contains(error), "`{error}` is not in:\n{seen}\n{}", String::from_utf8_lossy(&output.stderr));
    }

    assert!(seen.contains("sound/src/migrations/release_1_0.rs"), "the sound chain was not looked at:\n{seen}");
    let errors: Vec<&str> =
        seen.lines().filter(|line| line.contains("crate sound,") && line.contains(": Error ")).collect();
    assert_eq!(errors, Vec::<&str>::new());
}

#[test]
fn an_editor_goes_to_definitions() {
    let workspace = fixture::workspace("definitions", &["ui/sound/sound.fixture"]);
    let migrations = workspace.join("sound/src/migrations");
    let mut server = server::Server::start(&workspace);
    let mut definition = |file: &str, word, nth| server.definition(&migrations.join(file), word, nth);

    // From the table of contents to a file, and from the application to the registry.
    assert_eq!(definition("mod.rs", "release_1_0", 0).0, "release_1_0.rs");
    assert!(definition("../lib.rs", "MIGRATIONS", 0).1.starts_with("pub static MIGRATIONS: "));
    // Inside an annotated module: a type of the runtime, the author's own items and variables.
    assert_eq!(definition("release_1_0.rs", "PostgresStep", 0).1, "pub type PostgresStep = sqlx::PgConnection;");
    assert_eq!(
        definition("release_1_0.rs", "db)", 0).1,
        "pub async fn up(db: &mut PostgresStep) -> whimbrel::Result<()> {"
    );
    assert_eq!(definition("release_1_0.rs", "super", 0).0, "release_1_0.rs");
}
