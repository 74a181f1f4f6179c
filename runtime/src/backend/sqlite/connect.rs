//! Opening a SQLite file, and the words when that can't be done.

use super::Sqlite;
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerError, ServerErrorClass as Class};
use crate::migrator::LOCK_WAIT;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::io::ErrorKind;
use std::path::Path;

/// Opens a database; for writing the file is made where it is not there, for reading it never is.
pub(crate) async fn connect(database: &str, url: &str, access: Access) -> Result<Sqlite> {
    let options = options(database, url)?;
    let there = in_memory(url) || is_there(database, url, options.get_filename())?;
    let options = match access {
        Access::ReadOnly if !there => return Ok(Sqlite::new(None, true)),
        Access::ReadOnly => options.read_only(true),
        Access::ReadWrite if !url.contains("mode=ro") => options.create_if_missing(true),
        Access::ReadWrite if !there => {
            let reason = "the file does not exist, and `mode=ro` in the URL keeps it from being created";
            return Err(not_there(database, url, reason));
        }
        Access::ReadWrite => options,
    };
    match options.busy_timeout(LOCK_WAIT).connect().await {
        Ok(connection) => Ok(Sqlite::new(Some(connection), true)),
        Err(error) => Err(explain(database, url, error.into())),
    }
}

/// Tells whether the file is there; a database in memory always is.
pub(crate) fn exists(database: &str, url: &str) -> Result<bool> {
    Ok(in_memory(url) || is_there(database, url, options(database, url)?.get_filename())?)
}

/// Tells whether the file is there or could be, and refuses what is none without opening it: a pipe would never answer.
fn is_there(database: &str, url: &str, path: &Path) -> Result<bool> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match (std::fs::metadata(path), folder) {
        (Ok(found), _) if found.is_file() => Ok(true),
        (Ok(found), _) if found.is_dir() => Err(not_there(database, url, "the path is a folder; name a file in it")),
        (Ok(_), _) => Err(not_there(database, url, "the path is a pipe, a socket or a device; name a file")),
        (Err(error), Some(folder)) if error.kind() == ErrorKind::NotFound && !folder.exists() => {
            let reason = format!("the folder `{}` does not exist; create it, or correct the path", folder.display());
            Err(not_there(database, url, &reason))
        }
        (Err(error), _) if error.kind() == ErrorKind::NotFound => Ok(false),
        (Err(error), _) => {
            let reason = "the file can't be looked at; check the path, and the permissions of its folders".into();
            let kind = Kind::Unreachable { database: database.into(), url: redact(url), reason };
            Err(Error::from(kind).caused_by(error))
        }
    }
}

fn not_there(database: &str, url: &str, reason: &str) -> Error {
    Kind::NoDatabase { database: database.into(), url: redact(url), reason: reason.into() }.into()
}

fn in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

fn options(database: &str, url: &str) -> Result<SqliteConnectOptions> {
    let invalid = |reason: String| Error::from(Kind::InvalidUrl { database: database.into(), reason });
    if names_a_user(url) {
        return Err(invalid("a SQLite file has no user and no password; write `sqlite:path`".into()));
    }
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

/// Tells a user and a password, as servers' URLs have them, from a path with an `@` in it.
fn names_a_user(url: &str) -> bool {
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    authority.and_then(|authority| authority.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':'))
}

fn explain(database: &str, url: &str, answer: ServerError) -> Error {
    let database = database.to_owned();
    if answer.is(Class::NotADatabase) {
        return Error::from(Kind::NotADatabase { database }).caused_by(answer);
    }
    let reason = "the file can't be opened; check the permissions of the file and of its folder".into();
    Error::from(Kind::Unreachable { database, url: redact(url), reason }).caused_by(answer)
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
    use super::{culprit, names_a_user};

    #[test]
    fn a_word_that_occurs_once_is_found() {
        let sql = "CREATE TABLE a (\n id INTEGER NOT NUL)";
        assert_eq!(culprit(sql, "near \"NUL\": syntax error"), sql.find("NUL)"));
        assert_eq!(culprit("SELECT nope FROM t", "no such column: nope"), Some(7));
        assert_eq!(culprit("SELECT 1 FROM nope", "no such table: main.nope"), Some(14));
    }

    #[test]
    fn a_user_is_told_from_a_path() {
        for url in ["sqlite://user:secret@host/db", "sqlite://:secret@host", "sqlite://a:b@c@host/db"] {
            assert!(names_a_user(url), "{url}");
        }
        for url in ["sqlite:user:x@y.db", "sqlite:///a:b@c/x.db", "sqlite://me@home.db", "sqlite::memory:", "a@b.db"] {
            assert!(!names_a_user(url), "{url}");
        }
    }

    #[test]
    fn an_ambiguous_word_is_not_guessed() {
        assert_eq!(culprit("SELECT a, a FROM t", "no such column: a"), None);
        assert_eq!(culprit("SELECT ab FROM t", "no such column: a"), None);
        assert_eq!(culprit("SELECT 1", "some other message"), None);
    }
}
