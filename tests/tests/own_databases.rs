//! `#[whimbrel::test]`: a migrated database for each test, in threads and processes, after failures and crashes.
//!
//! Each test starts this program again as other processes, which take their orders from the environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use whimbrel::__private::{BoxFuture, RustWork};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection, PgPool, SqliteConnection, SqlitePool};
use whimbrel::testing::{TestDatabase, run};
use whimbrel::{Access, DatabaseKind, Databases, PostgresStep, Registry, SqliteStep, Urls};
use whimbrel_tests::{Chain, postgres_url};

/// Makes a test of each function for each server.
macro_rules! both {
    ($($test:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $test() { super::$test(&super::Orders::new("sqlite", stringify!($test))) })* }
        mod postgres { $(#[test] fn $test() { super::$test(&super::Orders::new("postgres", stringify!($test))) })* }
    };
}

both!(
    many_at_once_share_one_template_and_no_row,
    a_database_is_gone_when_its_test_passed,
    a_failed_test_leaves_its_database_until_it_runs_again,
    a_template_that_was_not_finished_is_made_anew,
    old_templates_are_taken_away,
    a_test_may_ask_for_anything,
    an_error_fails_the_test,
);

fn many_at_once_share_one_template_and_no_row(orders: &Orders) {
    let processes: Vec<_> = (0..4).map(|_| orders.start("four at once")).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!(orders.builds(), 1);
}

fn a_database_is_gone_when_its_test_passed(orders: &Orders) {
    let url = url_in(&orders.passing("pass"));
    assert!(!exists(&url), "{url} is still there");
}

fn a_failed_test_leaves_its_database_until_it_runs_again(orders: &Orders) {
    let failed = orders.failing("fail");
    assert!(failed.contains("the test failed; until it runs again its database `main` stays at"), "{failed}");
    assert!(failed.contains("this test fails on purpose"), "{failed}");
    let told = failed.lines().find(|line| line.contains("stays at")).unwrap();
    assert!(!told.contains("whimbrel@"), "a password was shown: {told}");
    let first = url_in(&failed);
    assert!(exists(&first));
    let second = url_in(&orders.failing("fail"));
    assert!(!exists(&first) && exists(&second));
    orders.passing("pass");
    assert!(!exists(&second));
}

fn a_template_that_was_not_finished_is_made_anew(orders: &Orders) {
    orders.failing("die while migrating");
    orders.passing("pass");
    orders.passing("pass");
    assert_eq!(orders.builds(), 2);
}

fn old_templates_are_taken_away(orders: &Orders) {
    for salt in 0..7 {
        let output = orders.command("pass").env("OWN_SALT", salt.to_string()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!(orders.builds(), 7);
    // The first is gone and made again, the last is still there.
    for (salt, builds) in [(6, 7), (0, 8)] {
        assert!(orders.command("pass").env("OWN_SALT", salt.to_string()).status().unwrap().success());
        assert_eq!(orders.builds(), builds);
    }
}

fn a_test_may_ask_for_anything(orders: &Orders) {
    orders.passing("ask for anything");
}

fn an_error_fails_the_test(orders: &Orders) {
    let failed = orders.failing("return an error");
    assert!(failed.contains("the test returned an error: \"not today\""), "{failed}");
    orders.passing("pass");
    let failed = text(&orders.command("pass").env("OWN_KIND", "postgres").env_remove("DATABASE_URL").output().unwrap());
    assert!(failed.contains("no URL for `main`; set MAIN_URL or DATABASE_URL"), "{failed}");
}

/// What other processes are told to do, with a registry of their own.
struct Orders {
    kind: &'static str,
    name: String,
    folder: PathBuf,
}

impl Orders {
    fn new(kind: &'static str, test: &str) -> Self {
        // The label of templates is made of the name's beginning.
        let mut hash = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&(kind, test, std::process::id()), &mut hash);
        let name = format!("own{:016x}", std::hash::Hasher::finish(&hash));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Orders { kind, name, folder }
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "obey", "--ignored", "--nocapture"]);
        command.envs([("OWN_ORDER", what), ("OWN_KIND", self.kind), ("OWN_NAME", &self.name)]);
        command.env("OWN_BUILDS", self.folder.join("builds")).env("TMPDIR", &self.folder);
        if self.kind == "postgres" {
            command.env("DATABASE_URL", postgres_url("15"));
        }
        command
    }

    fn start(&self, what: &str) -> std::process::Child {
        self.command(what).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn passing(&self, what: &str) -> String {
        let output = self.command(what).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        text(&output)
    }

    fn failing(&self, what: &str) -> String {
        let output = self.command(what).output().unwrap();
        assert!(!output.status.success(), "{}", text(&output));
        text(&output)
    }

    /// Counts how often the migrations ran.
    fn builds(&self) -> usize {
        std::fs::read_to_string(self.folder.join("builds")).unwrap().lines().count()
    }
}

impl Drop for Orders {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if self.kind == "postgres" {
            wait_for(async {
                let mut db = PgConnection::connect(&postgres_url("15")).await?;
                let mine = format!(
                    "SELECT datname FROM pg_database WHERE starts_with(datname, 'whimbrel_template_{}')",
                    self.name
                );
                let names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(mine)).fetch_all(&mut db).await?;
                for name in names {
                    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(&mut db).await?;
                }
                Ok::<_, sqlx::Error>(())
            })
            .unwrap();
        }
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Finds the URL that a process printed.
fn url_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.split_once("url: ")).unwrap_or_else(|| panic!("no URL in {text}"));
    line.1.to_owned()
}

fn exists(url: &str) -> bool {
    match url.strip_prefix("sqlite:") {
        Some(path) => Path::new(path).exists(),
        None => wait_for(async { PgConnection::connect(url).await.is_ok() }),
    }
}

fn wait_for<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

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
        other => panic!("no such order: {other}"),
    }
}

/// Looks that nobody else has written to the database, and writes to it.
async fn alone(database: TestDatabase) -> sqlx::Result<()> {
    println!("url: {}", database.url("main").unwrap());
    let (write, read) = ("INSERT INTO birds VALUES (1)", "SELECT count(*) FROM birds");
    let count: i64 = if database.url("main").unwrap().starts_with("sqlite:") {
        let mut db = database.connect_sqlite().await.unwrap();
        sqlx::raw_sql(write).execute(&mut db).await?;
        sqlx::query_scalar(read).fetch_one(&mut db).await?
    } else {
        let mut db = database.connect_postgres().await.unwrap();
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
    let write = "INSERT INTO birds VALUES (1)";
    if registry.databases()[0].kind() == DatabaseKind::Sqlite {
        run(registry, "sqlite", async |mut db: SqliteConnection, pool: SqlitePool, mut all: Databases| {
            sqlx::raw_sql(write).execute(&mut db).await.unwrap();
            let count: i64 = sqlx::query_scalar("SELECT count(*) FROM birds").fetch_one(&pool).await.unwrap();
            assert_eq!((count, whimbrel::apply(registry, &mut all).await.unwrap().is_empty()), (1, true));
        });
    } else {
        run(registry, "postgres", async |mut db: PgConnection, pool: PgPool, mut all: Databases| {
            sqlx::raw_sql(write).execute(&mut db).await.unwrap();
            let count: i64 = sqlx::query_scalar("SELECT count(*) FROM birds").fetch_one(&pool).await.unwrap();
            assert_eq!((count, whimbrel::apply(registry, &mut all).await.unwrap().is_empty()), (1, true));
        });
    }
    run(registry, "two", async |database: TestDatabase, mut all: Databases| {
        let urls = Urls::new().with("main", database.url("main").unwrap());
        let mut again = Databases::connect(registry, &urls, Access::ReadOnly).await.unwrap();
        let migrator = whimbrel::Migrator::new(registry);
        assert!(migrator.status(&mut again).await.unwrap().is_current());
        assert_eq!(migrator.history(&mut all).await.unwrap().records().len(), 2);
    });
}

/// Makes the registry that the orders name: a table, and code that counts how often it runs.
fn ordered_registry() -> &'static Registry {
    let salt = std::env::var("OWN_SALT").unwrap_or_default();
    let (kind, code) = match std::env::var("OWN_KIND").unwrap().as_str() {
        "sqlite" => (DatabaseKind::Sqlite, RustWork::Sqlite(count_sqlite)),
        _ => (DatabaseKind::Postgres, RustWork::Postgres(count_postgres)),
    };
    let salted = format!("INSERT INTO birds SELECT 0 WHERE '{salt}' = 'never'");
    let chain = Chain::new(kind).add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)", &salted]);
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

fn count() -> whimbrel::Result<()> {
    use std::io::Write;
    let file = std::env::var("OWN_BUILDS").map_err(|error| whimbrel::Error::new(error.to_string()))?;
    writeln!(std::fs::File::options().create(true).append(true).open(file)?, "built")?;
    if std::env::var("OWN_ORDER").is_ok_and(|order| order == "die while migrating") {
        std::process::abort();
    }
    Ok(())
}
