//! A migration's id: a number by which it is ordered and a name by which people know it.

/// Names a migration: `0003_add_user`, from the module `m0003_add_user` or the file `0003_add_user.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    /// The whole id, a leading `m` dropped.
    pub text: String,
    /// The number that it begins with.
    pub number: i64,
}

/// From this many digits on a number is a timestamp, in which gaps are usual.
const TIMESTAMP_DIGITS: usize = 8;

impl Id {
    /// Reads the id in a module's name or a file's stem.
    ///
    /// # Errors
    /// What is wrong with it, to be read after "`name` is no migration id: ".
    pub fn parse(name: &str) -> Result<Id, &'static str> {
        let text = canonical(name);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        if digits == 0 {
            return Err("it has to begin with a number, by which migrations are ordered");
        }
        if !rest.starts_with(['_', '-', '.']) || rest.len() < 2 {
            return Err("the number has to be followed by `_` and a name");
        }
        if !rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            return Err("it may consist of letters, digits, `_`, `-` and `.` only");
        }
        let number = number.parse().map_err(|_| "its number is too large (at most 9223372036854775807)")?;
        Ok(Id { text: text.to_owned(), number })
    }

    /// Tells whether the number counts up by ones rather than being a timestamp.
    pub fn is_sequence(&self) -> bool {
        self.text.bytes().take_while(u8::is_ascii_digit).count() < TIMESTAMP_DIGITS
    }

    /// Gives the words of the name: what describes a migration that has no doc comment.
    pub fn words(&self) -> String {
        let name = self.text.trim_start_matches(|c: char| c.is_ascii_digit());
        name.replace(['_', '-', '.'], " ").trim().to_owned()
    }
}

/// Gives the id that a module's name or an id stands for: `m0005_export` and `0005_export` are one.
pub fn canonical(name: &str) -> &str {
    match name.strip_prefix('m') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_and_a_file_have_the_same_id() {
        assert_eq!(Id::parse("m0005_export"), Id::parse("0005_export"));
        assert_eq!(Id::parse("20240101120000_init").map(|id| id.is_sequence()), Ok(false));
        assert_eq!(Id::parse("0005_add_users").map(|id| id.words()), Ok("add users".to_owned()));
    }

    #[test]
    fn what_is_no_id_says_why() {
        for name in ["users", "m_users", "0005", "0005_", "99999999999999999999_x", "1_a/b", ""] {
            assert!(Id::parse(name).is_err(), "{name}");
        }
    }
}
