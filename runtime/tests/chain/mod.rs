//! Registries written by hand, as the build script would write them.

#![allow(dead_code, unreachable_pub)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use whimbrel::__private::{
    Anchor, Check, Database, DatabaseKind, Migration, Migrations, Retry, RustCheck, RustWork, Script, Statement,
    Version, Work,
};
use whimbrel::{Access, BoxFuture, Databases, Registry, SqliteStep, Urls};

/// Builds a chain of migrations on one SQLite database named `main`.
#[derive(Default)]
pub struct Chain(Vec<Migration>);

impl Chain {
    /// Adds a migration of SQL.
    pub fn sql(self, id: &'static str, up: &'static str) -> Self {
        self.with(id, Work::Script(script(up, 0)), checksum(up))
    }

    /// Adds a migration of Rust code.
    pub fn rust(
        self,
        id: &'static str,
        up: for<'a> fn(&'a mut SqliteStep) -> BoxFuture<'a, whimbrel::Result<()>>,
    ) -> Self {
        self.with(id, Work::Rust(RustWork::Sqlite(up)), checksum(id))
    }

    fn with(mut self, id: &'static str, up: Work, checksum: &'static str) -> Self {
        let number = id.split('_').next().unwrap().parse().unwrap();
        self.0.push(Migration {
            id,
            number,
            source: id,
            file: "src/migrations/mod.rs",
            line: 10,
            description: id,
            checksum,
            text_checksum: checksum,
            up,
            ..Migration::BLANK
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Migration)) -> Self {
        change(self.0.last_mut().unwrap());
        self
    }

    pub fn down(self, down: &'static str) -> Self {
        self.last(|m| m.down = Some(Work::Script(script(down, 100))))
    }
    pub fn require(self, query: &'static str) -> Self {
        self.last(|m| m.require = Some(Check::Script(script(query, 200))))
    }
    pub fn verify(self, query: &'static str) -> Self {
        self.last(|m| m.verify = Some(Check::Script(script(query, 300))))
    }
    pub fn verify_rust(self, check: for<'a> fn(&'a mut SqliteStep) -> BoxFuture<'a, whimbrel::Result<bool>>) -> Self {
        self.last(|m| m.verify = Some(Check::Rust(RustCheck::Sqlite(check))))
    }
    pub fn stepwise(self) -> Self {
        self.last(|m| m.transactional = false)
    }
    pub fn irreversible(self, reason: &'static str) -> Self {
        self.last(|m| m.irreversible = Some(reason))
    }
    pub fn after(self, ids: &'static [&'static str]) -> Self {
        self.last(|m| m.after = Some(ids))
    }
    pub fn schema(self, version: Version) -> Self {
        self.last(|m| m.schema = Some(version))
    }

    /// Gives the registry; it lives as long as the test process, as a compiled one does.
    pub fn registry(self) -> &'static Registry {
        self.named("app")
    }

    pub fn named(self, name: &'static str) -> &'static Registry {
        static MAIN: &[Database] = &[Database { name: "main", kind: DatabaseKind::Sqlite, digest: "", catalog: "" }];
        Box::leak(Box::new(Registry {
            name,
            app_version: "1.4.0",
            digest: "",
            databases: MAIN,
            migrations: Migrations::Made(self.0.leak()),
        }))
    }
}

fn checksum(text: &str) -> &'static str {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Box::leak(format!("{:064x}", hasher.finish()).into_boxed_str())
}

/// Splits at semicolons that end a line: these scripts are written for it.
fn script(text: &'static str, line: u32) -> Script {
    let mut statements = Vec::new();
    let (mut start, mut inside) = (0, false);
    for part in text.split_inclusive(";\n") {
        let end = start + part.len();
        let body = part.trim_end().trim_end_matches(';');
        let lead = body.len() - body.trim_start().len();
        if !body.trim().is_empty() {
            let word = body.split_whitespace().next().unwrap();
            inside |= word == "BEGIN";
            let retry = match word {
                "VACUUM" | "PRAGMA" => Retry::Again,
                "REINDEX" => Retry::Ask,
                "COMMIT" => Retry::Closes,
                _ if inside => Retry::Inside,
                _ => Retry::Together,
            };
            inside &= word != "COMMIT";
            statements.push(Statement { start: (start + lead) as u32, end: (start + body.len()) as u32, retry });
        }
        start = end;
    }
    let anchor = Anchor { offset: 0, file: "src/migrations/mod.rs", line: line + 1, column: 1 };
    Script { text, file: "", statements: statements.leak(), anchors: vec![anchor].leak() }
}

pub fn url(file: &Path) -> Urls {
    Urls::new().with("main", format!("sqlite:{}", file.display()))
}

pub async fn open(registry: &'static Registry, file: &Path) -> Databases {
    Databases::connect(registry, &url(file), Access::ReadWrite).await.unwrap()
}

/// Asks for one value as text.
pub async fn ask(databases: &mut Databases, query: &'static str) -> String {
    let row: (String,) = sqlx::query_as(query).fetch_one(databases.sqlite("main").unwrap()).await.unwrap();
    row.0
}

pub async fn tables(databases: &mut Databases) -> String {
    ask(
        databases,
        "SELECT coalesce(group_concat(name), '') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' AND name \
         NOT LIKE 'whimbrel%' AND name NOT LIKE 'sqlite%' ORDER BY name)",
    )
    .await
}

pub async fn events(databases: &mut Databases) -> String {
    ask(
        databases,
        "SELECT group_concat(event || coalesce(' ' || statement, ''), ', ') FROM (SELECT * FROM whimbrel_events ORDER \
         BY seq)",
    )
    .await
}

pub use whimbrel::sqlx;
