//! MySQL and MariaDB: a template is a database, a test's database one that is made like it by the server's own statements.

mod copy;
pub(super) mod definition;

use super::name::{self, Names};
use super::place::{Copied, Place, beside};
use crate::backend::mysql::{Mysql, connect};
use crate::backend::{Backend, Backslash, Rows};
use crate::databases::Access;
use crate::error::{Error, Result, ServerError, ServerErrorClass as Class};
use crate::ledger::quote;
use crate::step::BoxFuture;
use sqlx::mysql::MySqlConnectOptions;

/// Holds a connection to a server and the names of one database's templates and copies on it.
///
/// Its locks belong to the connection: when the process dies they are gone.
#[derive(Debug)]
pub(super) struct Instance {
    database: &'static str,
    url: String,
    connection: Mysql,
    prefix: String,
    template: String,
    tests: String,
    copy: Option<String>,
}

/// The table by which a finished template is known, with the statements of a copy; its comment says when it was made.
const MARK: &str = "whimbrel_template";
/// Everybody may be in this database.
const NOWHERE: &str = "information_schema";
/// In seconds; the longest that both servers take.
const FOR_EVER: u32 = 31_536_000;

// A lock is gone with a connection that the server takes for idle. Without foreign keys tables may come in any order, and
// a zero stays one in a column that counts.
const SESSION: &str = "SET NAMES utf8mb4; SET SESSION wait_timeout = 31536000, SESSION foreign_key_checks = 0, \
                       SESSION unique_checks = 0, SESSION sql_quote_show_create = 1, SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'";

impl Instance {
    pub(super) async fn connect(database: &'static str, url: &str, names: &Names) -> Result<Self> {
        let Names { label, key, test } = names;
        let connection = connect(database, &beside(url, NOWHERE), Access::ReadWrite).await?;
        let prefix = format!("whimbrel_template_{label}_");
        let template = format!("{prefix}{key}");
        let tests = format!("whimbrel_test_{test}_");
        let mut instance = Self { database, url: url.into(), connection, prefix, template, tests, copy: None };
        instance.ask(SESSION.into(), "connecting").await?;
        Ok(instance)
    }

    fn unfinished(&self) -> String {
        format!("{}_wip", self.template)
    }

    async fn send(&mut self, text: String) -> Result<Rows, ServerError> {
        self.connection.ask(text).await
    }

    async fn ask(&mut self, text: String, doing: &'static str) -> Result<Rows> {
        match self.send(text).await {
            Ok(rows) => Ok(rows),
            Err(answer) => Err(self.refused(doing, answer).await),
        }
    }

    /// Says what was refused, and what to grant where that is the reason.
    async fn refused(&mut self, doing: &'static str, mut answer: ServerError) -> Error {
        if answer.is(Class::PermissionDenied) {
            // The server may know the user by another host than the one that it connects from.
            let account = self.send("SELECT CURRENT_USER()".into()).await.unwrap_or_default();
            if let Some((user, host)) = first(&account).and_then(|account| account.rsplit_once('@')) {
                let hint = format!("an administrator lets it: GRANT ALL ON `whimbrel\\_%`.* TO '{user}'@'{host}'");
                answer.notes.get_or_insert_default().hint = Some(hint);
            }
        }
        Error::server_refused(self.database, doing, answer)
    }

    /// Takes a lock, waiting so many seconds; tells whether it did.
    async fn locked(&mut self, name: &str, seconds: u32) -> Result<bool> {
        let text = format!("SELECT GET_LOCK({}, {seconds})", lock(name));
        let rows = self.ask(text, "waiting for the test's template").await?;
        Ok(first(&rows) == Some("1"))
    }

    async fn locked_at_last(&mut self, name: &str) -> Result<()> {
        match self.locked(name, FOR_EVER).await? {
            true => Ok(()),
            false => {
                Err(Error::new("the server did not give the lock of the test's template; run the tests once more"))
            }
        }
    }

    async fn unlocked(&mut self, name: &str) -> Result<()> {
        let text = format!("SELECT RELEASE_LOCK({})", lock(name));
        self.ask(text, "unlocking the test's template").await.map(drop)
    }

    async fn create_database(&mut self, name: &str, like: &str, doing: &'static str) -> Result<()> {
        let text = format!(
            "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name = {}",
            string(like)?
        );
        let rows = self.ask(text, doing).await?;
        let alike = match rows.first().map(Vec::as_slice) {
            Some([Some(charset), Some(collation)]) => format!("CHARACTER SET {charset} COLLATE {collation}"),
            // As `init` would make it.
            _ => "CHARACTER SET utf8mb4".into(),
        };
        self.ask(format!("CREATE DATABASE {} {alike}", identifier(name)?), doing).await.map(drop)
    }

    async fn drop_database(&mut self, name: &str) -> Result<()> {
        let text = format!("SELECT 1 FROM information_schema.schemata WHERE schema_name = {}", string(name)?);
        if self.ask(text, "looking for the test's database").await?.is_empty() {
            return Ok(());
        }
        // Whoever is still connected is a pool that the test forgot, and may keep a table locked.
        let text = format!(
            "SELECT id FROM information_schema.processlist WHERE db = {} AND id <> CONNECTION_ID()",
            string(name)?
        );
        for id in self.ask(text, "ending the test's connections").await?.into_iter().flatten().flatten() {
            // It may be gone by now.
            let _ = self.send(format!("KILL {id}")).await;
        }
        let text = format!("DROP DATABASE IF EXISTS {}", identifier(name)?);
        self.ask(text, "removing the test's database").await.map(drop)
    }

    async fn within(&mut self, name: &str) -> Result<()> {
        self.ask(format!("USE {}", identifier(name)?), "looking at the test's template").await.map(drop)
    }

    async fn ready(&mut self) -> Result<bool> {
        let text = format!(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = {} AND table_name = '{MARK}'",
            string(&self.template)?
        );
        Ok(!self.ask(text, "looking for the test's template").await?.is_empty())
    }

    async fn begun(&mut self) -> Result<String> {
        let name = self.unfinished();
        self.drop_database(&name).await?;
        let options = self.url.parse::<MySqlConnectOptions>();
        let like = options.ok().and_then(|options| options.get_database().map(str::to_owned)).unwrap_or_default();
        self.create_database(&name, &like, "creating the test's template").await?;
        Ok(beside(&self.url, &name))
    }

    /// Makes the template the first copy, so that it is known whether a copy is like what the migrations made.
    async fn finished(&mut self) -> Result<()> {
        const DOING: &str = "making the test's template";
        let (unfinished, template) = (self.unfinished(), self.template.clone());
        self.drop_database(&template).await?;
        self.create_database(&template, &unfinished, DOING).await?;
        let statements = match self.first_copy(&unfinished, &template).await {
            Ok(Some(statements)) => statements,
            Ok(None) => {
                tracing::info!(
                    database = self.database,
                    "a copy would not be like the template: migrations run for each test"
                );
                Vec::new()
            }
            // What the server does not take a second time can't be copied, and is no mistake of the migrations'.
            Err(error) => {
                tracing::info!(
                    database = self.database,
                    "the template can't be copied, so migrations run for each test: {error:#}"
                );
                Vec::new()
            }
        };
        self.within(&template).await?;
        self.ask(SESSION.into(), DOING).await?;
        let mut text = format!(
            "SET @made = UTC_TIMESTAMP(6); CREATE TABLE {MARK}_wip (n int PRIMARY KEY, statement longtext) CHARACTER SET utf8mb4"
        );
        for (n, statement) in statements.iter().enumerate() {
            text.push_str(&format!(";\nINSERT INTO {MARK}_wip VALUES ({n}, {})", string(statement)?));
        }
        self.ask(text, DOING).await?;
        let made = self.ask("SELECT @made".into(), DOING).await?;
        let made = string(first(&made).unwrap_or_default())?;
        self.ask(format!("ALTER TABLE {MARK}_wip COMMENT = {made}, RENAME TO {MARK}"), DOING).await?;
        self.within(NOWHERE).await?;
        self.drop_database(&unfinished).await?;
        self.sweep().await
    }

    /// Removes the oldest templates, and those that nobody finishes any more.
    async fn sweep(&mut self) -> Result<()> {
        let text = format!(
            "SELECT s.schema_name, t.table_comment FROM information_schema.schemata s LEFT JOIN information_schema.tables t ON \
             t.table_schema = s.schema_name AND t.table_name = '{MARK}' WHERE {} ORDER BY t.table_comment DESC",
            begins("s.schema_name", &self.prefix)?
        );
        let found = self.ask(text, "listing the tests' templates").await?;
        let mut kept = 0;
        for row in found {
            let (Some(Some(name)), is_whole) = (row.first(), row.get(1).is_some_and(Option::is_some)) else { continue };
            if is_whole && kept < name::KEPT {
                kept += 1;
                continue;
            }
            let template = name.trim_end_matches("_wip");
            if template != self.template && self.locked(template, 0).await? {
                // The mark goes first: whoever is copying finds out that the rest may not be there.
                let _ = self.send(format!("DROP TABLE IF EXISTS {}.{MARK}", identifier(name)?)).await;
                let _ = self.drop_database(name).await;
                self.unlocked(template).await?;
            }
        }
        Ok(())
    }

    async fn left_overs_removed(&mut self) -> Result<()> {
        let text = format!(
            "SELECT s.schema_name FROM information_schema.schemata s WHERE {} AND NOT EXISTS (SELECT 1 FROM \
             information_schema.processlist p WHERE p.db = s.schema_name)",
            begins("s.schema_name", &self.tests)?
        );
        for name in self.ask(text, "listing the tests' databases").await?.into_iter().flatten().flatten() {
            if self.locked(&name, 0).await? {
                self.drop_database(&name).await?;
                self.unlocked(&name).await?;
            }
        }
        Ok(())
    }

    async fn copied(&mut self) -> Result<Option<Copied>> {
        const DOING: &str = "copying the test's template";
        let name = format!("{}{}", self.tests, name::ending());
        let template = self.template.clone();
        self.locked_at_last(&name).await?;
        let text = format!("SELECT statement FROM {}.{MARK} ORDER BY n", identifier(&template)?);
        let statements = match self.send(text).await {
            Ok(rows) => rows.into_iter().flatten().flatten().collect::<Vec<_>>(),
            Err(answer) => return self.not_copied(&name, answer).await,
        };
        self.create_database(&name, &template, DOING).await?;
        self.within(&name).await?;
        self.copy = Some(name.clone());
        // A statement may end in a comment.
        let text = statements.join("\n;\n");
        if !statements.is_empty()
            && let Err(answer) = self.send(text).await
        {
            return self.not_copied(&name, answer).await;
        }
        self.ask(SESSION.into(), DOING).await?;
        self.within(NOWHERE).await?;
        if !self.ready().await? {
            return self.not_copied(&name, ServerError::other("the template is gone")).await;
        }
        Ok(Some(Copied { url: beside(&self.url, &name), migrated: !statements.is_empty() }))
    }

    /// Ends a copy that was not made: for nothing where the template is gone.
    async fn not_copied(&mut self, name: &str, answer: ServerError) -> Result<Option<Copied>> {
        self.within(NOWHERE).await?;
        if self.copy.take().is_some() {
            self.drop_database(name).await?;
        }
        self.unlocked(name).await?;
        match self.ready().await? {
            true => Err(self.refused("copying the test's template", answer).await),
            false => Ok(None),
        }
    }

    async fn removed(&mut self) -> Result<()> {
        match self.copy.take() {
            Some(name) => self.drop_database(&name).await,
            None => Ok(()),
        }
    }
}

impl Place for Instance {
    fn database(&self) -> &'static str {
        self.database
    }
    fn lock(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.locked_at_last(&self.template.clone()).await })
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

fn first(rows: &Rows) -> Option<&str> {
    rows.first()?.first()?.as_deref()
}

fn identifier(name: &str) -> Result<String> {
    quote::identifier(name, '`')
}

fn string(text: &str) -> Result<String> {
    quote::string(text, Backslash::Bytes)
}

/// Says of a column that it begins so; an underscore is no wildcard.
fn begins(column: &str, beginning: &str) -> Result<String> {
    Ok(format!("LEFT({column}, {}) = {}", beginning.len(), string(beginning)?))
}

/// Writes the name of a lock, which is one of the whole server's.
fn lock(name: &str) -> String {
    format!("'whimbrel test:{:016x}'", name::lock_key(name))
}
