//! `REQUIRE` and `VERIFY`: a command that only reads, and what it has to answer.

use super::answer::text;
use super::line::{Word, Words, words};
use redis::Value;

/// Holds a question.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) command: Words,
    /// What stands behind ` = `.
    wanted: Option<Vec<u8>>,
}

impl Question {
    /// Reads a line.
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut words = words(line)?;
        let is_sign = |word: &Word| !word.is_quoted && word.bytes == b"=";
        let wanted = match words.as_slice() {
            [_, .., sign, wanted] if is_sign(sign) => Some(wanted.bytes.clone()),
            _ => None,
        };
        if wanted.is_some() {
            words.truncate(words.len() - 2);
        }
        Some(Self { command: words.into_iter().map(|word| word.bytes).collect(), wanted })
    }

    /// Judges an answer; says what it is where it isn't right.
    pub(super) fn judge(&self, answer: &Value) -> Result<(), String> {
        let holds = match (&self.wanted, answer) {
            (Some(wanted), answer) => text(answer).is_some_and(|text| text.as_bytes() == wanted.as_slice()),
            (None, Value::Array(items)) => !items.is_empty(),
            (None, Value::Map(pairs)) => !pairs.is_empty(),
            (None, Value::Set(items)) => !items.is_empty(),
            (None, answer) => text(answer).is_some_and(|text| !matches!(text.as_str(), "" | "0" | "false")),
        };
        if holds { Ok(()) } else { Err(shown(answer)) }
    }
}

/// Shows an answer to people.
fn shown(answer: &Value) -> String {
    match answer {
        Value::Nil => "nothing".into(),
        Value::Array(items) | Value::Set(items) => format!("{} items", items.len()),
        Value::Map(pairs) => format!("{} fields", pairs.len()),
        answer => match text(answer) {
            Some(text) => format!("`{}`", text.chars().take(200).collect::<String>()),
            None => "an answer that is no value".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Question;
    use redis::Value;

    fn ask(line: &str, answer: Value) -> Result<(), String> {
        Question::read(line).unwrap().judge(&answer)
    }

    #[test]
    fn a_value_is_true_unless_it_says_no() {
        for answer in [Value::Int(1), Value::Okay, Value::BulkString(b"yes".into()), Value::Array(vec![Value::Int(0)])]
        {
            assert_eq!(ask("GET a", answer), Ok(()));
        }
        assert_eq!(ask("EXISTS a", Value::Int(0)), Err("`0`".into()));
        assert_eq!(ask("GET a", Value::Nil), Err("nothing".into()));
        assert_eq!(ask("GET a", Value::BulkString(b"false".into())), Err("`false`".into()));
        assert_eq!(ask("LRANGE a 0 -1", Value::Array(vec![])), Err("0 items".into()));
    }

    #[test]
    fn a_value_may_be_asked_for() {
        let question = Question::read("HGET a b = 7").unwrap();
        assert_eq!(question.command, [b"HGET".to_vec(), b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(question.judge(&Value::BulkString(b"7".into())), Ok(()));
        assert_eq!(question.judge(&Value::BulkString(b"8".into())), Err("`8`".into()));
        assert_eq!(ask("GET a = \"\"", Value::BulkString(vec![])), Ok(()));
        assert_eq!(Question::read("GET a '=' b").unwrap().command.len(), 4);
        assert_eq!(ask("EXISTS a = 0", Value::Int(0)), Ok(()));
    }
}
