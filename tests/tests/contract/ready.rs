//! Whether an application may start: beside a newer program, before a migration, and while one runs.

use crate::{Chain, Migrator, Server, Target, apply, contract, open};
use whimbrel::__private::Phase;
use whimbrel::{Access, Direction, Readiness, Registry};

contract!(
    an_application_starts_when_all_is_applied,
    an_older_program_starts_where_it_still_works,
    an_older_program_does_not_start_where_it_does_not,
    an_older_program_puts_nothing_before_what_it_does_not_know,
    a_program_that_is_changed_does_not_start,
    an_older_program_rolls_back_what_a_newer_one_applied,
    what_the_ledger_has_no_rollback_of_stays
);

fn chain(server: &Server) -> Chain {
    Chain::new(server.kind()).add("0001_users", &["CREATE TABLE users (name TEXT)"])
}

/// The same with a second migration, of this phase.
fn newer(server: &Server, phase: Option<Phase>) -> &'static Registry {
    let chain = chain(server).add("0002_mail", &["ALTER TABLE users ADD COLUMN mail TEXT"]);
    chain.edit(|migration| migration.phase = phase).registry()
}

async fn readiness(server: &Server, registry: &'static Registry) -> Readiness {
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    Migrator::new(registry).check(&mut databases).await.unwrap()
}

async fn an_application_starts_when_all_is_applied(server: &Server) {
    let registry = chain(server).registry();
    let before = readiness(server, registry).await;
    assert_eq!(before.to_string(), "not ready: `0001_users` still to be applied, and nobody is at it");
    assert!(!before.is_ready() && before.may_become_ready());
    apply(server, registry).await.unwrap();
    assert_eq!(readiness(server, registry).await, Readiness::Ready);
    let migrator = Migrator::new(registry);
    assert_eq!(
        migrator.wait(&mut open(server, registry).await, std::time::Duration::ZERO).await.unwrap(),
        Readiness::Ready
    );
}

async fn an_older_program_starts_where_it_still_works(server: &Server) {
    for phase in [Phase::Expand, Phase::Migrate] {
        let newer = newer(server, Some(phase));
        apply(server, newer).await.unwrap();
        let old = chain(server).registry();
        let ahead = readiness(server, old).await;
        assert!(ahead.is_ready(), "{ahead}");
        assert_eq!(ahead.to_string(), "ready: a newer program has applied `0002_mail`, and this one works with that");
        assert!(apply(server, old).await.unwrap().is_empty());
        let mut databases = open(server, old).await;
        assert!(Migrator::new(old).status(&mut databases).await.unwrap().is_current());
        let strict = Migrator::new(old).refuse_newer(true);
        assert!(strict.apply(&mut databases, &Target::Latest).await.unwrap_err().is_unknown());
        assert!(!strict.check(&mut databases).await.unwrap().is_ready());
        Migrator::new(newer).rollback(&mut open(server, newer).await, &Target::Latest).await.unwrap_err();
        server.run("DELETE FROM whimbrel_history WHERE id = '0002_mail'; DELETE FROM whimbrel_events").await;
        server.run("ALTER TABLE users DROP COLUMN mail").await;
    }
}

async fn an_older_program_does_not_start_where_it_does_not(server: &Server) {
    for phase in [Some(Phase::Contract), None] {
        apply(server, newer(server, phase)).await.unwrap();
        let old = chain(server).registry();
        let ahead = readiness(server, old).await;
        assert!(!ahead.is_ready() && !ahead.may_become_ready(), "{ahead}");
        let error = apply(server, old).await.unwrap_err();
        assert!(error.is_unknown(), "{error}");
        assert!(error.to_string().contains("this program may not work with it"), "{error}");
        let error = Migrator::new(old)
            .wait(&mut open(server, old).await, std::time::Duration::from_secs(60))
            .await
            .unwrap_err();
        assert!(error.is_not_ready(), "waiting does not help, so nobody waits: {error}");
        server.run("DELETE FROM whimbrel_history WHERE id = '0002_mail'; DELETE FROM whimbrel_events").await;
        server.run("ALTER TABLE users DROP COLUMN mail").await;
    }
}

async fn an_older_program_puts_nothing_before_what_it_does_not_know(server: &Server) {
    apply(server, newer(server, Some(Phase::Expand))).await.unwrap();
    server.run("DELETE FROM whimbrel_history WHERE id = '0001_users'").await;
    let error = apply(server, chain(server).registry()).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
    assert!(error.to_string().contains("apply with the newer program"), "{error}");
}

async fn a_program_that_is_changed_does_not_start(server: &Server) {
    apply(server, chain(server).registry()).await.unwrap();
    let changed = Chain::new(server.kind()).add("0001_users", &["CREATE TABLE users (name INTEGER)"]).registry();
    let Readiness::Disagrees { findings, .. } = readiness(server, changed).await else { panic!("it disagrees") };
    assert_eq!(findings.len(), 1);
}

async fn an_older_program_rolls_back_what_a_newer_one_applied(server: &Server) {
    let newer = chain(server)
        .add("0002_mail", &["ALTER TABLE users ADD COLUMN mail TEXT"])
        .down(&["ALTER TABLE users DROP COLUMN mail"])
        .add("0003_notes", &["CREATE TABLE notes (id INTEGER)", "CREATE TABLE more (id INTEGER)"])
        .down(&["DROP TABLE notes", "DROP TABLE more"])
        .without_transaction()
        .registry();
    apply(server, newer).await.unwrap();
    let old = chain(server).registry();
    let mut databases = open(server, old).await;
    assert!(Migrator::new(old).rollback(&mut databases, &Target::Latest).await.unwrap_err().is_unknown());
    let migrator = Migrator::new(old).with_stored(&mut databases).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Count(2), Direction::Down).await.unwrap();
    assert_eq!(plan.losses().count(), 2, "it may lose anything");
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    assert!(texts[0].statements.iter().any(|text| text == "DROP TABLE more"), "{texts:?}");
    assert_eq!(migrator.run(&mut databases, &plan).await.unwrap().done.len(), 2);
    assert_eq!(server.tables().await, ["users"]);
    assert_eq!(readiness(server, old).await, Readiness::Ready);
    assert!(apply(server, old).await.unwrap().is_empty());
}

async fn what_the_ledger_has_no_rollback_of_stays(server: &Server) {
    apply(server, newer(server, None)).await.unwrap();
    let old = chain(server).registry();
    let mut databases = open(server, old).await;
    let error = Migrator::new(old).with_stored(&mut databases).await.unwrap_err();
    assert!(error.is_irreversible(), "{error}");
    let text = error.to_string();
    assert!(text.ends_with("roll it back with the program that applied it, version 1.0.0"), "{text}");
}
