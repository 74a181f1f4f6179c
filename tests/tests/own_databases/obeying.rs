//! Obeying: what a process does that another one of this program has started.

use crate::copies::{ALL_SORTS, told};
use whimbrel::__private::{BoxFuture, RustWork};
use whimbrel::sqlx::{self, MySqlConnection, MySqlPool, PgConnection, PgPool, SqliteConnection, SqlitePool};
use whimbrel::testing::{TestDatabase, run};
use whimbrel::{Access, DatabaseKind, Databases, MysqlStep, PostgresStep, Registry, SqliteStep, Urls};
use whimbrel_tests::Chain;

#[test]
#[ignore = "does what other tests order it to do"]
fn obey() {
    let order = std::env::var("OWN_ORDER").unwrap();
    let registry = ordered_registry();
    match order.as_str() {
        "pass" | "die while migrating" => run(registry, "one", alone),
        "four at once" => std::thread::scope(|scope| {
            for name in ["a", "b", "c", "d"] {
                scope.spawn(move || (0..2).for_each(|_| run(registry, name, alone)));
            }
        }),
        "fail" => run(registry, "one", failing),
        "return an error" => run(registry, "one", |_: TestDatabase| async { Err::<(), _>("not today") }),
        "ask for anything" => ask_for_anything(registry),
        "tell" => run(registry, "one", tell),
        other => panic!("no such order: {other}"),
    }
}

/// Looks that nobody else has written to the database, and writes to it.
async fn alone(database: TestDatabase) -> sqlx::Result<()> {
    println!("url: {}", database.url("main").unwrap());
    let (write, read) = ("INSERT INTO birds VALUES (1)", "SELECT count(*) FROM birds");
    let url = database.url("main").unwrap();
    let count: i64 = if url.starts_with("sqlite:") {
        let mut db = database.connect_sqlite().await.unwrap();
        sqlx::raw_sql(write).execute(&mut db).await?;
        sqlx::query_scalar(read).fetch_one(&mut db).await?
    } else if url.starts_with("postgres:") {
        let mut db = database.connect_postgres().await.unwrap();
        sqlx::raw_sql(write).execute(&mut db).await?;
        sqlx::query_scalar(read).fetch_one(&mut db).await?
    } else {
        let mut db = database.connect_mysql().await.unwrap();
        sqlx::raw_sql(write).execute(&mut db).await?;
        sqlx::query_scalar(read).fetch_one(&mut db).await?
    };
    assert_eq!(count, 1);
    Ok(())
}

async fn failing(database: TestDatabase) {
    println!("url: {}", database.url("main").unwrap());
    panic!("this test fails on purpose");
}

fn ask_for_anything(registry: &'static Registry) {
    macro_rules! ask {
        ($connection:ty, $pool:ty) => {
            run(registry, "its own", async |mut db: $connection, pool: $pool, mut all: Databases| {
                sqlx::raw_sql("INSERT INTO birds VALUES (1)").execute(&mut db).await.unwrap();
                let count: i64 = sqlx::query_scalar("SELECT count(*) FROM birds").fetch_one(&pool).await.unwrap();
                assert_eq!((count, whimbrel::apply(registry, &mut all).await.unwrap().is_empty()), (1, true));
            })
        };
    }
    match registry.databases()[0].kind() {
        DatabaseKind::Sqlite => ask!(SqliteConnection, SqlitePool),
        DatabaseKind::Mysql => ask!(MySqlConnection, MySqlPool),
        _ => ask!(PgConnection, PgPool),
    }
    run(registry, "two", async |database: TestDatabase, mut all: Databases| {
        let urls = Urls::new().with("main", database.url("main").unwrap());
        let mut again = Databases::connect(registry, &urls, Access::ReadOnly).await.unwrap();
        let migrator = whimbrel::Migrator::new(registry);
        assert!(migrator.status(&mut again).await.unwrap().is_current());
        assert_eq!(migrator.history(&mut all).await.unwrap().records().len(), 2);
    });
}

/// Prints what is in the database.
async fn tell(database: TestDatabase) {
    let mut db = database.connect_mysql().await.unwrap();
    told(&mut db).await.iter().for_each(|line| println!("told: {line}"));
}

/// Makes the registry that the orders name: what is ordered, and code that counts how often it runs.
fn ordered_registry() -> &'static Registry {
    let salt = std::env::var("OWN_SALT").unwrap_or_default();
    let (kind, code) = match std::env::var("OWN_KIND").unwrap().as_str() {
        "sqlite" => (DatabaseKind::Sqlite, RustWork::Sqlite(count_sqlite)),
        "postgres" => (DatabaseKind::Postgres, RustWork::Postgres(count_postgres)),
        _ => (DatabaseKind::Mysql, RustWork::Mysql(count_mysql)),
    };
    let salted = format!("INSERT INTO birds SELECT 0 FROM (SELECT 1) one WHERE '{salt}' = 'never'");
    let chain = match std::env::var("OWN_CHAIN").as_deref() {
        Ok("all sorts") => Chain::new(kind).add("0001_all", &ALL_SORTS),
        Ok(statement) => {
            Chain::new(kind).add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)", statement])
        }
        Err(_) => Chain::new(kind).add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)", &salted]),
    };
    let Registry { app_version, digest, databases, migrations, .. } = *chain.add_code("0002_count", code).registry();
    let name = std::env::var("OWN_NAME").unwrap().leak();
    Box::leak(Box::new(Registry { name, app_version, digest, databases, migrations }))
}

fn count_sqlite<'a>(_: &'a mut SqliteStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async { count() })
}

fn count_postgres<'a>(_: &'a mut PostgresStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async { count() })
}

fn count_mysql<'a>(_: &'a mut MysqlStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async { count() })
}

fn count() -> whimbrel::Result<()> {
    use std::io::Write;
    let file = std::env::var("OWN_BUILDS").map_err(|error| whimbrel::Error::new(error.to_string()))?;
    writeln!(std::fs::File::options().create(true).append(true).open(file)?, "built")?;
    if std::env::var("OWN_ORDER").is_ok_and(|order| order == "die while migrating") {
        std::process::abort();
    }
    Ok(())
}
