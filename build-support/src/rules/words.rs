//! Names and statements as an author would write them.

use crate::statement::{Name, QualifiedName};

/// Writes a name so that the server reads it as it is.
pub(crate) fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Makes up a name of parts, within what the server keeps of it.
pub(crate) fn made_up(parts: &[&str]) -> String {
    let name = parts.join("_");
    let end = (0..=name.len().min(63)).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    quoted(&name[..end])
}

/// A script's text, for what stands in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Text<'_> {
    /// Gives a name as it was written.
    pub(crate) fn name(self, name: &Name) -> String {
        match self.0.get(name.range.clone()) {
            Some(written) if written == name.text || written.to_lowercase() == name.text => written.to_owned(),
            // MySQL's quotes.
            Some(written) if written.starts_with('`') => written.to_owned(),
            _ => quoted(&name.text),
        }
    }

    /// Gives a name with the schema that was written before it.
    pub(crate) fn qualified(self, name: &QualifiedName) -> String {
        let schema = name.schema.as_ref().map(|schema| format!("{}.", self.name(schema)));
        format!("{}{}", schema.unwrap_or_default(), self.name(&name.name))
    }

    /// Gives some names, with commas between them.
    pub(crate) fn list(self, names: &[Name]) -> String {
        names.iter().map(|name| self.name(name)).collect::<Vec<_>>().join(", ")
    }

    /// Gives a piece of the script in one line.
    pub(crate) fn piece(self, range: std::ops::Range<usize>) -> String {
        let piece = self.0.get(range).unwrap_or_default();
        // A comment to the end of a line would swallow what follows.
        let without = |line: &str| line.split("--").next().unwrap_or_default().to_owned();
        let lines: Vec<String> = piece.lines().map(without).collect();
        lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(';').trim_end().to_owned()
    }
}

/// Puts words behind the first of a keyword.
pub(crate) fn behind(statement: &str, keyword: &str, words: &str) -> Option<String> {
    let at = statement.to_ascii_uppercase().find(keyword)? + keyword.len();
    Some(format!("{} {words}{}", &statement[..at], &statement[at..]))
}

/// Writes the trigger that keeps two columns of a table equal, whichever of them a program writes.
pub(crate) fn in_step(table: &str, plain: &str, old: &str, new: &str) -> Vec<String> {
    let name = made_up(&[plain, new.trim_matches('"'), "in_step"]);
    vec![
        format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"),
        "BEGIN".to_owned(),
        "    IF TG_OP = 'INSERT' THEN".to_owned(),
        format!("        NEW.{new} := coalesce(NEW.{new}, NEW.{old}); NEW.{old} := coalesce(NEW.{old}, NEW.{new});"),
        format!("    ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} THEN NEW.{old} := NEW.{new};"),
        format!("    ELSE NEW.{new} := NEW.{old};"),
        "    END IF;".to_owned(),
        "    RETURN NEW;".to_owned(),
        "END $$;".to_owned(),
        format!("CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"),
    ]
}

/// Writes the trigger that computes a column.
pub(crate) fn computed(table: &str, plain: &str, column: &str, expression: &str) -> Vec<String> {
    let name = made_up(&[plain, column.trim_matches('"'), "computed"]);
    let row = quoted(plain);
    vec![
        format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"),
        format!("BEGIN SELECT {expression} INTO NEW.{column} FROM (SELECT NEW.*) AS {row}; RETURN NEW; END $$;"),
        format!("CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"),
    ]
}

/// Ends a statement.
pub(crate) fn ended(statement: impl Into<String>) -> String {
    let mut statement = statement.into();
    statement.push(';');
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_have_to_be() {
        assert_eq!(quoted("users"), "users");
        assert_eq!(quoted("Users"), "\"Users\"");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(made_up(&["users", "email", "not_null"]), "users_email_not_null");
        assert_eq!(made_up(&["u".repeat(70).as_str()]).len(), 63);
    }

    #[test]
    fn pieces_are_one_line() {
        let text = "CREATE INDEX -- soon\n  i ON t (a) ;";
        assert_eq!(Text(text).piece(0..text.len()), "CREATE INDEX i ON t (a)");
        let built = behind("create index i ON t (a)", "INDEX", "CONCURRENTLY");
        assert_eq!(built.as_deref(), Some("create index CONCURRENTLY i ON t (a)"));
    }
}
