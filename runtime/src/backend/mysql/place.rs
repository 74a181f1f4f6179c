//! Where in a statement the server's message points to: it quotes what it did not understand, and names a line.

/// Finds the byte of a statement that a message is about, where that is certain.
pub(super) fn culprit(statement: &str, message: &str) -> Option<usize> {
    let quoted = |before: &str| Some(message.split_once(before)?.1);
    if let Some((near, line)) = quoted(" near '").and_then(|rest| rest.rsplit_once("' at line ")) {
        let line: usize = line.trim().parse().ok()?;
        let start = match line {
            1 => 0,
            _ => statement.match_indices('\n').nth(line.checked_sub(2)?)?.0 + 1,
        };
        // At the end nothing is left to be quoted.
        return if near.is_empty() { None } else { statement.get(start..)?.find(near).map(|at| start + at) };
    }
    let name = quoted("Unknown column '").or_else(|| quoted("Table '"))?.split('\'').next()?;
    let name = name.rsplit('.').next().filter(|name| !name.is_empty())?;
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
    let mut found = statement.match_indices(name).map(|(at, _)| at).filter(|&at| {
        let (before, after) = (statement.get(..at), statement.get(at + name.len()..));
        !part(before.and_then(|s| s.chars().next_back())) && !part(after.and_then(|s| s.chars().next()))
    });
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::culprit;

    #[test]
    fn what_the_server_quotes_is_found() {
        let sql = "CREATE TABLE a (\n  id bigint NOT NUL,\n  b int)";
        let message = "You have an error in your SQL syntax; check the manual … for the right syntax to use near 'NUL,\n  b int)' \
                       at line 2";
        assert_eq!(culprit(sql, message), sql.find("NUL,"));
        assert_eq!(culprit("SELECT nope FROM t", "Unknown column 'nope' in 'field list'"), Some(7));
        assert_eq!(culprit("SELECT 1 FROM nope", "Table 'app.nope' doesn't exist"), Some(14));
    }

    #[test]
    fn what_is_not_certain_is_not_guessed() {
        assert_eq!(culprit("SELECT", "… near '' at line 1"), None);
        assert_eq!(culprit("SELECT a, a FROM t", "Unknown column 'a' in 'field list'"), None);
        assert_eq!(culprit("SELECT 1", "… near 'x' at line 9"), None);
        assert_eq!(culprit("SELECT 1", "Duplicate entry '1' for key 'PRIMARY'"), None);
    }
}
