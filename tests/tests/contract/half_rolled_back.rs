//! A rollback without a transaction that stopped on its way: everybody sees it, nothing is applied before it has ended, and the next
//! rollback, or a person, ends it.

use crate::{Chain, Migrator, Server, Target, applied, apply, contract, ids, library, notes, open, roll_back};
use whimbrel::{Access, Databases, Direction, Event, Examination, Mark, Readiness, Registry, State, Urls};

contract!(
    nothing_is_applied_behind_it,
    the_next_rollback_goes_on_from_there,
    a_mended_one_goes_on_as_it_was_begun,
    one_further_back_goes_through_it,
    a_redo_goes_on_from_there_too,
    a_run_that_died_is_told_from_one_that_failed,
    one_that_is_under_way_is_waited_for,
    it_is_there_as_a_whole_again_where_somebody_says_so,
    it_is_gone_as_a_whole_where_somebody_says_so,
    a_rollback_that_undid_nothing_is_no_half_one,
    a_transaction_that_fails_is_no_half_one
);

/// A chain whose last migration makes two tables, and this way back.
fn chain(server: &Server, down: &[&str]) -> Chain {
    library(server)
        .add("0004_stock", &["CREATE TABLE shelves (id INTEGER)", "CREATE TABLE boxes (id INTEGER)"])
        .down(down)
        .without_transaction()
}

fn broken(server: &Server) -> &'static Registry {
    chain(server, &["DROP TABLE boxes", "DROP TABLE never_there", "DROP TABLE shelves"]).registry()
}

fn mended(server: &Server) -> Chain {
    chain(server, &["DROP TABLE boxes", "DROP TABLE shelves"])
}

/// Applies the chain and rolls back until that fails.
async fn stopped(server: &Server) -> &'static Registry {
    let registry = broken(server);
    apply(server, registry).await.unwrap();
    let error = roll_back(server, registry, Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    assert_eq!(server.tables().await, ["books", "loans", "shelves", "users"]);
    registry
}

async fn readiness(server: &Server, registry: &'static Registry) -> Readiness {
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    Migrator::new(registry).check(&mut databases).await.unwrap()
}

/// Gives the state of the last migration.
async fn state(server: &Server, registry: &'static Registry) -> State {
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    Migrator::new(registry).status(&mut databases).await.unwrap().rows.pop().unwrap().state
}

async fn examined(server: &Server, registry: &'static Registry) -> Examination {
    Migrator::new(registry).examine(&Urls::new().with("main", server.url())).await.remove(0)
}

async fn nothing_is_applied_behind_it(server: &Server) {
    let registry = stopped(server).await;
    let before = (notes(server).await, server.tables().await);
    let longer = mended(server).add("0005_more", &["CREATE TABLE more (id INTEGER)"]).registry();
    for registry in [registry, longer] {
        for target in [Target::Latest, Target::Count(1)] {
            let error = crate::apply_to(server, registry, target).await.unwrap_err();
            assert!(error.is_half_rolled_back(), "{error:?}");
            let text = error.to_string();
            let begins = "the rollback of `0004_stock` on `main` failed at statement 2 of 3: ";
            assert!(text.starts_with(begins) && text.contains("never_there"), "{text}");
            assert!(
                text.contains("roll it back again, which goes on from there, or settle it with a repair"),
                "{text}"
            );
        }
        let told = readiness(server, registry).await;
        assert!(!told.is_ready() && !told.may_become_ready(), "{told}");
        assert!(told.to_string().starts_with("not ready: a rollback has not ended\n  - the rollback of"), "{told}");
    }
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let status = Migrator::new(registry).status(&mut databases).await.unwrap();
    assert!(!status.is_current());
    let Some(State::HalfRolledBack(_, half)) = status.rows.last().map(|row| &row.state) else { panic!("{status:?}") };
    assert_eq!((half.reached.statement, half.reached.statements), (Some(2), Some(3)));
    let concerns = examined(server, registry).await.concerns();
    assert!(
        concerns[0].starts_with("the rollback of `0004_stock` on `main` failed at statement 2 of 3"),
        "{concerns:?}"
    );
    let failed = Migrator::new(registry).verify(&mut databases).await.unwrap_err();
    assert!(failed.to_string().contains("the rollback of `0004_stock`"), "{failed}");
    assert_eq!((notes(server).await, server.tables().await), before, "nothing was written");
}

async fn the_next_rollback_goes_on_from_there(server: &Server) {
    stopped(server).await;
    let registry = mended(server).registry();
    assert_eq!(ids(&roll_back(server, registry, Target::Latest).await.unwrap()), ["0004_stock"]);
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
    assert_eq!(applied(server).await, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0004_stock"]);
    assert_eq!(readiness(server, registry).await, Readiness::Ready);
    assert!(matches!(state(server, registry).await, State::Applied(_)));
    assert!(examined(server, registry).await.concerns().is_empty());
}

async fn a_mended_one_goes_on_as_it_was_begun(server: &Server) {
    stopped(server).await;
    // Begun now it would be one transaction, and take the boxes away a second time.
    let registry = mended(server).edit(|migration| migration.transactional = true).registry();
    let mut databases = open(server, registry).await;
    let plan = Migrator::new(registry).plan(&mut databases, &Target::Latest, Direction::Down).await.unwrap();
    let texts = Migrator::new(registry).statements(&mut databases, &plan).await.unwrap();
    assert!(!texts[0].statements.iter().any(|text| text == "DROP TABLE boxes"), "{texts:?}");
    assert_eq!(ids(&roll_back(server, registry, Target::Latest).await.unwrap()), ["0004_stock"]);
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
}

async fn one_further_back_goes_through_it(server: &Server) {
    stopped(server).await;
    let registry = mended(server).registry();
    let report = roll_back(server, registry, Target::Count(2)).await.unwrap();
    assert_eq!(ids(&report), ["0004_stock", "0003_loans"]);
    assert_eq!(server.tables().await, ["books", "users"]);
    assert_eq!(apply(server, registry).await.unwrap().done.len(), 2);
}

async fn a_redo_goes_on_from_there_too(server: &Server) {
    stopped(server).await;
    let registry = mended(server).registry();
    let (down, up) = Migrator::new(registry).redo(&mut open(server, registry).await).await.unwrap();
    assert_eq!((ids(&down), ids(&up)), (vec!["0004_stock"], vec!["0004_stock"]));
    assert_eq!(server.tables().await, ["books", "boxes", "loans", "shelves", "users"]);
    assert_eq!(readiness(server, registry).await, Readiness::Ready);
}

async fn a_run_that_died_is_told_from_one_that_failed(server: &Server) {
    let registry = stopped(server).await;
    // The ledger is left as by a process that died behind the first statement.
    server.run("DELETE FROM whimbrel_events WHERE event = 'failed' OR event = 'started' AND statement = 2").await;
    let text = apply(server, registry).await.unwrap_err().to_string();
    let died = if server.kind().is_embedded() { "died, or is still running," } else { "died" };
    assert!(text.contains(&format!("`0004_stock` on `main` {died} after statement 1 of 3; ")), "{text}");
    // Whoever took the events away does not make it whole.
    server.run("DELETE FROM whimbrel_events WHERE id = '0004_stock'").await;
    let text = apply(server, registry).await.unwrap_err().to_string();
    assert!(text.contains("was begun, and the events do not tell how far it came"), "{text}");
}

async fn one_that_is_under_way_is_waited_for(server: &Server) {
    let registry = mended(server).registry();
    apply(server, registry).await.unwrap();
    let url = server.url().to_owned();
    let (seen, told) = std::sync::mpsc::channel();
    // The first statement is committed when the second is done: there the run is held while others look.
    let migrator = Migrator::new(registry).on_event(Box::new(move |event| {
        if let Event::StatementDone { statement: 2, .. } = event {
            seen.send(looked(url.clone(), registry)).unwrap();
        }
    }));
    migrator.rollback(&mut open(server, registry).await, &Target::Latest).await.unwrap();
    let (readiness, shown) = told.recv().unwrap();
    assert!(shown.contains(if server.kind().is_embedded() { "is still running," } else { ", by process" }), "{shown}");
    match readiness {
        Readiness::Disagrees { .. } => assert!(server.kind().is_embedded()),
        Readiness::InProgress { pending, database, .. } => assert_eq!((pending.len(), database.as_str()), (0, "main")),
        other => panic!("{other}"),
    }
}

/// Looks from a thread of its own, as another process would: whether it is ready, and what is said of the rollback.
fn looked(url: String, registry: &'static Registry) -> (Readiness, String) {
    let look = async move {
        let urls = Urls::new().with("main", url);
        let mut databases = Databases::connect(registry, &urls, Access::ReadOnly).await.unwrap();
        let migrator = Migrator::new(registry);
        let history = migrator.history(&mut databases).await.unwrap();
        let half = history.half_rollbacks().iter().map(ToString::to_string).collect();
        (migrator.check(&mut databases).await.unwrap(), half)
    };
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || runtime().block_on(look)).join().unwrap()
}

async fn it_is_there_as_a_whole_again_where_somebody_says_so(server: &Server) {
    let registry = stopped(server).await;
    let migrator = Migrator::new(registry);
    let questions = migrator.questions(&mut open(server, registry).await).await.unwrap();
    assert!(matches!(&questions[..], [one] if one.half_rollback.is_some()), "{questions:?}");
    server.run("CREATE TABLE boxes (id INTEGER)").await;
    let mut databases = open(server, registry).await;
    migrator.repair(&mut databases, "0004_stock", Mark::Applied, "made again by hand").await.unwrap();
    assert_eq!(readiness(server, registry).await, Readiness::Ready);
    assert!(apply(server, registry).await.unwrap().is_empty());
    assert!(matches!(state(server, registry).await, State::Applied(_)));
    assert!(migrator.questions(&mut open(server, registry).await).await.unwrap().is_empty());
    assert!(migrator.repair(&mut databases, "0004_stock", Mark::Applied, "again").await.is_err());
    let told = "SELECT message FROM whimbrel_events WHERE event = 'applied' AND message IS NOT NULL";
    assert_eq!(server.column(told).await, ["marked as applied: made again by hand"]);
    // The next one begins at the beginning.
    assert_eq!(ids(&roll_back(server, mended(server).registry(), Target::Latest).await.unwrap()), ["0004_stock"]);
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
}

async fn it_is_gone_as_a_whole_where_somebody_says_so(server: &Server) {
    let registry = stopped(server).await;
    server.run("DROP TABLE shelves").await;
    let mut databases = open(server, registry).await;
    let migrator = Migrator::new(registry);
    migrator.repair(&mut databases, "0004_stock", Mark::RolledBack, "dropped the rest by hand").await.unwrap();
    assert_eq!(applied(server).await, ["0001_users", "0002_books", "0003_loans"]);
    let behind = readiness(server, registry).await;
    assert!(matches!(&behind, Readiness::Behind { pending, .. } if *pending == ["0004_stock"]), "{behind}");
    let told = "SELECT message FROM whimbrel_events WHERE event = 'rolled_back'";
    assert_eq!(server.column(told).await, ["marked as rolled back: dropped the rest by hand"]);
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0004_stock"]);
    assert_eq!(server.tables().await, ["books", "boxes", "loans", "shelves", "users"]);
}

async fn a_rollback_that_undid_nothing_is_no_half_one(server: &Server) {
    let registry = chain(server, &["DROP TABLE never_there", "DROP TABLE boxes"]).registry();
    apply(server, registry).await.unwrap();
    for _ in 0..2 {
        let error = roll_back(server, registry, Target::Latest).await.unwrap_err();
        assert!(error.is_statement_failed(), "{error:?}");
        assert_eq!(readiness(server, registry).await, Readiness::Ready);
        assert!(apply(server, registry).await.unwrap().is_empty());
    }
    assert!(matches!(state(server, registry).await, State::Applied(_)));
    assert_eq!(ids(&roll_back(server, mended(server).registry(), Target::Latest).await.unwrap()), ["0004_stock"]);
}

async fn a_transaction_that_fails_is_no_half_one(server: &Server) {
    // Rows alone: what changes a schema commits on MySQL.
    let registry = library(server)
        .add("0004_bob", &["INSERT INTO users VALUES (7, 'Bob')"])
        .down(&["DELETE FROM users WHERE id = 7", "DELETE FROM never_there"])
        .registry();
    assert!(registry.migrations()[3].is_transactional());
    apply(server, registry).await.unwrap();
    roll_back(server, registry, Target::Latest).await.unwrap_err();
    assert_eq!(server.column("SELECT id FROM users WHERE id = 7").await, ["7"]);
    assert_eq!(readiness(server, registry).await, Readiness::Ready);
    assert!(apply(server, registry).await.unwrap().is_empty());
    assert!(matches!(state(server, registry).await, State::Applied(_)));
}
