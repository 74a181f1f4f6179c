//! A ledger of which somebody has taken a part away: told before anything is done, and created again only where that
//! loses nothing.

use crate::adopting::has_ledger;
use crate::{Migrator, Server, Target, applied, apply, apply_to, contract, events, library, open, roll_back};
use whimbrel::{Damage, Direction, Error, Kind};

contract!(
    missing_events_stop_every_run_and_init_creates_them_again,
    a_missing_history_is_never_made_anew_beside_its_events,
    a_missing_column_is_damage,
);

#[track_caller]
fn damage(error: &Error) -> &Damage {
    assert!(error.is_damaged_ledger(), "{error:?}");
    match error.kind() {
        Kind::DamagedLedger { damage, .. } => damage,
        other => panic!("{other:?}"),
    }
}

async fn missing_events_stop_every_run_and_init_creates_them_again(server: &Server) {
    let registry = library(server).registry();
    apply_to(server, registry, Target::Count(2)).await.unwrap();
    server.run("DROP TABLE whimbrel_events").await;
    let migrator = Migrator::new(registry);
    let mut databases = open(server, registry).await;
    let told = [
        apply(server, registry).await.map(drop),
        roll_back(server, registry, Target::Latest).await.map(drop),
        migrator.status(&mut databases).await.map(drop),
        migrator.plan(&mut databases, &Target::Latest, Direction::Up).await.map(drop),
        migrator.journal(&mut databases).await.map(drop),
        migrator.verify(&mut databases).await.map(drop),
        migrator.redo(&mut databases).await.map(drop),
    ];
    for error in told.map(Result::unwrap_err) {
        assert!(matches!(damage(&error), Damage::MissingEvents { .. }), "{error:?}");
        assert!(error.to_string().contains("whimbrel_events` is missing; nothing was touched; `init` "), "{error}");
    }
    assert_eq!(server.tables().await, ["books", "users"]);
    assert_eq!(migrator.init(&mut databases).await.unwrap(), ["main"]);
    assert!(migrator.init(&mut databases).await.unwrap().is_empty());
    assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
    apply(server, registry).await.unwrap();
    assert_eq!(events(server).await, ["0003_loans applied"]);
}

async fn a_missing_history_is_never_made_anew_beside_its_events(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    server.run("DROP VIEW whimbrel_schema_version").await;
    server.run("DROP TABLE whimbrel_history").await;
    let migrator = Migrator::new(registry);
    let mut databases = open(server, registry).await;
    let told = [
        apply(server, registry).await.map(drop),
        roll_back(server, registry, Target::Latest).await.map(drop),
        migrator.init(&mut databases).await.map(drop),
        migrator.status(&mut databases).await.map(drop),
        migrator.verify(&mut databases).await.map(drop),
        crate::adopting::baseline(server, registry, whimbrel::Baseline::To("0001_users".into())).await.map(drop),
    ];
    for error in told.map(Result::unwrap_err) {
        assert!(matches!(damage(&error), Damage::MissingHistory { .. }), "{error:?}");
    }
    assert_eq!(
        migrator.journal(&mut databases).await.unwrap().iter().filter(|entry| entry.event == "applied").count(),
        3,
        "what had happened can still be read"
    );
    server.run("DROP TABLE whimbrel_events").await;
    assert!(!has_ledger(server).await);
}

async fn a_missing_column_is_damage(server: &Server) {
    let registry = library(server).registry();
    apply_to(server, registry, Target::Count(2)).await.unwrap();
    server.run("ALTER TABLE whimbrel_history DROP COLUMN checksum_algorithm").await;
    let error = apply(server, registry).await.unwrap_err();
    assert_eq!(damage(&error), &Damage::MissingColumn);
    assert!(format!("{error:?}").contains("checksum_algorithm"), "{error:?}");
}
