//! SQLite: small migrations that follow one another share a transaction, and each ends as it would by itself.

use std::sync::{Arc, Mutex};
use whimbrel::{Access, DatabaseKind, Event, Migrator, Registry, Target};
use whimbrel_tests::{Chain, Server};

/// A chain of so many tables, of which one can't be made.
fn tables(count: usize, broken: Option<usize>) -> &'static Registry {
    let table = |n: usize| match broken {
        Some(broken) if broken == n => format!("CREATE TABLE table_{} (id INTEGER)", n - 1),
        _ => format!("CREATE TABLE table_{n} (id INTEGER)"),
    };
    let ids = (1..=count).map(|n| (n, &*format!("{n:04}_table").leak()));
    ids.fold(Chain::new(DatabaseKind::Sqlite), |chain, (n, id)| chain.add(id, &[&table(n)])).registry()
}

/// Counts the transactions that have written to a database in the journal mode `delete`: the file's change counter.
///
/// # Source
/// <https://www.sqlite.org/fileformat2.html#file_change_counter>
fn transactions(server: &Server) -> u32 {
    let path = server.url().trim_start_matches("sqlite:").trim_start_matches("//");
    let bytes = std::fs::read(path.split('?').next().unwrap()).unwrap();
    u32::from_be_bytes(bytes[24..28].try_into().unwrap())
}

#[tokio::test]
async fn many_share_few_transactions() {
    let server = Server::sqlite();
    let registry = tables(100, None);
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let migrator = Migrator::new(registry).on_event(Box::new(move |event| heard.lock().unwrap().push(event)));
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(report.done.len(), 100);
    let transactions = transactions(&server);
    // How few depends on how quick they are; each by itself would make a hundred and more.
    assert!(transactions < 100, "{transactions}");
    let history = "SELECT count(*) || ' ' || count(duration_ms) FROM whimbrel_history WHERE registry = 'chain'";
    assert_eq!(server.column(history).await, ["100 100"]);
    assert_eq!(server.column("SELECT count(*) FROM whimbrel_events WHERE event = 'applied'").await, ["100"]);
    // Each is told of in its place.
    let told = told.lock().unwrap();
    let steps = |event: &Event| match *event {
        Event::StepStarted { id, step, steps, .. } => Some((id, step, steps)),
        _ => None,
    };
    let started: Vec<_> = told.iter().filter_map(steps).collect();
    let expected: Vec<_> = registry.migrations().iter().zip(1..).map(|(m, n)| (m.id(), n, 100)).collect();
    assert_eq!(started, expected);
    let finished = told.iter().filter(|event| matches!(event, Event::StepFinished { .. })).count();
    assert_eq!(finished, 100);
}

#[tokio::test]
async fn one_that_fails_takes_no_other_with_it() {
    for broken in 2..=40 {
        let server = Server::sqlite();
        let registry = tables(40, Some(broken));
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        let error = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
        assert!(error.to_string().contains(&format!("`{broken:04}_table` failed")), "{error}");
        assert!(format!("{error:?}").contains("already exists"), "{error:?}");
        let last = "SELECT group_concat(event || ' ' || id) FROM whimbrel_events WHERE seq >= (SELECT max(seq) - 1 FROM \
                    whimbrel_events)";
        let expected = format!("applied {:04}_table,failed {broken:04}_table", broken - 1);
        assert_eq!(server.column(last).await, [expected]);
        assert_eq!(server.tables().await.len(), broken - 1);
        let mended = tables(40, None);
        let mut databases = server.open(mended, Access::ReadWrite).await.unwrap();
        let report = Migrator::new(mended).apply(&mut databases, &Target::Latest).await.unwrap();
        assert_eq!(report.done.len(), 41 - broken);
        assert_eq!(server.tables().await.len(), 40);
    }
}

#[tokio::test]
async fn what_others_do_meanwhile_is_seen() {
    // Eight at once on an empty database: whoever comes second finds what the first has done.
    let server = Server::sqlite();
    let registry = tables(60, None);
    let run = || async {
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap().done.len()
    };
    let runs = [run(), run(), run(), run(), run(), run(), run(), run()];
    let [a, b, c, d, e, f, g, h] = runs;
    let done = tokio::join!(a, b, c, d, e, f, g, h);
    let done = [done.0, done.1, done.2, done.3, done.4, done.5, done.6, done.7];
    assert_eq!(done.iter().sum::<usize>(), 60, "{done:?}");
    assert_eq!(server.column("SELECT count(*) FROM whimbrel_events WHERE event = 'applied'").await, ["60"]);
}

#[tokio::test]
async fn a_trigger_that_ends_the_transaction_takes_no_other_with_it() {
    let server = Server::sqlite();
    let trigger = "CREATE TRIGGER never BEFORE INSERT ON a BEGIN SELECT RAISE(ROLLBACK, 'never'); END";
    let chain =
        Chain::new(DatabaseKind::Sqlite).add("0001_a", &["CREATE TABLE a (id INTEGER)"]).add("0002_t", &[trigger]);
    let chain = chain.add("0003_b", &["CREATE TABLE b (id INTEGER)"]).add("0004_c", &["CREATE TABLE c (id INTEGER)"]);
    let registry = chain.add("0005_row", &["INSERT INTO a VALUES (1)"]).registry();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let error = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.to_string().contains("`0005_row` failed"), "{error}");
    assert_eq!(server.tables().await, ["a", "b", "c"]);
    let history = "SELECT count(*) FROM whimbrel_history WHERE registry = 'chain'";
    assert_eq!(server.column(history).await, ["4"]);
}

#[tokio::test]
async fn what_was_violated_before_is_no_fault_of_what_comes_after() {
    let server = Server::sqlite();
    let tables = ["CREATE TABLE a (id INTEGER PRIMARY KEY)", "CREATE TABLE b (a INTEGER REFERENCES a (id))"];
    let chain = Chain::new(DatabaseKind::Sqlite).add("0001_tables", &tables);
    let orphan = ["PRAGMA foreign_keys = OFF", "INSERT INTO b VALUES (7)", "PRAGMA foreign_keys = ON"];
    let chain = chain.add("0002_orphan", &orphan).without_transaction();
    let chain = chain.add("0003_c", &["CREATE TABLE c (id INTEGER)"]).add("0004_d", &["CREATE TABLE d (id INTEGER)"]);
    let registry = chain.add("0005_e", &["CREATE TABLE e (id INTEGER)"]).registry();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let report = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(report.done.len(), 5);
}

#[tokio::test]
async fn a_comment_at_the_end_of_a_statement_hides_nothing_of_the_next() {
    let server = Server::sqlite();
    let chain = Chain::new(DatabaseKind::Sqlite).add("0001_a", &["CREATE TABLE a (id INTEGER)"]);
    let chain = chain.add("0002_b", &["CREATE TABLE b (id INTEGER)"]).add("0003_rows", &["INSERT INTO a VALUES (1)"]);
    let chain =
        chain.add("0004_more", &["INSERT INTO b VALUES (1), (2)"]).add("0005_gone", &["DELETE FROM a -- all\n"]);
    let registry = chain.add("0006_less", &["DELETE FROM b\nWHERE id = 1"]).registry();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let report = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(report.done.len(), 6);
    assert_eq!(server.column("SELECT (SELECT count(*) FROM a) || ' ' || (SELECT count(*) FROM b)").await, ["0 1"]);
    let events = "SELECT count(DISTINCT id) FROM whimbrel_events WHERE event = 'applied'";
    assert_eq!(server.column(events).await, ["6"]);
}
