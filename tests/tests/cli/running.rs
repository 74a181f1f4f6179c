//! The plain way, from an empty folder to all applied and back.

use crate::app::App;
use whimbrel_tests::Server;

const ALL_PENDING: &str = "  id  applied (UTC)  schema  description
· 0001_create_users  pending  1.0.0  The people who watch
· 0002_add_email  pending  Where to write to
· 0003_index_names  pending  1.1.0  The list is by name

0 of 3 applied, 3 pending
next: app apply
";

const ALL_APPLIED: &str = "applied 0001_create_users (# ms)
applied 0002_add_email (# ms)
applied 0003_index_names (# ms)
3 migrations applied in # ms
";

#[test]
fn status_plan_and_dry_runs_write_nothing() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    app.run("status").is(0, ALL_PENDING, "");
    app.run("plan").is(
        0,
        "  id  schema  work  way back  description
+ 0001_create_users  1.0.0  1 statement  drops table `users`  The people who watch
+ 0002_add_email  2 statements  drops column `users.email`  Where to write to
    adds column `users.email`
    locks `users` ACCESS EXCLUSIVE (blocks reads and writes)
    rewrites `users`
+ 0003_index_names  1.1.0  1 statement  loses nothing  The list is by name
    adds index `users_by_name` of `users`
    locks `users` SHARE (blocks writes)
    builds indexes of `users`

3 migrations to apply
next: app apply
",
        "",
    );
    let dry = app.run("apply --to 2 --dry-run");
    let effect = "-- 0002_add_email on main\n--  adds column `users.email`\n--  locks `users` ACCESS EXCLUSIVE (blocks reads and \
                  writes)\n--  rewrites `users`\n";
    assert!(dry.out.contains(effect), "{dry:?}");
    assert!(dry.code == 0 && dry.out.contains("\nCREATE TABLE users (id INTEGER, name TEXT);\n"), "{dry:?}");
    app.run("history").is(0, "nothing has happened yet\n", "");
    app.run("rollback").is(0, "nothing to roll back\n", "");
    let path = server.url().trim_start_matches("sqlite:").to_owned();
    assert!(!std::path::Path::new(&path).exists(), "nothing was to be created");
}

#[test]
fn what_breaks_comes_first_and_what_is_not_known_is_said() {
    let server = Server::sqlite();
    assert_eq!(App::new(&server, "").run("apply").code, 0);
    App::new(&server, "irreversible").run("plan").is(
        0,
        "  id  work  way back  description
+ 0004_forget_names  1 statement  none  0004_forget_names
    does what can't be followed: there may be more
    breaking: renames column `users.name` to `nick`
    adds column `users.age`
    rewrites `users`
    can't be rolled back: the names are gone

1 migration to apply
next: app apply
",
        "",
    );
    let plan = App::new(&server, "").run("plan --rollback --all");
    assert!(plan.code == 0 && !plan.out.contains("locks"), "{plan:?}");
    let code = App::new(&server, "panicking").run("plan");
    assert!(code.out.contains("\n    runs Rust code: what else it does isn't known\n"), "{code:?}");
}

#[test]
fn a_chain_is_applied_shown_and_rolled_back() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    app.run("init").is(0, "main: database and ledger created\nnext: app apply\n", "");
    app.run("init").is(0, "main: nothing to do, the ledger is there\nnext: app status\n", "");
    app.run("status --check").is(6, ALL_PENDING, "");
    app.run("apply").is(0, ALL_APPLIED, "");
    app.run("apply").is(0, "nothing to do: all 3 migrations are applied\n", "");
    app.run("status --check").is(
        0,
        "  id  applied (UTC)  took  schema  description
✓ 0001_create_users  TIME TIME  # ms  1.0.0  The people who watch
✓ 0002_add_email  TIME TIME  # ms  Where to write to
✓ 0003_index_names  TIME TIME  # ms  1.1.0  The list is by name

3 of 3 applied; schema 1.1.0
",
        "",
    );
    app.run("verify").is(0, "✓ 0003_index_names\nhistory and code agree; 1 VERIFY held\n", "");
    app.run("rollback").is(0, "rolled back 0003_index_names (# ms)\n1 migration rolled back in # ms\n", "");
    app.run("redo --yes").is(
        0,
        "rolled back 0002_add_email (# ms)\napplied 0002_add_email (# ms)\nredone in # ms\n",
        "",
    );
    app.run("history --limit 3").is(
        0,
        "3 more entries before these; --limit shows more
when (UTC)  what  migration  by
TIME TIME  rolled back  0003_index_names  ada
TIME TIME  rolled back  0002_add_email  ada
TIME TIME  applied  0002_add_email  ada
",
        "",
    );
}

#[test]
fn targets_are_ids_numbers_versions_and_counts() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let applied = |words| app.run(words).out.lines().filter(|line| line.starts_with("applied ")).count();
    let rolled_back = |words| app.run(words).out.lines().filter(|line| line.starts_with("rolled back ")).count();
    assert_eq!(applied("apply --to 0001_create_users"), 1);
    assert_eq!(applied("apply --to +1"), 1);
    assert_eq!(applied("apply --to 2"), 0);
    assert_eq!(applied("apply --to 1.1.0"), 1);
    assert_eq!(rolled_back("rollback --yes --to -2"), 2);
    assert_eq!(applied("apply --to m0003_index_names"), 2);
    assert_eq!(rolled_back("rollback --yes --to 1.0.0"), 1);
    assert_eq!(rolled_back("rollback --yes --to 0001"), 1);
    assert_eq!(applied("apply --only 0002"), 1);
    let all = app.run("plan --rollback --all");
    assert!(all.out.ends_with("\n2 migrations to roll back\nnext: app rollback --all\n"), "{}", all.out);
    assert_eq!(rolled_back("rollback --yes --all"), 2);
}

#[test]
fn a_redo_takes_an_edited_migration() {
    let server = Server::sqlite();
    assert_eq!(App::new(&server, "").run("apply --to 1").code, 0);
    let app = App::new(&server, "changed");
    app.run("redo --yes").is(
        0,
        "rolled back 0001_create_users (# ms)\napplied 0001_create_users (# ms)\nredone in # ms\n",
        "",
    );
    assert_eq!(app.run("status --check").code, 6);
}

#[test]
fn each_database_of_several_is_named() {
    let (main, cache) = (Server::sqlite(), Server::sqlite());
    let app = App::new(&main, "two");
    let words = |command| format!("{command} --url cache={}", cache.url());
    assert!(app.run(&words("apply")).out.contains("applied 0005_create_cache on cache (# ms)\n"));
    let status = app.run(&words("status"));
    assert!(status.out.starts_with("  id  database  applied (UTC)  took  schema  description\n"), "{}", status.out);
    assert!(status.out.contains("✓ 0005_create_cache  cache  TIME TIME"), "{}", status.out);
}

#[tokio::test]
async fn a_baseline_records_and_does_not_run() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let refused = app.run("baseline --to 2");
    assert_eq!((refused.code, refused.out.as_str()), (3, ""), "{refused:?}");
    assert!(refused.err.contains("`main` has no table `users`, which `0001_create_users` creates"), "{}", refused.err);
    server.run("CREATE TABLE users (id INTEGER, name TEXT, email TEXT)").await;
    app.run("baseline --to 2").is(
        0,
        "baselined 0001_create_users\nbaselined 0002_add_email\n2 migrations recorded as applied, none was run\nnext: app status\n",
        "",
    );
    assert!(app.run("status").out.contains("✓ 0002_add_email  TIME TIME  baseline  Where to write to\n"));
}

#[tokio::test]
async fn a_baseline_reads_a_table_of_ones_own() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    server.run("CREATE TABLE users (id INTEGER, name TEXT); CREATE TABLE version (version INTEGER); INSERT INTO version VALUES (1)").await;
    let adopted = app.run("baseline --from version");
    assert_eq!((adopted.code, adopted.out.lines().next()), (0, Some("baselined 0001_create_users")), "{adopted:?}");
    assert_eq!(app.run("baseline --from auto").code, 3);
}

/// Where nobody listens; of the one kind that this binary declares beside its own, a file in a folder that is not there.
const NOWHERE: &str = "sqlite:/no/folder/cache.db";

#[tokio::test]
async fn what_needs_a_database_that_is_down_can_wait() {
    let server = Server::sqlite();
    let app = App::new(&server, "two");
    let words = |command: &str| format!("{command} --url cache={NOWHERE}");
    let down = app.run(&words("apply"));
    assert_eq!((down.code, down.out.as_str()), (4, ""), "{down:?}");
    assert!(
        down.err
            .starts_with("error: 1 of 2 databases can't be reached; nothing was changed in any of them\n  - `cache`"),
        "{down:?}"
    );
    assert!(
        down.err.ends_with("help: `app doctor` shows how each is; `app apply --available` goes on without them\n"),
        "{down:?}"
    );
    assert!(server.column("SELECT name FROM sqlite_master").await.is_empty());

    let plan = app.run(&words("plan --available"));
    assert!(
        plan.out.contains("waiting: 0005_create_cache on cache, for `cache`\n1 migration left to wait\n"),
        "{plan:?}"
    );
    let applied = app.run(&words("apply --available"));
    assert_eq!(applied.code, 6, "{applied:?}");
    assert!(applied.out.contains("3 migrations applied in # ms\nleft out: `cache` ("), "{applied:?}");
    assert!(applied.out.ends_with("1 migration left to wait\nnext: app doctor\n"), "{applied:?}");
    let again = app.run(&words("apply --available --json"));
    let document = again.json();
    assert_eq!((again.code, document["done"].as_array().map(Vec::len)), (6, Some(0)), "{again:?}");
    assert_eq!(document["waiting"][0]["id"], "0005_create_cache");
    assert_eq!(document["waiting"][0]["waits_for"], "cache");
    assert_eq!(document["unavailable"][0]["database"], "cache");

    let cache = Server::sqlite();
    let back = app.run(&format!("apply --available --url cache={}", cache.url()));
    assert_eq!(back.code, 0, "{back:?}");
    assert!(back.out.starts_with("applied 0005_create_cache on cache (# ms)\n1 migration applied"), "{back:?}");
}

#[tokio::test]
async fn what_fails_in_one_of_several_says_where_each_is() {
    let (main, cache) = (Server::sqlite(), Server::sqlite());
    let app = App::new(&main, "two");
    cache.run("CREATE TABLE cache (id INTEGER)").await;
    let failed = app.run(&format!("apply --json --url cache={}", cache.url()));
    assert_eq!(failed.code, 1, "{failed:?}");
    let words = "done before it and recorded: `0001_create_users`, `0002_add_email`, `0003_index_names` on `main`\n\
                 left: `0005_create_cache` on `cache`\nthe next run goes on from there\n";
    assert!(failed.err.contains(words), "{failed:?}");
    let document = failed.json();
    assert_eq!(document["left"][0]["id"], "0005_create_cache");
    assert_eq!(document["left"][0]["database"], "cache");
    assert_eq!(document["done"].as_array().map(Vec::len), Some(3));
}
