//! The quickstart, as the README starts it.

use std::path::Path;
use std::process::Command;

fn start(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command
        .current_dir(folder)
        .args(words)
        .env_remove("DATABASE_URL")
        .env_remove("MAIN_URL")
        .env_remove("CARGO_PKG_NAME");
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn one_command_applies_everything_and_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (code, plan, err) = start(folder, &["plan"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{plan}");
    for said in [
        "\n    adds table `observers`\n",
        "\n    adds column `sightings.site_id`\n",
        "\n    runs Rust code: what else it does isn't known\n",
        "\n    adds view `yearly_totals`\n",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    assert!(!folder.join("field-notes.db").exists(), "a plan writes nothing");
    let (code, out, err) = start(folder, &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("applied 00")).count(), 10, "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("✓ 00")).count(), 10, "{out}");
    assert!(out.ends_with("\n10 of 10 applied; schema 1.2.0\n"), "{out}");
    assert!(folder.join("field-notes.db").exists());

    let (code, out, _) = start(folder, &["verify"]);
    assert_eq!(code, Some(0), "{out}");
    let (code, out, _) = start(folder, &["rollback", "--all", "--yes"]);
    assert!(code == Some(0) && out.contains("10 migrations rolled back in "), "{out}");
    let (code, out, _) = start(folder, &["status", "--check"]);
    assert!(code == Some(6) && out.contains("\n0 of 10 applied, 10 pending\n"), "{out}");
    assert_eq!(start(folder, &["apply"]).0, Some(0));
}
