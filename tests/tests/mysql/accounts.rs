//! One account migrates, another serves and can only read the ledger.

use crate::birds;
use whimbrel::sqlx;
use whimbrel::{Access, Databases, Location, Migrator, Readiness, Target, Urls};
use whimbrel_tests::{Chain, Server};

/// Makes an account with a name of its own: a server's databases share them.
async fn reader(server: &Server) -> String {
    let name = server.url().rsplit_once('/').unwrap().1;
    let user: String = format!("r{}", name.rsplit_once('_').unwrap().1);
    server.run(&format!("CREATE USER {user}@'%' IDENTIFIED BY 'secret'")).await;
    user
}

fn serving(server: &Server, user: &str) -> Urls {
    let place = server.url().split_once('@').unwrap().1;
    Urls::new().with("main", format!("mariadb://{user}:secret@{place}"))
}

pub(crate) async fn a_reader_reads_and_no_more(server: &Server) {
    let registry = birds(server);
    let user = reader(server).await;
    let migrator = Migrator::new(registry).ledger(Location::default().reader(format!("{user}@%")));
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let urls = serving(server, &user);
    let mut reading = Databases::connect(registry, &urls, Access::ReadOnly).await.unwrap();
    assert_eq!(Migrator::new(registry).check(&mut reading).await.unwrap(), Readiness::Ready);
    let refused =
        sqlx::raw_sql("DELETE FROM whimbrel_history").execute(reading.mysql("main").unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("DELETE command denied"), "{refused}");
    let longer = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (id INTEGER)"])
        .add("0002_more", &["CREATE TABLE more (id INTEGER)"])
        .registry();
    let mut reading = Databases::connect(longer, &urls, Access::ReadWrite).await.unwrap();
    let error = whimbrel::apply(longer, &mut reading).await.unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    server.run(&format!("DROP USER {user}@'%'")).await;
}

pub(crate) async fn a_ledger_that_is_there_is_opened_to_a_reader_by_init(server: &Server) {
    let (registry, user) = (birds(server), reader(server).await);
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    // Without any permission it may not even enter the database.
    server.run(&format!("CREATE TABLE public (id INTEGER); GRANT SELECT ON public TO {user}@'%'")).await;
    let check = async || {
        let mut reading = Databases::connect(registry, &serving(server, &user), Access::ReadOnly).await.unwrap();
        Migrator::new(registry).check(&mut reading).await
    };
    assert!(check().await.unwrap_err().is_permission_denied());
    let migrator = Migrator::new(registry).ledger(Location::default().reader(format!("{user}@%")));
    assert!(migrator.init(&mut databases).await.unwrap().is_empty());
    assert_eq!(check().await.unwrap(), Readiness::Ready);
    server.run(&format!("DROP USER {user}@'%'")).await;
}
