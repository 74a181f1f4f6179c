//! What a server of an older version can't read: phrases, each with the first version that knows it.
//!
//! Only phrases that mean nothing to the versions before are here, wherever they stand.
//!
//! # Source
//! The release notes of PostgreSQL 13 to 18; PostgreSQL 12, 15 and 18 have answered to each of them.

use crate::catalog::Finding;
use crate::sql::{Dialect, Script, Token, TokenKind};

/// A phrase: words and marks; `_` is any one token, and `(…)` whatever stands in parentheses.
struct Phrase {
    since: u16,
    words: &'static [&'static str],
    /// Whether a statement has to begin with it.
    first: bool,
}

const fn anywhere(since: u16, words: &'static [&'static str]) -> Phrase {
    Phrase { since, words, first: false }
}

const fn first(since: u16, words: &'static [&'static str]) -> Phrase {
    Phrase { since, words, first: true }
}

static PHRASES: &[Phrase] = &[
    anywhere(13, &["ROWS", "WITH", "TIES"]),
    anywhere(13, &["ROW", "WITH", "TIES"]),
    anywhere(13, &["ALTER", "COLUMN", "_", "DROP", "EXPRESSION"]),
    first(14, &["CREATE", "OR", "REPLACE", "TRIGGER"]),
    anywhere(14, &["DETACH", "PARTITION", "_", "CONCURRENTLY"]),
    anywhere(14, &["DETACH", "PARTITION", "_", ".", "_", "CONCURRENTLY"]),
    anywhere(14, &["ALTER", "COLUMN", "_", "SET", "COMPRESSION"]),
    anywhere(14, &["GROUP", "BY", "DISTINCT"]),
    first(15, &["MERGE", "INTO"]),
    anywhere(15, &["NULLS", "NOT", "DISTINCT"]),
    anywhere(15, &["NULLS", "DISTINCT"]),
    anywhere(15, &["ON", "DELETE", "SET", "NULL", "("]),
    anywhere(15, &["ON", "DELETE", "SET", "DEFAULT", "("]),
    anywhere(15, &["SET", "ACCESS", "METHOD"]),
    anywhere(15, &["FOR", "TABLES", "IN", "SCHEMA"]),
    anywhere(15, &["WITH", "(", "SECURITY_INVOKER"]),
    anywhere(16, &["SET", "STORAGE", "DEFAULT"]),
    anywhere(17, &["ALTER", "COLUMN", "_", "SET", "EXPRESSION", "AS"]),
    anywhere(18, &["GENERATED", "ALWAYS", "AS", "(…)", "VIRTUAL"]),
    anywhere(18, &["ADD", "CONSTRAINT", "_", "NOT", "NULL"]),
    anywhere(18, &["WITHOUT", "OVERLAPS"]),
    anywhere(18, &["CHECK", "(…)", "NOT", "ENFORCED"]),
    anywhere(18, &["RETURNING", "WITH", "("]),
];

/// Reports what a server of this major version can't read.
pub(crate) fn newer(text: &str, server: u16) -> Vec<Finding> {
    let Ok(script) = Script::parse(text, Dialect::Postgres) else { return Vec::new() };
    let mut found = Vec::new();
    for statement in script.statements() {
        let tokens = script.tokens_of(statement);
        for phrase in PHRASES.iter().filter(|phrase| phrase.since > server) {
            let starts = if phrase.first { 0..tokens.len().min(1) } else { 0..tokens.len() };
            let fit = starts.into_iter().find_map(|at| fits(phrase.words, tokens.get(at..)?, text));
            if let Some([from, to]) = fit {
                found.push(finding(phrase, from.start..to.end, server));
            }
        }
    }
    found.sort_by_key(|finding| finding.range.start);
    found
}

fn finding(phrase: &Phrase, range: std::ops::Range<usize>, server: u16) -> Finding {
    let words = phrase.words.iter().filter(|word| !matches!(**word, "_" | "." | "("));
    let words = words.copied().collect::<Vec<_>>().join(" ").replace("_ ", "");
    Finding {
        range,
        code: "newer_syntax",
        message: format!("PostgreSQL {server} can't read `{words}`, which came with PostgreSQL {}", phrase.since),
        label: format!("since PostgreSQL {}", phrase.since),
        help: vec![format!(
            "write it in another way, or say that the oldest server is a newer one: `postgres@{}`",
            phrase.since
        )],
        related: Vec::new(),
    }
}

/// Gives the first and the last token of a phrase where these tokens begin with it.
fn fits(words: &[&str], tokens: &[Token], text: &str) -> Option<[Token; 2]> {
    let mut at = 0;
    let mut last = *tokens.first()?;
    for word in words {
        let token = tokens.get(at)?;
        match *word {
            "_" if matches!(token.kind, TokenKind::Word | TokenKind::QuotedName) => {}
            "(…)" if token.is_mark(text, b'(') => at += inside(tokens.get(at..)?, text)?,
            "(" if token.is_mark(text, b'(') => {}
            "." if token.text(text) == "." => {}
            word if token.is_word(text, word) => {}
            _ => return None,
        }
        last = *tokens.get(at)?;
        at += 1;
    }
    Some([*tokens.first()?, last])
}

/// Counts the tokens from an opening parenthesis to the one that closes it.
fn inside(tokens: &[Token], text: &str) -> Option<usize> {
    let mut depth = 0usize;
    tokens.iter().position(|token| {
        if token.is_mark(text, b'(') {
            depth += 1;
        } else if token.is_mark(text, b')') {
            depth = depth.saturating_sub(1);
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::newer;

    fn said(text: &str, server: u16) -> Vec<String> {
        newer(text, server).iter().map(|found| format!("{} [{}]", found.message, &text[found.range.clone()])).collect()
    }

    #[test]
    fn what_a_server_is_too_old_for_is_found() {
        for (text, since) in [
            ("SELECT a FROM t ORDER BY a FETCH FIRST 1 ROWS WITH TIES", 13),
            ("ALTER TABLE t ALTER COLUMN a DROP EXPRESSION", 13),
            ("CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()", 14),
            ("ALTER TABLE t DETACH PARTITION s.p CONCURRENTLY", 14),
            ("SELECT a FROM t GROUP BY DISTINCT a", 14),
            ("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", 15),
            ("CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT", 15),
            ("ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES u ON DELETE SET NULL (b)", 15),
            ("CREATE VIEW v WITH (security_invoker = true) AS SELECT 1", 15),
            ("ALTER TABLE t ALTER COLUMN a SET STORAGE DEFAULT", 16),
            ("ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1)", 17),
            ("CREATE TABLE t (a int, b int GENERATED ALWAYS AS ((a + 1)) VIRTUAL)", 18),
            ("ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID", 18),
            ("CREATE TABLE t (a int, r int4range, PRIMARY KEY (a, r WITHOUT OVERLAPS))", 18),
            ("ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", 18),
        ] {
            assert_eq!(said(text, since - 1).len(), 1, "{text}");
            assert_eq!(said(text, since), [""; 0], "{text}");
        }
        assert_eq!(
            said("CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT", 14),
            ["PostgreSQL 14 can't read `NULLS NOT DISTINCT`, which came with PostgreSQL 15 [NULLS NOT DISTINCT]"]
        );
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for text in [
            "UPDATE t SET expression = 1, compression = 'NULLS NOT DISTINCT'; -- MERGE INTO t",
            "ALTER TABLE t DROP expression",
            "ALTER TABLE t ADD COLUMN a int CONSTRAINT n NOT NULL",
            "SELECT a FROM t ORDER BY a NULLS FIRST",
            "WITH ties AS (SELECT 1) SELECT * FROM ties",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, virtual int)",
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE SET NULL, ADD CHECK (a > 0)",
            "SELECT DISTINCT a FROM t WHERE a IS NOT DISTINCT FROM b AND NOT enforced",
            "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS 'MERGE INTO t'",
            "DO $$ BEGIN MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE; END $$",
        ] {
            assert_eq!(said(text, 12), [""; 0], "{text}");
        }
    }
}
