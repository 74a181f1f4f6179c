//! Where scripts of a squash meet: what ended with each migration has to end there.

use super::output::Failure;
use crate::check::ScriptFacts;
use crate::source::{Declaration, Part, Script};
use std::fmt::Write;

/// Knows how the scripts of one squash are to be joined.
pub(super) struct Joints {
    is_postgres: bool,
    /// Some run in a transaction and some without one: those that do keep one of their own.
    is_mixed: bool,
    /// Constraints may be checked late, which was at each migration's end.
    is_deferred: bool,
}

impl Joints {
    pub(super) fn of<'a>(parts: impl Iterator<Item = &'a Declaration> + Clone, is_postgres: bool) -> Joints {
        let with = parts.clone().filter(|declaration| declaration.is_transactional()).count();
        let is_deferred = is_postgres
            && parts.clone().any(|declaration| match &declaration.up {
                Part::Script(Script { text, .. }) => text.to_lowercase().contains("deferr"),
                Part::Rust(_) => false,
            });
        Joints { is_postgres, is_mixed: 0 < with && with < parts.count(), is_deferred }
    }

    /// Appends a part's statements, each ended, with what the end of its migration did besides.
    pub(super) fn append(
        &self,
        text: &mut String,
        declaration: &Declaration,
        part: &Part,
        facts: Option<&ScriptFacts>,
    ) -> Result<(), Failure> {
        let Part::Script(script) = part else { return Ok(()) };
        let statements = facts.map_or(&[][..], |facts| &facts.statements);
        let statements: Vec<&str> = statements.iter().filter_map(|range| script.text.get(range.clone())).collect();
        let _ = write!(text, "\n-- {}\n", declaration.id.text);
        let is_wrapped = self.is_mixed && declaration.is_transactional() && !statements.is_empty();
        if is_wrapped {
            text.push_str("BEGIN;\n");
        }
        let mut resets = Vec::new();
        for statement in statements {
            let _ = writeln!(text, "{statement};");
            if self.is_postgres {
                resets.extend(reset(statement).map_err(|what| unclear(declaration, what))?);
            }
        }
        if self.is_deferred && declaration.is_transactional() && !is_wrapped {
            text.push_str("SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED;\n");
        }
        if is_wrapped {
            text.push_str("COMMIT;\n");
        }
        resets.sort();
        resets.dedup();
        resets.iter().for_each(|reset| {
            let _ = writeln!(text, "{reset};");
        });
        Ok(())
    }
}

/// Writes the statement that takes a setting back; none where nothing was set.
fn reset(statement: &str) -> Result<Option<String>, &'static str> {
    let lower = statement.to_lowercase();
    if lower.contains("set_config") {
        return Err("set_config");
    }
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        ["set", "local" | "session", rest @ ..] if rest.first() != Some(&"authorization") => rest,
        ["set", rest @ ..] => rest,
        _ => return Ok(None),
    };
    Ok(match words {
        ["constraints" | "transaction" | "characteristics", ..] => None,
        ["time", "zone", ..] => Some("RESET TIME ZONE".to_owned()),
        ["session", "authorization", ..] => Some("RESET SESSION AUTHORIZATION".to_owned()),
        [name, ..] => Some(format!("RESET {name}")),
        [] => None,
    })
}

fn unclear(declaration: &Declaration, what: &str) -> Failure {
    Failure::wrong(format!("`{}` uses `{what}`, whose setting would reach into what follows", declaration.id.text))
        .help("squash up to the one before it, or write the squash by hand with `replaces(…)`")
}

#[cfg(test)]
mod tests {
    use super::reset;

    #[test]
    fn a_setting_is_taken_back_by_its_name() {
        for (statement, wanted) in [
            ("SET search_path = a, b", Some("RESET search_path")),
            ("set local TIME ZONE 'UTC'", Some("RESET TIME ZONE")),
            ("SET SESSION AUTHORIZATION ada", Some("RESET SESSION AUTHORIZATION")),
            ("SET SESSION my.name TO 1", Some("RESET my.name")),
            ("SET ROLE ada", Some("RESET role")),
            ("SET CONSTRAINTS ALL DEFERRED", None),
            ("UPDATE t SET a = 1", None),
        ] {
            assert_eq!(reset(statement).unwrap().as_deref(), wanted, "{statement}");
        }
        assert!(reset("SELECT set_config('a.b', 'c', false)").is_err());
    }
}
