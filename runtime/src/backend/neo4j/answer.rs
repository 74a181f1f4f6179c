//! Sorting Neo4j's answers.

use crate::error::{Notes, ServerError, ServerErrorClass as Class};

/// Sorts an answer by its code.
///
/// # Source
/// <https://neo4j.com/docs/status-codes/5/errors/all-errors/>
pub(super) fn answer(code: &str, message: String) -> ServerError {
    let class = match code {
        "Neo.ClientError.Schema.ConstraintValidationFailed" => Class::UniqueViolation,
        "Neo.ClientError.General.WriteOnReadOnlyAccessMode"
        | "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
        | "Neo.ClientError.Cluster.NotALeader"
        | "Neo.ClientError.General.ReadOnly" => Class::ReadOnly,
        "Neo.ClientError.Transaction.TransactionNotFound" => Class::TransactionEnded,
        _ if code.starts_with("Neo.ClientError.Security.") => Class::PermissionDenied,
        // Other transient ones are about memory and the like, which nobody lets go of.
        _ if code.starts_with("Neo.TransientError.Transaction.") => Class::Locked,
        "Neo.TransientError.General.DatabaseUnavailable" | "Neo.TransientError.Cluster.ReplicationFailure" => {
            Class::Locked
        }
        _ => Class::Other,
    };
    let hint = match code {
        "Neo.ClientError.Transaction.ForbiddenDueToTransactionType" => Some(
            "Neo4j takes no schema statement in a transaction with others; write `transaction = false`, or give it a \
             migration of its own",
        ),
        "Neo.DatabaseError.Transaction.TransactionStartFailed" | "Neo.DatabaseError.Statement.ExecutionFailed"
            if message.contains("implicit transaction") || message.contains("transactional subquery") =>
        {
            Some("`CALL … IN TRANSACTIONS` runs by itself alone; write `transaction = false`")
        }
        _ => None,
    };
    let position = (code == "Neo.ClientError.Statement.SyntaxError").then(|| offset(&message)).flatten();
    let notes = hint.map(|hint| Box::new(Notes { hint: Some(hint.to_owned()), ..Notes::default() }));
    ServerError { class, code: Some(code.to_owned()), message, notes, position: position.map(|at| at + 1) }
}

/// Reads where a mistake is, in characters from 0, off the end of a message: `… (line 1, column 9 (offset: 8))`.
fn offset(message: &str) -> Option<usize> {
    let (_, rest) = message.rsplit_once("(offset: ")?;
    rest.split_once(')')?.0.parse().ok()
}

/// Finds the byte of a statement that is so many characters from 1 behind its beginning; the server counts UTF-16.
pub(super) fn byte(statement: &str, position: usize) -> Option<usize> {
    let wanted = position.checked_sub(1)?;
    let mut units = 0;
    for (at, c) in statement.char_indices() {
        if units >= wanted {
            return Some(at);
        }
        units += c.len_utf16();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{answer, byte};
    use crate::error::ServerErrorClass as Class;

    #[test]
    fn answers_are_sorted_by_what_can_be_done() {
        let class = |code: &str| answer(code, String::new()).class();
        assert_eq!(class("Neo.TransientError.Transaction.DeadlockDetected"), Class::Locked);
        assert_eq!(class("Neo.TransientError.General.MemoryPoolOutOfMemoryError"), Class::Other);
        assert_eq!(class("Neo.ClientError.Schema.ConstraintValidationFailed"), Class::UniqueViolation);
        assert_eq!(class("Neo.ClientError.Security.Forbidden"), Class::PermissionDenied);
        assert_eq!(class("Neo.ClientError.Statement.SyntaxError"), Class::Other);
        assert_eq!(class(""), Class::Other);
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let message = "Invalid input 'RETRUN': expected … (line 1, column 9 (offset: 8))\n\"MATCH …\"\n         ^";
        let position = answer("Neo.ClientError.Statement.SyntaxError", message.into()).position();
        assert_eq!(position, Some(9));
        assert_eq!(byte("x = '\u{1f426}ä' RETRUN", 9), Some(11));
        assert_eq!(byte("short", 9), None);
        assert_eq!(answer("Neo.ClientError.Statement.TypeError", message.into()).position(), None);
    }
}
