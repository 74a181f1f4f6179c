//! PostgreSQL: a template is a database, a test's database one made from it by the server.

use super::name::{self, Names};
use super::place::{Copied, Place, beside};
use crate::backend::postgres::{Postgres, connect};
use crate::backend::{Backend, Backslash, Rows};
use crate::databases::Access;
use crate::error::{Error, Result, ServerError};
use crate::ledger::quote;
use crate::step::BoxFuture;

/// Holds a connection to a server and the names of one database's templates and copies on it.
///
/// Its advisory locks belong to the connection: when the process dies they are gone.
#[derive(Debug)]
pub(super) struct Cluster {
    database: &'static str,
    url: String,
    connection: Postgres,
    prefix: String,
    template: String,
    tests: String,
    copy: Option<String>,
}

impl Cluster {
    pub(super) async fn connect(database: &'static str, url: &str, names: &Names) -> Result<Self> {
        let Names { label, key, test } = names;
        // Advisory locks hold within one database, so all tests have to meet in the same.
        let connection = match connect(database, &beside(url, "postgres"), Access::ReadWrite).await {
            Err(error) if error.is_no_database() => connect(database, url, Access::ReadWrite).await?,
            connected => connected?,
        };
        let prefix = format!("whimbrel_template_{label}_");
        let template = format!("{prefix}{key}");
        let tests = format!("whimbrel_test_{test}_");
        Ok(Self { database, url: url.into(), connection, prefix, template, tests, copy: None })
    }

    fn unfinished(&self) -> String {
        format!("{}_wip", self.template)
    }

    async fn send(&mut self, text: String) -> Result<Rows, ServerError> {
        self.connection.ask(text).await
    }

    async fn ask(&mut self, text: String, doing: &'static str) -> Result<Rows> {
        let answer = self.send(text).await;
        answer.map_err(|answer| Error::server_refused(self.database, doing, answer))
    }

    async fn locked(&mut self, name: &str) -> Result<()> {
        let text = format!("SELECT pg_advisory_lock({})", name::lock_key(name));
        self.ask(text, "waiting for the test's template").await.map(drop)
    }

    async fn unlocked(&mut self, name: &str) -> Result<()> {
        let text = format!("SELECT pg_advisory_unlock({})", name::lock_key(name));
        self.ask(text, "unlocking the test's template").await.map(drop)
    }

    async fn drop_database(&mut self, name: &str) -> Result<()> {
        // Whoever is still connected is a pool that the test forgot, or a connection that is just closing.
        let text = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {} AND pid <> pg_backend_pid()",
            quote::string(name, Backslash::Escape)?
        );
        self.ask(text, "ending the test's connections").await?;
        let text = format!("DROP DATABASE IF EXISTS {}", quote::identifier(name, '"')?);
        self.ask(text, "removing the test's database").await.map(drop)
    }

    /// Lists databases by the beginning of their names, the newest first, those that nobody is connected to.
    async fn idle(&mut self, beginning: &str) -> Result<Vec<String>> {
        let text = format!(
            "SELECT d.datname FROM pg_database d WHERE starts_with(d.datname, {}) AND NOT EXISTS (SELECT FROM \
             pg_stat_activity a WHERE a.datid = d.oid) ORDER BY d.oid DESC",
            quote::string(beginning, Backslash::Escape)?
        );
        let rows = self.ask(text, "listing the tests' databases").await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    async fn ready(&mut self) -> Result<bool> {
        let text =
            format!("SELECT 1 FROM pg_database WHERE datname = {}", quote::string(&self.template, Backslash::Escape)?);
        Ok(!self.ask(text, "looking for the test's template").await?.is_empty())
    }

    async fn begun(&mut self) -> Result<String> {
        let name = self.unfinished();
        self.drop_database(&name).await?;
        let text = format!("CREATE DATABASE {}", quote::identifier(&name, '"')?);
        self.ask(text, "creating the test's template").await?;
        Ok(beside(&self.url, &name))
    }

    async fn finished(&mut self) -> Result<()> {
        let (unfinished, template) = (self.unfinished(), self.template.clone());
        self.drop_database(&template).await?;
        let name = quote::identifier(&unfinished, '"')?;
        // Nobody may connect to a template: it would change, and it could not be copied meanwhile.
        let doing = "making the test's template";
        self.ask(format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"), doing).await?;
        let text = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}",
            quote::string(&unfinished, Backslash::Escape)?
        );
        self.ask(text, doing).await?;
        self.ask(format!("ALTER DATABASE {name} RENAME TO {}", quote::identifier(&template, '"')?), doing).await?;
        let prefix = self.prefix.clone();
        for old in self.idle(&prefix).await?.iter().skip(name::KEPT) {
            // Another process may take it away, or a copy be made of it, at the same time.
            let _ = self.send(format!("DROP DATABASE IF EXISTS {}", quote::identifier(old, '"')?)).await;
        }
        Ok(())
    }

    async fn left_overs_removed(&mut self) -> Result<()> {
        let tests = self.tests.clone();
        for name in self.idle(&tests).await? {
            let text = format!("SELECT pg_try_advisory_lock({})", name::lock_key(&name));
            let rows = self.ask(text, "looking for running tests").await?;
            if rows.first().and_then(|row| row.first()).is_some_and(|taken| taken.as_deref() == Some("t")) {
                self.drop_database(&name).await?;
                self.unlocked(&name).await?;
            }
        }
        Ok(())
    }

    async fn copied(&mut self) -> Result<Option<Copied>> {
        let name = format!("{}{}", self.tests, name::ending());
        self.locked(&name).await?;
        let (copy, template) = (quote::identifier(&name, '"')?, quote::identifier(&self.template, '"')?);
        match self.send(format!("CREATE DATABASE {copy} TEMPLATE {template}")).await {
            Ok(_) => {
                let url = beside(&self.url, &name);
                self.copy = Some(name);
                Ok(Some(Copied { url, migrated: true }))
            }
            Err(answer) if answer.code() == Some("3D000") => self.unlocked(&name).await.map(|()| None),
            Err(answer) => Err(Error::server_refused(self.database, "copying the test's template", answer)),
        }
    }

    async fn removed(&mut self) -> Result<()> {
        match self.copy.take() {
            Some(name) => self.drop_database(&name).await,
            None => Ok(()),
        }
    }
}

impl Place for Cluster {
    fn database(&self) -> &'static str {
        self.database
    }
    fn lock(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.locked(&self.template.clone()).await })
    }
    fn unlock(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.unlocked(&self.template.clone()).await })
    }
    fn is_ready(&mut self) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async { self.ready().await })
    }
    fn begin(&mut self) -> BoxFuture<'_, Result<String>> {
        Box::pin(async { self.begun().await })
    }
    fn finish(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.finished().await })
    }
    fn discard(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.drop_database(&self.unfinished()).await })
    }
    fn remove_left_overs(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.left_overs_removed().await })
    }
    fn copy(&mut self) -> BoxFuture<'_, Result<Option<Copied>>> {
        Box::pin(async { self.copied().await })
    }
    fn remove(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.removed().await })
    }
}
