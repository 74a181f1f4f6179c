//! PgBouncer in transaction mode, a test's own before a server.

use crate::Server;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A pooler that runs for as long as the value lives.
#[derive(Debug)]
pub struct Pooler {
    child: Child,
    folder: tempfile::TempDir,
    url: String,
}

impl Pooler {
    /// Starts one with additional settings, and waits until it answers.
    ///
    /// # Panics
    /// Where it can't be started; `tests/run` installs it.
    pub async fn start(server: &Server, settings: &str) -> Pooler {
        use std::os::unix::fs::PermissionsExt;
        let (user, rest) =
            server.url().split_once("://").and_then(|(_, rest)| rest.split_once(':')).expect("the URL has a user");
        let (password, rest) = rest.split_once('@').expect("the URL has a password");
        let (place, database) = rest.split_once('/').expect("the URL names a database");
        let (host, server_port) = place.split_once(':').expect("the URL has a port");
        let folder = tempfile::tempdir().expect("a folder below the temporary one");
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).expect("it is the test's own");
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let text = format!(
            "[databases]\n* = host={host} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\nlogfile = {}\npool_mode = transaction\n\
             default_pool_size = 4\n{settings}\n",
            file("users"),
            file("log")
        );
        for (name, text) in [("users", format!("\"{user}\" \"{password}\"\n")), ("ini", text)] {
            std::fs::write(file(name), text).expect("a file in the test's own folder");
        }
        let child = command(&folder.path().join("ini")).spawn().expect("PgBouncer, which `tests/run` installs");
        let mut pooler = Pooler { child, folder, url: format!("postgres://{user}@127.0.0.1:{port}/{database}") };
        pooler.answers(port).await;
        pooler
    }

    /// Gives the URL of the server's database through it.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn answers(&mut self, port: u16) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return;
            }
            assert!(matches!(self.child.try_wait(), Ok(None)), "PgBouncer has ended: {}", self.log());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("PgBouncer does not answer: {}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// It refuses to be root.
fn command(config: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().expect("`id` tells who runs the tests");
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
