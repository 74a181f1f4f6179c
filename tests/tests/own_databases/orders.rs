//! What other processes are told to do, and what they leave.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use whimbrel::sqlx::{Connection, MySqlConnection, PgConnection};
use whimbrel_tests::{Server, postgres_url, server_url};

/// What other processes are told to do, with a registry of their own.
pub(crate) struct Orders {
    pub(crate) kind: &'static str,
    name: String,
    folder: PathBuf,
}

impl Orders {
    pub(crate) fn new(kind: &'static str, test: &str) -> Self {
        // The label of templates is made of the name's beginning.
        let mut hash = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&(kind, test, std::process::id()), &mut hash);
        let name = format!("own{:016x}", std::hash::Hasher::finish(&hash));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Orders { kind, name, folder }
    }

    pub(crate) fn command(&self, what: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "obeying::obey", "--ignored", "--nocapture"]);
        command.envs([("OWN_ORDER", what), ("OWN_KIND", self.kind), ("OWN_NAME", &self.name)]);
        command.env("OWN_BUILDS", self.folder.join("builds")).env("TMPDIR", &self.folder);
        if let Some(url) = self.server() {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Gives the server's URL; none where there is no server.
    pub(crate) fn server(&self) -> Option<String> {
        match self.kind {
            "sqlite" => None,
            "postgres" => Some(postgres_url("15")),
            other => Some(server_url(&other.to_uppercase())),
        }
    }

    pub(crate) fn start(&self, what: &str) -> std::process::Child {
        self.command(what).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) fn passing(&self, what: &str) -> String {
        let output = self.command(what).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        text(&output)
    }

    pub(crate) fn failing(&self, what: &str) -> String {
        let output = self.command(what).output().unwrap();
        assert!(!output.status.success(), "{}", text(&output));
        text(&output)
    }

    /// Lists the databases of the registry's templates, finished or not.
    pub(crate) async fn templates(&self) -> (Server, Vec<String>) {
        let place = |column: &str| format!("{column} LIKE 'whimbrel\\_template\\_{}%'", self.name);
        let (server, list) = match self.kind {
            "postgres" => {
                (Server::postgres("15").await, format!("SELECT datname FROM pg_database WHERE {}", place("datname")))
            }
            other => (
                Server::mysql(&other.to_uppercase()).await,
                format!("SELECT schema_name FROM information_schema.schemata WHERE {}", place("schema_name")),
            ),
        };
        let templates = server.column(&list).await;
        (server, templates)
    }

    /// Counts how often the migrations ran.
    pub(crate) fn builds(&self) -> usize {
        std::fs::read_to_string(self.folder.join("builds")).unwrap().lines().count()
    }
}

impl Drop for Orders {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if self.server().is_none() {
            return;
        }
        wait_for(async {
            let (server, templates) = self.templates().await;
            for name in templates {
                server.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
            }
        });
    }
}

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Finds the URL that a process printed.
pub(crate) fn url_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.split_once("url: ")).unwrap_or_else(|| panic!("no URL in {text}"));
    line.1.to_owned()
}

pub(crate) fn exists(url: &str) -> bool {
    match url.strip_prefix("sqlite:") {
        Some(path) => Path::new(path).exists(),
        None if url.starts_with("postgres:") => wait_for(async { PgConnection::connect(url).await.is_ok() }),
        None => wait_for(async { MySqlConnection::connect(url).await.is_ok() }),
    }
}

pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
