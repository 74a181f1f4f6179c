//! What a server answers: rows, values shown to people, and errors in whimbrel's classes.

use crate::backend::Rows;
use crate::error::{Error, Kind, Notes, ServerError, ServerErrorClass as Class, lost};
use redis::{RedisError, Value};

pub(super) type Answer<T> = Result<T, ServerError>;

/// Sorts an error by its code, the first word of a server's message.
pub(super) fn refused(message: &str) -> ServerError {
    let message = outside_of_a_script(message);
    let (first, rest) = message.split_once(' ').unwrap_or((message, ""));
    let is_code = !first.is_empty() && first.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let (code, text) = if is_code && !rest.is_empty() { (first, rest) } else { ("", message) };
    // A refusal inside a script has no code of its own.
    let forbidden = ["ACL failure in script", "The user executing the script can't"];
    let class = match code {
        _ if forbidden.iter().any(|words| text.starts_with(words)) => Class::PermissionDenied,
        "NOLEDGER" => Class::UndefinedTable,
        "BADROW" => Class::UndefinedColumn,
        "NOPERM" | "NOAUTH" | "WRONGPASS" => Class::PermissionDenied,
        "READONLY" => Class::ReadOnly,
        // Another script keeps the server busy, or a slot is on its way to another node: nothing was done.
        "BUSY" | "TRYAGAIN" => Class::Locked,
        _ => Class::Other,
    };
    let hint = match code {
        "READONLY" => Some("this server is a replica: connect to the one that takes writes, and run again"),
        "OOM" => Some("the server is at its `maxmemory`; give it room, and run again"),
        _ => None,
    };
    let notes = hint.map(|hint| Box::new(Notes { hint: Some(hint.into()), ..Notes::default() }));
    let code = Some(code).filter(|code| !matches!(*code, "" | "ERR" | "NOLEDGER" | "BADROW")).map(Into::into);
    ServerError { class, code, notes, ..ServerError::other(text) }
}

/// Takes off what a server puts around an error of a command inside a script.
fn outside_of_a_script(message: &str) -> &str {
    // Redis 6: `ERR Error running script (call to f_…): @user_script:27: @user_script: 27: -READONLY You can't write`
    let inside = message.strip_prefix("ERR Error running script").and_then(|rest| rest.rsplit_once("@user_script: "));
    let inside = inside.and_then(|(_, rest)| rest.split_once(": ")).map(|(_, rest)| rest.trim_start_matches('-'));
    // Redis 7: `READONLY You can't write script: ee17…, on @user_script:27.`
    let message = inside.unwrap_or(message);
    message
        .rsplit_once(" script: ")
        .filter(|(_, at)| at.contains("on @user_script:"))
        .map_or(message, |(inside, _)| inside)
}

/// Says that somebody else has the lease.
pub(super) fn lease_lost() -> ServerError {
    let message = "the lease ran out or was taken over by another run, and nothing more was changed";
    ServerError { class: Class::LeaseLost, ..ServerError::other(message) }
}

impl From<RedisError> for ServerError {
    fn from(error: RedisError) -> Self {
        match (error.code(), error.detail()) {
            (Some(code), detail) => refused(&format!("{code} {}", detail.unwrap_or_default())),
            (None, _) if error.is_io_error() || error.is_connection_dropped() => {
                ServerError { class: Class::ConnectionLost, ..ServerError::other(lost(&error.to_string())) }
            }
            (None, _) => ServerError::other(error.to_string()),
        }
    }
}

impl From<RedisError> for Error {
    fn from(error: RedisError) -> Self {
        Error::from(Kind::Author { message: "a command failed".into() }).caused_by(ServerError::from(error))
    }
}

/// Reads rows of cells.
pub(super) fn rows(value: &Value) -> Rows {
    let Value::Array(rows) = value else { return Rows::new() };
    let cells = |row: &Value| match row {
        Value::Array(cells) => cells.iter().map(text).collect(),
        cell => vec![text(cell)],
    };
    rows.iter().map(cells).collect()
}

/// Gives a value as text; none of nothing and of what is no single value.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Int(number) => Some(number.to_string()),
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Some(text.clone()),
        Value::Okay => Some("OK".into()),
        Value::Double(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::refused;
    use crate::error::ServerErrorClass as Class;

    #[test]
    fn the_first_word_of_an_error_is_its_code() {
        let answer = refused("WRONGTYPE Operation against a key holding the wrong kind of value");
        assert_eq!((answer.code(), answer.class()), (Some("WRONGTYPE"), Class::Other));
        assert!(answer.message().starts_with("Operation"));
        assert_eq!(refused("READONLY You can't write").class(), Class::ReadOnly);
        for denied in
            ["NOPERM this user", "ERR The user executing the script can't run this", "ERR ACL failure in script: x"]
        {
            assert_eq!(refused(denied).class(), Class::PermissionDenied);
        }
        let answer = refused("ERR unknown command 'x'");
        assert_eq!((answer.code(), answer.message()), (None, "unknown command 'x'"));
        assert_eq!(refused("no code").message(), "no code");
        let six =
            "ERR Error running script (call to f_ee17): @user_script:27: @user_script: 27: -READONLY You can't write";
        let seven = "READONLY You can't write script: ee17514d, on @user_script:27.";
        let valkey = "ERR ACL failure in script: User a has no permissions to run 'del' script: on @user_script:27.";
        assert_eq!(refused(valkey).message(), "ACL failure in script: User a has no permissions to run 'del'");
        for message in [six, seven] {
            let answer = refused(message);
            assert_eq!(
                (answer.code(), answer.message(), answer.class()),
                (Some("READONLY"), "You can't write", Class::ReadOnly)
            );
        }
    }
}
