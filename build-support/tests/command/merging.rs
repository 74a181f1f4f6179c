//! Two branches that add a migration conflict in git, and the way out that the message tells leads out.

use crate::app::App;

#[test]
fn two_branches_that_add_a_migration_conflict() {
    let app = App::new(&[("0001_users.sql", "CREATE TABLE users (id INTEGER)")]);
    let git = |words: &[&str]| {
        let output = app.git(words);
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let add = |id: &str| {
        app.write(&format!("src/migrations/{id}.sql"), &format!("CREATE TABLE t_{id} (id INTEGER)"));
        app.run("lock").says(0, &[&format!("sealed {id}")]);
        git(&["add", "."]);
        git(&["commit", "-m", id]);
    };
    app.run("lock").says(0, &[]);
    git(&["init"]);
    git(&["add", "."]);
    git(&["commit", "-m", "first"]);
    git(&["checkout", "-b", "mine"]);
    add("0003_mine");
    git(&["checkout", "-b", "theirs", "main"]);
    add("0004_theirs");
    git(&["checkout", "mine"]);
    assert!(!app.git(&["merge", "theirs"]).status.success(), "a merge that nobody looked at");
    assert!(app.lock().contains("<<<<<<< HEAD"), "{}", app.lock());

    app.run("check").says(1, &["error[whimbrel::lock_conflict]: two branches have sealed migrations"]);
    app.run("lock").says(1, &["error[whimbrel::lock_conflict]"]);

    // The way that the help describes.
    git(&["checkout", "--theirs", "src/migrations/whimbrel.lock"]);
    app.run("check").says(1, &["error[whimbrel::below_sealed]: `0003_mine` is new, and numbered below `0004_theirs`"]);
    git(&["mv", "src/migrations/0003_mine.sql", "src/migrations/0005_mine.sql"]);
    app.run("lock").says(0, &["sealed 0005_mine"]);
    git(&["add", "."]);
    git(&["commit", "--no-edit"]);
    app.run_in("", "check", &[("CI", "true")]).says(0, &[]);
}
