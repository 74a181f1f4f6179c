//! Squashes: one migration in the place of several, whether a database has those or not.

use crate::{Chain, Migrator, Server, Target, applied, apply, apply_to, contract, open, roll_back};
use whimbrel::{Finding, Readiness, Registry, State};

contract!(
    a_new_database_runs_the_squash_alone,
    a_database_that_has_the_parts_only_records_it,
    half_of_the_parts_stop_it,
    the_version_before_goes_on_beside_it,
    a_part_that_is_rolled_back_is_missed,
    a_squash_replaces_a_squash,
    a_squash_is_rolled_back_whole,
    a_part_that_was_changed_is_told,
    a_squash_that_was_only_recorded_as_there_is_known_to_the_version_before,
    a_pending_squash_is_not_late,
);

/// The chain before: three migrations.
fn long(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER PRIMARY KEY)", "INSERT INTO users VALUES (1)"])
        .down(&["DROP TABLE users"])
        .add("0002_age", &["ALTER TABLE users ADD COLUMN age INTEGER"])
        .down(&["ALTER TABLE users DROP COLUMN age"])
        .add("0003_loans", &["CREATE TABLE loans (id INTEGER PRIMARY KEY)"])
        .down(&["DROP TABLE loans"])
}

/// The chain after: one in the place of so many, and the others.
fn squashed(server: &Server, before: &'static Registry) -> Chain {
    Chain::new(server.kind())
        .add(
            "0002_start",
            &["CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER)", "INSERT INTO users (id) VALUES (1)"],
        )
        .down(&["DROP TABLE users"])
        .verify("SELECT count(*) = 1 FROM users")
        .replaces(before, 2)
        .add("0003_loans", &["CREATE TABLE loans (id INTEGER PRIMARY KEY)"])
        .down(&["DROP TABLE loans"])
}

async fn kinds(server: &Server, registry: &'static Registry) -> Vec<(String, String)> {
    let history = Migrator::new(registry).history(&mut open(server, registry).await).await.unwrap();
    history.records().iter().map(|record| (record.id.clone(), record.kind.clone())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, kind)| ((*id).to_owned(), (*kind).to_owned())).collect()
}

async fn a_new_database_runs_the_squash_alone(server: &Server) {
    let registry = squashed(server, long(server).registry()).registry();
    let report = apply(server, registry).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0002_start", "0003_loans"]);
    assert_eq!(server.tables().await, ["loans", "users"]);
    let wanted = [("0001_users", "covered"), ("0002_age", "covered"), ("0002_start", "squash"), ("0003_loans", "sql")];
    assert_eq!(kinds(server, registry).await, pairs(&wanted));
    assert!(apply(server, registry).await.unwrap().is_empty());
    // The version before finds what it needs.
    assert!(apply(server, long(server).registry()).await.unwrap().is_empty());
}

async fn a_database_that_has_the_parts_only_records_it(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    let registry = squashed(server, before).registry();
    let migrator = Migrator::new(registry);
    let plan =
        migrator.plan(&mut open(server, registry).await, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    assert!(matches!(plan.steps(), [step] if step.recorded && !step.out_of_order && step.work().is_none()), "{plan:?}");
    let texts = migrator.statements(&mut open(server, registry).await, &plan).await.unwrap();
    assert!(
        !texts.iter().flat_map(|step| &step.statements).any(|text| text.contains("CREATE TABLE users")),
        "{texts:?}"
    );
    assert_eq!(apply(server, registry).await.unwrap().done.len(), 1);
    let wanted = [("0001_users", "sql"), ("0002_age", "sql"), ("0002_start", "squash"), ("0003_loans", "sql")];
    assert_eq!(kinds(server, registry).await, pairs(&wanted));
    let status = migrator.status(&mut open(server, registry).await).await.unwrap();
    assert!(status.is_current(), "{status:?}");
    assert_eq!(status.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["0002_start", "0003_loans"]);
    assert!(apply(server, registry).await.unwrap().is_empty());
}

async fn half_of_the_parts_stop_it(server: &Server) {
    let before = long(server).registry();
    apply_to(server, before, Target::Count(1)).await.unwrap();
    let error = apply(server, squashed(server, before).registry()).await.unwrap_err();
    assert!(
        matches!(error.findings(), [Finding::HalfReplaced { missing, is_recorded: false, .. }] if missing == &["0002_age"]),
        "{error:?}"
    );
    assert_eq!(
        error.findings()[0].to_string(),
        "`0002_start` replaces `0002_age`, which is not applied to `main`, while others of its migrations are; apply it \
         with the program from before the squash, then run this one"
    );
    assert_eq!(applied(server).await, ["0001_users"]);
}

async fn the_version_before_goes_on_beside_it(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    apply(server, squashed(server, before).registry()).await.unwrap();
    let migrator = Migrator::new(before);
    assert!(migrator.check(&mut open(server, before).await).await.unwrap().is_ready());
    let status = migrator.status(&mut open(server, before).await).await.unwrap();
    assert!(status.is_current(), "{status:?}");
    assert!(matches!(status.rows[2].state, State::Unknown(_)) && status.rows[2].id == "0002_start", "{status:?}");
    // Its next migration is applied too, and the version after knows it.
    let next = long(server).add("0004_x", &["CREATE TABLE x (id INTEGER)"]).registry();
    apply(server, next).await.unwrap();
    let after = squashed(server, before).add("0004_x", &["CREATE TABLE x (id INTEGER)"]).registry();
    let check = Migrator::new(after).check(&mut open(server, after).await).await.unwrap();
    assert!(matches!(check, Readiness::Ready), "{check:?}");
}

async fn a_part_that_is_rolled_back_is_missed(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    let after = squashed(server, before).registry();
    apply(server, after).await.unwrap();
    roll_back(server, before, Target::Id("0001_users".into())).await.unwrap();
    let error = apply(server, after).await.unwrap_err();
    assert!(matches!(error.findings(), [Finding::HalfReplaced { is_recorded: true, .. }]), "{error:?}");
    apply(server, before).await.unwrap();
    assert!(apply(server, after).await.unwrap().is_empty());
}

async fn a_squash_replaces_a_squash(server: &Server) {
    let first = long(server).registry();
    let second = squashed(server, first).registry();
    let third = Chain::new(server.kind())
        .add(
            "0003_all",
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER)",
                "INSERT INTO users (id) VALUES (1)",
                "CREATE TABLE loans (id INTEGER PRIMARY KEY)",
            ],
        )
        .replaces(second, 2)
        .registry();
    // From the very first version: what was replaced in between has never had a row.
    apply(server, first).await.unwrap();
    apply(server, third).await.unwrap();
    let wanted = [
        ("0001_users", "sql"),
        ("0002_age", "sql"),
        ("0002_start", "squash"),
        ("0003_all", "squash"),
        ("0003_loans", "sql"),
    ];
    assert_eq!(kinds(server, third).await, pairs(&wanted));
    for registry in [first, second, third] {
        assert!(apply(server, registry).await.unwrap().is_empty());
    }
}

async fn a_squash_is_rolled_back_whole(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    let after = squashed(server, before).registry();
    apply(server, after).await.unwrap();
    roll_back(server, after, Target::Count(2)).await.unwrap();
    assert!(server.tables().await.is_empty());
    assert!(applied(server).await.is_empty());
    // Nothing is missed: the events say that all of it was rolled back.
    assert_eq!(apply(server, after).await.unwrap().done.len(), 2);
}

async fn a_part_that_was_changed_is_told(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    let edited = long(server).registry();
    let after = squashed(server, edited).edit(|_| {});
    let other = Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER)"])
        .add("0002_age", &["ALTER TABLE users ADD COLUMN age INTEGER"])
        .registry();
    let changed = squashed(server, other).registry();
    let error = apply(server, changed).await.unwrap_err();
    assert!(error.is_checksum_mismatch() && error.to_string().contains("0001_users"), "{error:?}");
    assert_eq!(apply(server, after.registry()).await.unwrap().done.len(), 1);
}

async fn a_squash_that_was_only_recorded_as_there_is_known_to_the_version_before(server: &Server) {
    let before = long(server).registry();
    let after = squashed(server, before).registry();
    server.run("CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER)").await;
    let migrator = Migrator::new(after);
    let report = migrator.baseline(&mut open(server, after).await, &whimbrel::Baseline::To("0002_start".into())).await;
    assert_eq!(report.unwrap().done.len(), 1);
    let found = Migrator::new(before).check(&mut open(server, before).await).await.unwrap();
    assert!(matches!(found, Readiness::Behind { ref pending, .. } if pending == &["0003_loans"]), "{found:?}");
}

async fn a_pending_squash_is_not_late(server: &Server) {
    let before = long(server).registry();
    apply(server, before).await.unwrap();
    let after = squashed(server, before).registry();
    let migrator = Migrator::new(after);
    let status = migrator.status(&mut open(server, after).await).await.unwrap();
    assert!(status.findings.is_empty() && status.pending().count() == 1, "{status:?}");
    let changed = "UPDATE whimbrel_history SET checksum = 'ff' WHERE id = '0001_users'";
    server.run(changed).await;
    let questions = migrator.questions(&mut open(server, after).await).await.unwrap();
    assert!(matches!(questions.as_slice(), [one] if one.migration.id() == "0001_users"), "{questions:?}");
    migrator.repair(&mut open(server, after).await, "0001_users", whimbrel::Mark::Applied, "seen").await.unwrap();
    assert_eq!(apply(server, after).await.unwrap().done.len(), 1);
}
