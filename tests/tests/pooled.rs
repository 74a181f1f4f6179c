//! Through PgBouncer in transaction mode, as it is by default and as it is told to pass over what it does not know.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use whimbrel::__private::{BoxFuture, RustWork};
use whimbrel::{Access, Databases, Migrator, PostgresStep, Registry, Target, Urls, sqlx};
use whimbrel_tests::{Chain, Server};

/// A pooler of the test's own before a server.
struct Pooler {
    child: Child,
    folder: tempfile::TempDir,
    urls: Urls,
}

impl Pooler {
    async fn start(server: &Server, settings: &str) -> Pooler {
        use std::os::unix::fs::PermissionsExt;
        let (user, rest) = server.url().split_once("://").unwrap().1.split_once(':').unwrap();
        let (password, rest) = rest.split_once('@').unwrap();
        let (place, database) = rest.split_once('/').unwrap();
        let (host, server_port) = place.split_once(':').unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(file("users"), format!("\"{user}\" \"{password}\"\n")).unwrap();
        let text = format!(
            "[databases]\n* = host={host} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\nlogfile = {}\npool_mode = transaction\n\
             default_pool_size = 4\n{settings}\n",
            file("users"),
            file("log")
        );
        std::fs::write(file("ini"), text).unwrap();
        let child = command(&folder.path().join("ini")).spawn().expect("PgBouncer, which `tests/run` installs");
        let url = format!("postgres://{user}@127.0.0.1:{port}/{database}");
        let mut pooler = Pooler { child, folder, urls: Urls::new().with("main", url) };
        pooler.answers(port).await;
        pooler
    }

    async fn answers(&mut self, port: u16) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "{}", self.log());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("PgBouncer does not answer: {}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    async fn open(&self, registry: &Registry) -> Databases {
        Databases::connect(registry, &self.urls, Access::ReadWrite).await.unwrap()
    }
}

/// It refuses to be root.
fn command(config: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut command = Command::new("pgbouncer");
    if id.stdout == b"0\n" {
        command.args(["-u", "nobody"]);
    }
    command.arg(config).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One that refuses what it does not know, and one that passes over it.
const SETTINGS: [&str; 2] = ["", "ignore_startup_parameters = options,extra_float_digits"];

fn insert<'a>(step: &'a mut PostgresStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async move {
        for name in ["a", "b"] {
            sqlx::query("INSERT INTO users VALUES ($1)").bind(name).execute(&mut *step).await?;
        }
        Ok(())
    })
}

fn chain(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)"])
        .down(&["DROP TABLE users"])
        .add_code("0002_names", RustWork::Postgres(insert))
        .add("0003_more", &["SET search_path = public", "INSERT INTO users VALUES ('c')"])
        .verify("SELECT count(*) = 3 FROM users")
        .down(&["DELETE FROM users WHERE name = 'c'"])
}

/// Tells what nobody gave back, and what was done.
async fn all_is_well(server: &Server) {
    assert_eq!(server.column("SELECT name FROM users ORDER BY 1").await, ["a", "b", "c"]);
    assert_eq!(server.column("SELECT id FROM whimbrel_history WHERE registry = 'chain'").await.len(), 3);
    assert_eq!(server.column("SELECT locktype FROM pg_locks WHERE locktype = 'advisory'").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_is_applied_once_whoever_comes() {
    for settings in SETTINGS {
        let server = Server::postgres("15").await;
        let pooler = Pooler::start(&server, settings).await;
        let registry = chain(&server).registry();
        let mut runs = Vec::new();
        for _ in 0..8 {
            let mut databases = pooler.open(registry).await;
            runs.push(tokio::spawn(async move { whimbrel::apply(registry, &mut databases).await }));
        }
        let mut done = 0;
        for run in runs {
            done += run.await.unwrap().unwrap_or_else(|error| panic!("{settings}: {error:?}")).done.len();
        }
        assert_eq!(done, 3, "{settings}");
        all_is_well(&server).await;
        let mut databases = pooler.open(registry).await;
        assert!(whimbrel::apply(registry, &mut databases).await.unwrap().is_empty());
        assert!(Migrator::new(registry).check(&mut databases).await.unwrap().is_ready());
        assert_eq!(Migrator::new(registry).rollback(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
        assert_eq!(Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
        all_is_well(&server).await;
    }
}

#[tokio::test]
async fn what_needs_a_connection_of_its_own_is_refused_before_anything_is_done() {
    for settings in SETTINGS {
        let server = Server::postgres("15").await;
        let pooler = Pooler::start(&server, settings).await;
        let index = "CREATE INDEX CONCURRENTLY users_name ON users (name)";
        let registry = chain(&server).add("0004_index", &[index]).without_transaction().registry();
        let error = whimbrel::apply(registry, &mut pooler.open(registry).await).await.unwrap_err();
        assert!(error.is_configuration(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("`0004_index` has no transaction, and a pooler stands between"), "{text}");
        assert_eq!(server.tables().await, [""; 0], "{settings}");
        // With the server's own URL the same goes through.
        let mut direct = server.open(registry, Access::ReadWrite).await.unwrap();
        assert_eq!(whimbrel::apply(registry, &mut direct).await.unwrap().done.len(), 4);
        assert!(whimbrel::apply(registry, &mut pooler.open(registry).await).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_failure_leaves_nothing_and_is_written_down() {
    let server = Server::postgres("15").await;
    let pooler = Pooler::start(&server, SETTINGS[0]).await;
    let registry = chain(&server).add("0004_wrong", &["INSERT INTO users VALUES ('d')", "nonsense"]).registry();
    let error = whimbrel::apply(registry, &mut pooler.open(registry).await).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    all_is_well(&server).await;
    assert_eq!(server.column("SELECT id FROM whimbrel_events WHERE event = 'failed'").await, ["0004_wrong"]);
}
