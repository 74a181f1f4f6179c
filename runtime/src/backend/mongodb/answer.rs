//! What the server and the driver answer, sorted.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/error-codes/>

use super::extended_json::{self, Misread};
use crate::error::{Notes, ServerError, ServerErrorClass as Class, lost};
use mongodb::bson::{Bson, Document};
use mongodb::error::{Error, ErrorKind, TRANSIENT_TRANSACTION_ERROR, WriteFailure};

/// Sorts an error of the driver's.
pub(super) fn answer(error: &Error) -> ServerError {
    let transient = error.contains_label(TRANSIENT_TRANSACTION_ERROR);
    let mut answer = match &*error.kind {
        ErrorKind::Command(command) => coded(command.code, &command.message),
        ErrorKind::Write(WriteFailure::WriteError(write)) => coded(write.code, &write.message),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => unconfirmed(concern.code, &concern.message),
        ErrorKind::InsertMany(many) => match many.write_errors.as_deref() {
            Some([first, ..]) => coded(first.code, &first.message),
            _ => ServerError::other(error.kind.to_string()),
        },
        ErrorKind::Authentication { message, .. } => {
            ServerError { class: Class::PermissionDenied, ..ServerError::other(message.clone()) }
        }
        ErrorKind::Io(_)
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::DnsResolve { .. } => {
            return ServerError { class: Class::ConnectionLost, ..ServerError::other(lost(&error.kind.to_string())) };
        }
        kind => ServerError::other(kind.to_string()),
    };
    // Nothing of the transaction is left, and all of it may be tried again.
    if transient && matches!(answer.class, Class::Other) {
        answer.class = Class::Locked;
    }
    if let Some(response) = error.server_response()
        && let Ok(response) = Document::try_from(response.clone())
    {
        explain(&mut answer, &response);
    }
    answer
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        crate::Error::new("a command failed").caused_by(answer(&error))
    }
}

/// Gives what a reply says went wrong, though the command itself was taken.
pub(super) fn failed(reply: &Document) -> Option<ServerError> {
    let text = |error: &Document| error.get_str("errmsg").unwrap_or("no message").to_owned();
    let code =
        |error: &Document| number(error.get("code")).and_then(|code| i32::try_from(code).ok()).unwrap_or_default();
    if let Ok(errors) = reply.get_array("writeErrors")
        && let Some(Bson::Document(error)) = errors.first()
    {
        let mut answer = coded(code(error), &text(error));
        explain(&mut answer, error);
        return Some(answer);
    }
    reply.get_document("writeConcernError").ok().map(|error| unconfirmed(code(error), &text(error)))
}

/// Says that a text is not understood.
pub(super) fn misread(misread: &Misread) -> ServerError {
    ServerError::other(misread.message.clone())
}

/// Reads a number of whatever type.
pub(super) fn number(value: Option<&Bson>) -> Option<i64> {
    match value? {
        Bson::Int32(number) => Some((*number).into()),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number) => Some(*number as i64),
        _ => None,
    }
}

/// It was done, and may be undone by a change of the primary.
fn unconfirmed(code: i32, message: &str) -> ServerError {
    let mut answer = coded(code, message);
    answer.class = Class::ConnectionLost;
    answer.message = lost(&format!("no majority of the replica set has confirmed the write: {message}"));
    answer
}

fn coded(code: i32, message: &str) -> ServerError {
    let class = match code {
        26 => Class::UndefinedTable,
        11000 | 11001 | 12582 => Class::UniqueViolation,
        24 | 46 | 112 => Class::Locked,
        13 | 18 => Class::PermissionDenied,
        10107 | 13435 | 10058 => Class::ReadOnly,
        6 | 7 | 89 | 91 | 189 | 9001 | 11600 | 11602 | 13436 => Class::ConnectionLost,
        251 => Class::TransactionEnded,
        _ => Class::Other,
    };
    let hint = match code {
        263 => Some("the server does this outside of transactions only; give the migration `transaction = false`"),
        10107 | 13435 => {
            Some("this server is no primary; name the replica set in the URL, so that the primary is found")
        }
        121 => Some("the collection's validator refuses the document"),
        _ => None,
    };
    let notes = hint.map(|hint| Box::new(Notes { hint: Some(hint.into()), ..Notes::default() }));
    let code = (code != 0).then(|| code.to_string());
    ServerError { class, code, notes, ..ServerError::other(message) }
}

/// Adds what the server tells besides: which document a validator refused and why, which key is there twice.
fn explain(answer: &mut ServerError, told: &Document) {
    let detail = told.get_document("errInfo").or_else(|_| told.get_document("keyValue"));
    if let Ok(detail) = detail {
        answer.notes.get_or_insert_default().detail = Some(extended_json::text(detail));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use mongodb::bson::doc;

    #[test]
    fn codes_are_sorted_by_what_can_be_done_about_them() {
        let class = |code| coded(code, "").class;
        assert_eq!(class(11000), Class::UniqueViolation);
        assert_eq!(class(112), Class::Locked);
        assert_eq!(class(13), Class::PermissionDenied);
        assert_eq!(class(10107), Class::ReadOnly);
        assert_eq!(class(189), Class::ConnectionLost);
        assert_eq!(class(2), Class::Other);
    }

    #[test]
    fn a_reply_may_tell_of_an_error_though_it_is_ok() {
        let reply = doc! { "ok": 1.0, "n": 0, "writeErrors": [
        { "index": 0, "code": 11000, "errmsg": "E11000 duplicate key", "keyValue": { "email": "a@b" } }] };
        let error = failed(&reply).unwrap();
        assert!(error.is(Class::UniqueViolation));
        assert_eq!(error.detail(), Some(r#"{"email": "a@b"}"#));
        let reply = doc! { "ok": 1.0, "n": 1, "writeConcernError": { "code": 64, "errmsg": "waiting timed out" } };
        assert!(failed(&reply).unwrap().is(Class::ConnectionLost));
        assert!(failed(&doc! { "ok": 1.0, "n": 1 }).is_none());
    }
}
