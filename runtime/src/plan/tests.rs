#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{Finding, OutOfOrder, Plan, Policy, plan};
use crate::error::Error;
use crate::history::{History, Record};
use crate::registry::{Migration, Migrations, Registry, Work};
use crate::script::Script;
use crate::target::{Direction, Target};
use semver::Version;

const EMPTY: Script = Script { text: "", file: "", statements: &[], anchors: &[] };

fn migration(id: &'static str) -> Migration {
    Migration {
        id,
        number: id[..4].parse().unwrap(),
        source: id,
        file: "src/migrations/mod.rs",
        line: 7,
        description: id,
        checksum: "aa",
        text_checksum: "bb",
        down: Some(Work::Script(EMPTY)),
        ..Migration::BLANK
    }
}

fn four(change: impl FnOnce(&mut [Migration])) -> Registry {
    let mut migrations: Vec<_> = ["0001_a", "0002_b", "0003_c", "0004_d"].map(migration).into();
    change(&mut migrations);
    Registry {
        name: "app",
        app_version: "1.0.0",
        digest: "",
        databases: &[],
        migrations: Migrations::Made(migrations.leak()),
    }
}

fn plain() -> Registry {
    four(|_| {})
}

fn applied(registry: &Registry, ids: &[&str]) -> Vec<Record> {
    registry.migrations().iter().filter(|m| ids.contains(&m.id)).map(Record::of).collect()
}

fn up(registry: &Registry, records: Vec<Record>, target: Target) -> Result<Plan, Error> {
    plan(registry, &History::new(records), &target, Direction::Up, &Policy::default())
}

fn down(registry: &Registry, records: Vec<Record>, target: Target) -> Result<Plan, Error> {
    plan(registry, &History::new(records), &target, Direction::Down, &Policy::default())
}

fn ids(plan: Result<Plan, Error>) -> Vec<&'static str> {
    plan.unwrap().steps().iter().map(|step| step.migration.id).collect()
}

#[test]
fn up_goes_as_far_as_the_target() {
    let (registry, one) = (plain(), |registry: &Registry| applied(registry, &["0001_a"]));
    assert_eq!(ids(up(&registry, one(&registry), Target::Latest)), ["0002_b", "0003_c", "0004_d"]);
    assert_eq!(ids(up(&registry, one(&registry), Target::Count(2))), ["0002_b", "0003_c"]);
    assert_eq!(ids(up(&registry, one(&registry), Target::Id("m0003_c".into()))), ["0002_b", "0003_c"]);
    assert!(up(&registry, one(&registry), Target::Id("0001_a".into())).unwrap().is_empty());
}

#[test]
fn down_goes_as_far_as_the_target_and_leaves_it() {
    let registry = plain();
    let all = || applied(&registry, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    assert_eq!(ids(down(&registry, all(), Target::Latest)), ["0004_d"]);
    assert_eq!(ids(down(&registry, all(), Target::Count(3))), ["0004_d", "0003_c", "0002_b"]);
    assert_eq!(ids(down(&registry, all(), Target::Count(usize::MAX))).len(), 4);
    assert_eq!(ids(down(&registry, all(), Target::Id("0002_b".into()))), ["0004_d", "0003_c"]);
    let error = down(&registry, applied(&registry, &["0001_a"]), Target::Id("0002_b".into())).unwrap_err();
    assert!(error.is_unknown_target());
    assert!(down(&registry, Vec::new(), Target::Latest).unwrap().is_empty());
}

#[test]
fn a_schema_version_includes_what_follows_without_one() {
    let registry = four(|m| {
        m[0].schema = Some(Version::new(1, 0, 0));
        m[2].schema = Some(Version::new(1, 1, 0));
    });
    assert_eq!(ids(up(&registry, Vec::new(), Target::Schema(Version::new(1, 0, 0)))), ["0001_a", "0002_b"]);
    assert_eq!(ids(up(&registry, Vec::new(), Target::Schema(Version::new(1, 1, 0)))).len(), 4);
    let all = applied(&registry, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    assert_eq!(ids(down(&registry, all, Target::Schema(Version::new(1, 0, 0)))), ["0004_d", "0003_c"]);
    let error = up(&registry, Vec::new(), Target::Schema(Version::new(2, 0, 0))).unwrap_err();
    assert_eq!(error.to_string(), "no migration declares schema 2.0.0; there are 1.0.0, 1.1.0");
}

#[test]
fn a_changed_migration_shows_both_checksums() {
    let registry = plain();
    let mut records = applied(&registry, &["0001_a"]);
    records[0].checksum = "cc".into();
    let error = up(&registry, records.clone(), Target::Latest).unwrap_err();
    assert!(error.is_checksum_mismatch() && !error.is_missing());
    assert_eq!(
        error.to_string(),
        "`0001_a` was changed after it was applied to `main`: the ledger has cc, src/migrations/mod.rs:7 has aa \
         (comments and white space don't count); restore it, and put the change into a new migration"
    );
    let unsealed = four(|m| m[0].sealed = false);
    let text = |records| up(&unsealed, records, Target::Latest).unwrap_err().to_string();
    assert!(
        text(records.clone()).ends_with("; it is not sealed yet, so `redo` may roll it back and apply it as it is now")
    );
    let mut later = applied(&unsealed, &["0001_a", "0002_b"]);
    later[0].checksum = "cc".into();
    assert!(text(later).ends_with("; restore it, and put the change into a new migration"));
    // An older algorithm can't be compared, but the texts can.
    let registry = four(|m| m[0].checksum_algorithm = 2);
    assert_eq!(ids(up(&registry, records.clone(), Target::Count(1))), ["0002_b"]);
    records[0].text_checksum = Some("dd".into());
    assert!(up(&registry, records, Target::Latest).unwrap_err().is_checksum_mismatch());
}

#[test]
fn an_algorithm_that_is_not_known_is_not_passed_over() {
    let registry = plain();
    let mut records = applied(&registry, &["0001_a", "0002_b"]);
    for (algorithm, why) in [(7, "a newer whimbrel has written it"), (0, "no whimbrel writes such a one")] {
        records[1].checksum_algorithm = algorithm;
        let error = up(&registry, records.clone(), Target::Latest).unwrap_err();
        assert!(error.is_unknown_checksum() && !error.is_checksum_mismatch(), "{error}");
        let text = format!("`0002_b` is applied to `main` with checksum algorithm {algorithm}, and this program knows");
        assert!(error.to_string().starts_with(&text) && error.to_string().contains(why), "{error}");
        assert!(down(&registry, records.clone(), Target::Latest).unwrap_err().is_unknown_checksum());
    }
    assert_eq!(ids(down(&registry, records[..1].to_vec(), Target::Latest)), ["0001_a"]);
}

#[test]
fn missing_and_unknown_are_told_apart_by_the_number() {
    let (full, shorter) = (plain(), four(|_| {}));
    let records = applied(&full, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    let head = Registry { migrations: Migrations::Made(&shorter.migrations()[..2]), ..shorter };
    let error = up(&head, records.clone(), Target::Latest).unwrap_err();
    assert!(error.is_unknown() && !error.is_missing());
    assert_eq!(error.findings().len(), 2);
    let tail = Registry { migrations: Migrations::Made(&full.migrations()[1..]), ..full };
    let error = up(&tail, records, Target::Latest).unwrap_err();
    assert!(error.is_missing() && !error.is_unknown());
    assert_eq!(
        error.to_string(),
        "`0001_a` is applied to `main` but gone from the code (it was `0001_a`); bring it back"
    );
}

#[test]
fn every_finding_is_reported_at_once() {
    let registry = plain();
    let mut records = applied(&registry, &["0001_a", "0003_c"]);
    records[0].checksum = "cc".into();
    let error = up(&registry, records, Target::Latest).unwrap_err();
    assert!(error.is_checksum_mismatch() && error.is_out_of_order());
    assert_eq!(error.findings().len(), 2);
    assert!(error.to_string().starts_with("2 findings keep the migrations from running\n  - `0001_a`"), "{error}");
}

#[test]
fn what_is_pending_behind_an_applied_one_is_out_of_order() {
    let registry = plain();
    let late = applied(&registry, &["0001_a", "0003_c"]);
    let error = up(&registry, late.clone(), Target::Latest).unwrap_err();
    assert_eq!(error.findings(), [Finding::OutOfOrder { id: "0002_b".into(), later: "0003_c".into(), shares: None }]);
    let allowed = Policy::default().out_of_order(OutOfOrder::Allow);
    let steps = plan(&registry, &History::new(late.clone()), &Target::Latest, Direction::Up, &allowed).unwrap();
    let flags: Vec<_> = steps.steps().iter().map(|step| (step.migration.id, step.out_of_order)).collect();
    assert_eq!(flags, [("0002_b", true), ("0004_d", false)]);
    // One that was itself applied early does not make the others late.
    let mut early = late;
    early[1].out_of_order = true;
    assert_eq!(ids(up(&registry, early, Target::Latest)), ["0002_b", "0004_d"]);
}

#[test]
fn only_one_needs_what_it_comes_after() {
    let registry = four(|m| m[2].after = Some(&["0001_a"]));
    let records = applied(&registry, &["0001_a"]);
    let steps = up(&registry, records.clone(), Target::Only("0003_c".into())).unwrap();
    assert_eq!((steps.steps().len(), steps.steps()[0].out_of_order), (1, true));
    let error = up(&registry, records, Target::Only("0004_d".into())).unwrap_err();
    let needs = vec!["0002_b".into(), "0003_c".into()];
    assert_eq!(error.findings(), [Finding::NotReady { id: "0004_d".into(), needs }]);
    assert!(error.is_dependency());
}

#[test]
fn only_one_is_not_taken_from_under_another() {
    let registry = four(|m| {
        m[2].after = Some(&["0001_a"]);
        m[3].after = Some(&["0003_c"]);
    });
    let all = || applied(&registry, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    assert_eq!(ids(down(&registry, all(), Target::Only("0002_b".into()))), ["0002_b"]);
    let error = down(&registry, all(), Target::Only("0001_a".into())).unwrap_err();
    let by = vec!["0004_d".into(), "0003_c".into(), "0002_b".into()];
    assert_eq!(error.findings(), [Finding::Needed { id: "0001_a".into(), by }]);
}

#[test]
fn what_has_no_way_back_is_not_rolled_back() {
    let registry = four(|m| {
        m[3].down = None;
        m[2].irreversible = Some("the rows are gone");
    });
    let all = || applied(&registry, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    let error = down(&registry, all(), Target::Count(2)).unwrap_err();
    assert!(error.is_irreversible());
    assert_eq!(
        error.findings(),
        [
            Finding::NoRollback { id: "0004_d".into() },
            Finding::Irreversible { id: "0003_c".into(), reason: "the rows are gone".into() },
        ]
    );
}

#[test]
fn a_rollback_minds_only_the_changes_in_its_way() {
    let registry = plain();
    let mut all = applied(&registry, &["0001_a", "0002_b", "0003_c", "0004_d"]);
    all[0].checksum = "cc".into();
    assert_eq!(ids(down(&registry, all.clone(), Target::Count(1))), ["0004_d"]);
    assert!(down(&registry, all, Target::Count(4)).unwrap_err().is_checksum_mismatch());
}

#[test]
fn a_thousand_records_are_planned_by_their_keys() {
    let ids: Vec<&'static str> = (1..=1000).map(|n| &*format!("{n:04}_x").leak()).collect();
    let migrations: Vec<_> = ids.iter().map(|id| migration(id)).collect();
    let registry = Registry {
        name: "app",
        app_version: "1.0.0",
        digest: "",
        databases: &[],
        migrations: Migrations::Made(migrations.leak()),
    };
    let half = registry.migrations().iter().take(500).map(Record::of).collect();
    let steps = up(&registry, half, Target::Latest).unwrap();
    assert_eq!((steps.steps().len(), steps.steps()[0].migration.id), (500, "0501_x"));
}

/// `0001_a` and `0003_c` have a part in both databases; `0002_b` is for the first, `0004_d` for the second.
fn across(change: impl FnOnce(&mut [Migration])) -> Registry {
    let parts = [("0001_a", "main"), ("0001_a", "cache"), ("0002_b", "main"), ("0003_c", "main"), ("0003_c", "cache")];
    let parts = parts.into_iter().chain([("0004_d", "cache")]);
    let mut migrations: Vec<_> = parts.map(|(id, database)| Migration { database, ..migration(id) }).collect();
    change(&mut migrations);
    Registry { migrations: Migrations::Made(migrations.leak()), ..plain() }
}

fn parts(plan: Result<Plan, Error>) -> Vec<(&'static str, &'static str)> {
    plan.unwrap().steps().iter().map(|step| (step.migration.id, step.migration.database)).collect()
}

fn some(registry: &Registry, wanted: &[(&str, &str)]) -> Vec<Record> {
    registry.migrations().iter().filter(|m| wanted.contains(&(m.id, m.database))).map(Record::of).collect()
}

#[test]
fn an_id_means_all_its_parts() {
    let registry = across(|_| {});
    let all: Vec<_> = registry.migrations().iter().map(|m| (m.id, m.database)).collect();
    assert_eq!(parts(up(&registry, vec![], Target::Count(2))), all[..3]);
    assert_eq!(parts(up(&registry, vec![], Target::Id("0003_c".into()))), all[..5]);
    // What is there is passed over, and comes neither too early nor too late.
    let early = some(&registry, &[("0001_a", "cache")]);
    let plan = up(&registry, early, Target::Only("0001_a".into())).unwrap();
    assert_eq!((plan.steps().len(), plan.steps()[0].out_of_order), (1, false));
    assert_eq!(parts(up(&registry, some(&registry, &[("0001_a", "cache")]), Target::Latest)).len(), 5);
    let needs = up(&registry, vec![], Target::Only("0003_c".into())).unwrap_err();
    assert!(matches!(needs.findings(), [Finding::NotReady { needs, .. }] if *needs == ["0001_a", "0002_b"]), "{needs}");
    let there = || some(&registry, &all);
    assert_eq!(parts(down(&registry, there(), Target::Count(2))), [all[5], all[4], all[3]]);
    assert_eq!(parts(down(&registry, there(), Target::Id("0001_a".into()))), [all[5], all[4], all[3], all[2]]);
    let needed = down(&registry, there(), Target::Only("0001_a".into())).unwrap_err();
    assert!(matches!(needed.findings(), [Finding::Needed { by, .. }] if by.len() == 3), "{needed}");
}

#[test]
fn what_is_late_across_databases_is_what_a_later_one_comes_after() {
    let late = [("0001_a", "main"), ("0001_a", "cache"), ("0003_c", "main"), ("0003_c", "cache"), ("0004_d", "cache")];
    let strict = across(|_| {});
    assert!(up(&strict, some(&strict, &late), Target::Latest).unwrap_err().is_out_of_order());
    // The later one of another database says that it needs no more than the first; one of the same database always counts.
    let free = across(|migrations| migrations[3..].iter_mut().for_each(|m| m.after = Some(&["0001_a"])));
    let others = some(&free, &[("0001_a", "main"), ("0001_a", "cache"), ("0003_c", "cache"), ("0004_d", "cache")]);
    assert_eq!(parts(up(&free, others, Target::Latest)), [("0002_b", "main"), ("0003_c", "main")]);
    assert!(up(&free, some(&free, &late), Target::Latest).unwrap_err().is_out_of_order());
}

#[test]
fn what_needs_a_database_that_cannot_be_read_waits() {
    let registry = across(|migrations| migrations[5].after = Some(&["0003_c"]));
    let unread = |name: &str, records| {
        let history = History::new(records).with_unread(vec![name.into()]);
        plan(&registry, &history, &Target::Latest, Direction::Up, &Policy::default()).unwrap()
    };
    let without_main = unread("main", vec![]);
    assert_eq!(parts(Ok(without_main.clone())), [("0001_a", "cache")]);
    let waits: Vec<_> = without_main.waiting().map(|(m, on)| (m.id, m.database, on)).collect();
    assert_eq!(waits.len(), 5, "{waits:?}");
    assert!(waits.iter().all(|(.., on)| *on == "main"));
    // The parts of one don't wait for each other, whatever comes after them does.
    let without_cache = unread("cache", vec![]);
    assert_eq!(parts(Ok(without_cache)), [("0001_a", "main")]);
    let known = unread("cache", some(&registry, &[("0001_a", "cache")]));
    assert_eq!(parts(Ok(known)), [("0001_a", "main"), ("0002_b", "main"), ("0003_c", "main")]);
}
