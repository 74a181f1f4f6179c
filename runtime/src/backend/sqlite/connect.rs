//! Opening a SQLite file, and the words when that can't be done.

use super::Sqlite;
use crate::databases::Access;
use crate::error::{Error, Kind, Result, ServerError, ServerErrorClass as Class};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::Path;

/// Opens a database; for writing the file is made where it is not there, for reading it never is.
pub(crate) async fn connect(database: &str, url: &str, access: Access) -> Result<Sqlite> {
    let mut options = options(database, url)?;
    let path = options.get_filename().to_owned();
    let memory = in_memory(url);
    options = match access {
        Access::ReadWrite if url.contains("mode=ro") => options,
        Access::ReadWrite => options.create_if_missing(true),
        Access::ReadOnly if !memory && !path.exists() => return Ok(Sqlite::new(None, true)),
        Access::ReadOnly => options.read_only(true),
    };
    match options.connect().await {
        Ok(connection) => Ok(Sqlite::new(Some(connection), true)),
        Err(error) => Err(explain(database, url, &path, error.into())),
    }
}

/// Tells whether the file is there; a database in memory always is.
pub(crate) fn exists(database: &str, url: &str) -> Result<bool> {
    Ok(in_memory(url) || options(database, url)?.get_filename().exists())
}

fn in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

fn options(database: &str, url: &str) -> Result<SqliteConnectOptions> {
    let invalid = |reason: String| Error::from(Kind::InvalidUrl { database: database.into(), reason });
    let options = if url.starts_with("sqlite:") {
        url.parse::<SqliteConnectOptions>().map_err(|error| match error {
            sqlx::Error::Configuration(reason) => invalid(reason.to_string()),
            other => invalid(other.to_string()),
        })?
    } else if !url.contains("://") && [".db", ".sqlite", ".sqlite3"].iter().any(|end| url.ends_with(end)) {
        SqliteConnectOptions::new().filename(url)
    } else {
        return Err(invalid("a SQLite URL is `sqlite:path`, `sqlite::memory:` or a path ending in `.db`".into()));
    };
    // SQLite would take it for a URL of its own, and so for another file than everybody else.
    if !in_memory(url) && options.get_filename().to_string_lossy().starts_with("file:") {
        return Err(invalid("`file:` is SQLite's own kind of URL; write `sqlite:path`".into()));
    }
    if options.get_filename().as_os_str().is_empty() && !in_memory(url) {
        return Err(invalid("it names no file; write `sqlite:path`".into()));
    }
    // Nothing that whimbrel sends is worth a warning about its slowness.
    Ok(options.disable_statement_logging())
}

fn explain(database: &str, url: &str, path: &Path, answer: ServerError) -> Error {
    let database = database.to_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        let reason = format!("the folder `{}` does not exist; create it, or correct the path", folder.display());
        return Kind::NoDatabase { database, url: url.into(), reason }.into();
    }
    if path.is_dir() {
        let reason = "the path is a folder; name a file in it".into();
        return Kind::NoDatabase { database, url: url.into(), reason }.into();
    }
    if answer.is(Class::NotADatabase) {
        return Error::from(Kind::NotADatabase { database }).caused_by(answer);
    }
    let reason = "the file can't be opened; check the permissions of the file and of its folder".into();
    Error::from(Kind::Unreachable { database, url: url.into(), reason }).caused_by(answer)
}

/// Finds the byte of a statement that SQLite's message is about, where it names a word that occurs only once.
pub(super) fn culprit(statement: &str, message: &str) -> Option<usize> {
    let word = message
        .strip_prefix("near \"")
        .and_then(|rest| rest.split_once("\": syntax error").map(|(word, _)| word))
        .or_else(|| {
            ["no such column: ", "no such table: ", "no such function: "].iter().find_map(|p| message.strip_prefix(p))
        })?;
    // `"x" - should this be a string literal…` and `schema.name` both begin with what was written.
    let word = word.split(" - ").next().unwrap_or(word).trim_matches('"');
    let word = word.strip_prefix("main.").filter(|_| !statement.contains(word)).unwrap_or(word);
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let symbol = !part(word.chars().next());
    let mut found = statement.match_indices(word).map(|(at, _)| at).filter(|&at| {
        let (before, after) = (statement.get(..at), statement.get(at + word.len()..));
        symbol || !(part(before.and_then(|s| s.chars().next_back())) || part(after.and_then(|s| s.chars().next())))
    });
    match (found.next(), found.next()) {
        (Some(at), None) if !word.is_empty() => Some(at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::culprit;

    #[test]
    fn a_word_that_occurs_once_is_found() {
        let sql = "CREATE TABLE a (\n id INTEGER NOT NUL)";
        assert_eq!(culprit(sql, "near \"NUL\": syntax error"), sql.find("NUL)"));
        assert_eq!(culprit("SELECT nope FROM t", "no such column: nope"), Some(7));
        assert_eq!(culprit("SELECT 1 FROM nope", "no such table: main.nope"), Some(14));
    }

    #[test]
    fn an_ambiguous_word_is_not_guessed() {
        assert_eq!(culprit("SELECT a, a FROM t", "no such column: a"), None);
        assert_eq!(culprit("SELECT ab FROM t", "no such column: a"), None);
        assert_eq!(culprit("SELECT 1", "some other message"), None);
    }
}
