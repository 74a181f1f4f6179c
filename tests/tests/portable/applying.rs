//! Applying: in order, once, recorded, by whoever comes first.

use crate::{Chain, Store, THINGS, applied, apply, apply_to, events, ids, migrator, open, plan, portable, three};
use whimbrel::{Access, Baseline, Readiness, Target};

portable!(
    applies_in_order_and_records_each,
    does_nothing_the_second_time,
    applies_what_was_added_since,
    applies_one_by_its_id,
    eight_at_once_are_one_run_and_eight_successes,
    looking_writes_nothing,
    keeps_what_the_ledger_promises,
    creates_a_ledger_once,
    records_what_is_there_and_runs_none_of_it,
    tells_an_application_whether_it_may_start,
);

async fn applies_in_order_and_records_each(store: &impl Store) {
    let registry = three(store).registry();
    let report = apply(store, registry).await.unwrap();
    assert_eq!(ids(&report), ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(store.things().await, THINGS);
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(events(store, registry).await, ["0001_users applied", "0002_books applied", "0003_loans applied"]);
}

async fn does_nothing_the_second_time(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    assert!(apply(store, registry).await.unwrap().is_empty());
    assert_eq!(events(store, registry).await.len(), 3);
    assert_eq!(store.things().await, THINGS);
}

async fn applies_what_was_added_since(store: &impl Store) {
    apply(store, three(store).registry()).await.unwrap();
    let longer = three(store).add("0004_shelves", &[&store.make("shelves")]).registry();
    assert_eq!(ids(&apply(store, longer).await.unwrap()), ["0004_shelves"]);
}

async fn applies_one_by_its_id(store: &impl Store) {
    let registry = three(store).registry();
    let report = apply_to(store, registry, Target::Id("0002_books".into())).await.unwrap();
    assert_eq!(ids(&report), ["0001_users", "0002_books"]);
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books"]);
}

async fn eight_at_once_are_one_run_and_eight_successes(store: &impl Store) {
    let registry = three(store).registry();
    let mut runs = Vec::new();
    for _ in 0..8 {
        let mut databases = open(store, registry, Access::ReadWrite).await;
        let migrator = migrator(store, registry);
        runs.push(tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await }));
    }
    let mut done = Vec::new();
    for run in runs {
        done.extend(ids(&run.await.unwrap().unwrap()));
    }
    done.sort_unstable();
    assert_eq!(done, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(store.things().await, THINGS);
    assert_eq!(events(store, registry).await.len(), 3);
}

async fn looking_writes_nothing(store: &impl Store) {
    let registry = three(store).registry();
    let migrator = migrator(store, registry);
    let mut databases = open(store, registry, Access::ReadOnly).await;
    assert_eq!(migrator.status(&mut databases).await.unwrap().pending().count(), 3);
    let plan = plan(store, registry, &mut databases).await;
    assert_eq!(plan.steps().len(), 3);
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    let told = texts.iter().flat_map(|step| &step.statements).any(|text| *text == store.make("books"));
    assert!(told, "{texts:?}");
    assert!(!store.has_ledger().await && store.things().await.is_empty());
}

async fn keeps_what_the_ledger_promises(store: &impl Store) {
    let (up, down) = (store.make("it's"), [store.unmake("it's"), store.unmake("a;b\\")]);
    let chain = Chain::new(store.kind())
        .add("0007_it's", &[&up])
        .edit(|m| m.description = "It's \\ \"quoted\"; -- // \u{e9}\u{1f426} \u{2028}\t$x {y} %s")
        .down(&[&down[0], &down[1]])
        .schema(2, 1, 0);
    let registry = chain.registry();
    apply(store, registry).await.unwrap();
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let history = migrator(store, registry).history(&mut databases).await.unwrap();
    let [record] = history.records() else { panic!("{history:?}") };
    let migration = &registry.migrations()[0];
    assert_eq!((record.id.as_str(), record.number), ("0007_it's", 7));
    assert_eq!(record.name, migration.description());
    assert_eq!((record.database.as_str(), record.kind.as_str()), ("main", "sql"));
    assert_eq!((record.checksum.as_str(), record.checksum_algorithm), (migration.checksum(), 1));
    assert_eq!(record.schema_version.as_deref(), Some("2.1.0"));
    assert_eq!(record.rollback, down);
    assert_eq!(record.app_version.as_deref(), Some("1.0.0"));
    assert_eq!(record.whimbrel_version, env!("CARGO_PKG_VERSION"));
    assert!(record.applied_at.len() == 24 && record.applied_at.ends_with('Z'), "{}", record.applied_at);
    assert!(record.duration.is_some() && !record.applied_by.is_empty(), "{record:?}");
}

async fn creates_a_ledger_once(store: &impl Store) {
    let registry = three(store).registry();
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let migrator = migrator(store, registry);
    assert_eq!(migrator.init(&mut databases).await.unwrap(), ["main"]);
    assert!(migrator.init(&mut databases).await.unwrap().is_empty());
    assert!(store.has_ledger().await && applied(store, registry).await.is_empty());
}

async fn records_what_is_there_and_runs_none_of_it(store: &impl Store) {
    let registry = three(store).registry();
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let baseline = Baseline::To("0002_books".into());
    let report = migrator(store, registry).baseline(&mut databases, &baseline).await.unwrap();
    assert_eq!(ids(&report), ["0001_users", "0002_books"]);
    assert!(store.things().await.is_empty());
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0003_loans"]);
    assert_eq!(store.things().await, ["loans"]);
}

async fn tells_an_application_whether_it_may_start(store: &impl Store) {
    let registry = three(store).registry();
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let migrator = migrator(store, registry);
    let before = migrator.check(&mut databases).await.unwrap();
    assert!(matches!(before, Readiness::Behind { .. }), "{before}");
    apply(store, registry).await.unwrap();
    assert_eq!(migrator.check(&mut databases).await.unwrap(), Readiness::Ready);
}
