//! A real rust-analyzer shows what the compiler shows.

mod fixture;

use std::path::Path;
use std::process::Command;

/// Gives what `rust-analyzer diagnostics` says of a package.
fn diagnostics(package: &Path) -> String {
    let output = Command::new("rust-analyzer")
        .arg("diagnostics")
        .arg(package)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor/target"))
        .output()
        .expect("rust-analyzer runs: `rustup component add rust-analyzer`");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("processing") || text.contains("diagnostic scan complete"),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

#[test]
fn an_editor_shows_the_same_errors() {
    let seen = diagnostics(&fixture::package("ui/build/all/many_mistakes_at_once.fixture"));
    let expected = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/build/all/many_mistakes_at_once.stderr"),
    )
    .unwrap();
    for line in expected.lines().filter(|line| line.starts_with("error[whimbrel::")) {
        assert!(seen.contains(line), "`{line}` is not in:\n{seen}");
    }
    for message in ["unknown argument `shcema`", "`DWON` means nothing to whimbrel"] {
        assert!(seen.contains(message), "`{message}` is not in:\n{seen}");
    }
}

#[test]
fn an_editor_has_nothing_to_say_about_a_sound_chain() {
    let seen = diagnostics(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/quickstart"));
    let errors: Vec<&str> =
        seen.lines().filter(|line| line.contains("quickstart") && line.contains(": Error ")).collect();
    assert_eq!(errors, Vec::<&str>::new());
}
