//! One plan across databases of several kinds.

mod available;
mod parts;
mod version;

use whimbrel::__private::Database;
use whimbrel::{Access, Databases, Migration, Registry, Urls};
use whimbrel_tests::{Chain, Server};

/// Declares these databases for a chain, in this order.
fn registry(chain: Chain, databases: &[(&'static str, &Server)]) -> &'static Registry {
    let made = chain.registry();
    let declared =
        |(name, server): &(&'static str, &Server)| Database { name, kind: server.kind(), digest: "", catalog: "" };
    let databases = Vec::leak(databases.iter().map(declared).collect());
    Box::leak(Box::new(Registry { digest: "", databases, ..*made }))
}

/// Says which database the last migration is for.
fn on(name: &'static str) -> impl FnOnce(&mut Migration) {
    move |migration| migration.database = name
}

fn urls(databases: &[(&'static str, &Server)]) -> Urls {
    databases.iter().fold(Urls::new(), |urls, (name, server)| urls.with(*name, server.url()))
}

async fn open(registry: &Registry, databases: &[(&'static str, &Server)]) -> Databases {
    Databases::connect(registry, &urls(databases), Access::ReadWrite).await.unwrap()
}

/// Lists what a database's own ledger has of it.
async fn applied(server: &Server, name: &str) -> Vec<String> {
    let database = if server.kind() == whimbrel::DatabaseKind::Mysql { "`database`" } else { "database" };
    server
        .column(&format!(
            "SELECT id FROM whimbrel_history WHERE registry = 'chain' AND {database} = '{name}' ORDER BY ordinal"
        ))
        .await
}

/// Gives the URL of a PostgreSQL server where nobody listens.
fn nobody() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    format!("postgres://nobody:secret@127.0.0.1:{port}/nothing")
}
