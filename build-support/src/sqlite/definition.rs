//! What only the text of a `CREATE TABLE` tells: checks, collations, generated columns, and the names of constraints.

use super::text;
use crate::catalog::Expression;
use crate::sql::{Cursor, Dialect, Script, Token, unquoted};

/// A table's text, as far as SQLite has no pragma for it.
#[derive(Debug, Default)]
pub(super) struct Definition {
    /// `CHECK`s, each with its name where it has one.
    pub(super) checks: Vec<(Option<String>, String)>,
    /// Collations by column.
    pub(super) collations: Vec<(String, String)>,
    /// The expressions of generated columns.
    pub(super) generated: Vec<(String, String)>,
    /// Names of keys and foreign keys by their columns.
    pub(super) names: Vec<(ConstraintKind, Vec<String>, String)>,
    pub(super) autoincrement: bool,
}

/// What can have a name and no other place in the catalog than under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConstraintKind {
    Primary,
    Unique,
    Foreign,
}

impl Definition {
    /// Reads the statement that SQLite keeps.
    pub(super) fn read(sql: &str) -> Definition {
        let mut definition = Definition::default();
        let Ok(script) = Script::parse(sql, Dialect::Sqlite) else { return definition };
        let Some(statement) = script.statements().first() else { return definition };
        let mut cursor = Cursor::new(&script, statement);
        while let Some(token) = cursor.peek() {
            if token.is_mark(sql, b'(') {
                break;
            }
            cursor.next();
        }
        let Some(body) = group(&mut cursor, sql) else { return definition };
        for item in items(&body, sql) {
            definition.item(item, sql);
        }
        definition
    }

    /// Gives the name of a constraint on these columns.
    pub(super) fn name(&self, kind: ConstraintKind, columns: &[String]) -> Option<&str> {
        let same = |named: &[String]| {
            named.len() == columns.len() && named.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        let found = self.names.iter().find(|(known, named, _)| *known == kind && same(named));
        found.map(|(.., name)| name.as_str())
    }

    /// Reads one column or one constraint of the table.
    fn item(&mut self, item: &[Token], sql: &str) {
        let is = |token: &Token, words: &[&str]| words.iter().any(|word| token.is_word(sql, word));
        let Some(first) = item.first() else { return };
        let is_constraint = is(first, &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]);
        let column = (!is_constraint).then(|| unquoted(first.text(sql)));
        let mut name: Option<String> = None;
        let mut at = usize::from(column.is_some());
        while let Some(token) = item.get(at) {
            let next = item.get(at + 1);
            at += 1;
            if is(token, &["CONSTRAINT"]) {
                name = next.map(|next| unquoted(next.text(sql)));
                at += 1;
            } else if is(token, &["CHECK"]) {
                let (text, end) = parenthesized(item, at, sql);
                self.checks.push((name.take(), text));
                at = end;
            } else if is(token, &["COLLATE"]) {
                if let (Some(column), Some(next)) = (&column, next) {
                    self.collations.push((column.clone(), unquoted(next.text(sql)).to_ascii_uppercase()));
                }
                at += 1;
            } else if is(token, &["AS"]) {
                let (text, end) = parenthesized(item, at, sql);
                self.generated.extend(column.clone().map(|column| (column, text)));
                at = end;
            } else if let Some(kind) = kind(token, sql) {
                let (columns, end) = match &column {
                    Some(column) => (vec![column.clone()], at),
                    None => columns(item, at, sql),
                };
                self.names.extend(name.take().map(|name| (kind, columns, name)));
                at = end;
                if kind == ConstraintKind::Foreign {
                    // Behind it stands the other table, whose name and columns are not this one's.
                    break_at_end(item, &mut at, sql);
                }
            } else if is(token, &["AUTOINCREMENT"]) {
                self.autoincrement = true;
            } else if token.is_mark(sql, b'(') {
                at = parenthesized(item, at - 1, sql).1;
            }
        }
    }
}

fn kind(token: &Token, sql: &str) -> Option<ConstraintKind> {
    [
        ("PRIMARY", ConstraintKind::Primary),
        ("UNIQUE", ConstraintKind::Unique),
        ("FOREIGN", ConstraintKind::Foreign),
        ("REFERENCES", ConstraintKind::Foreign),
    ]
    .into_iter()
    .find(|(word, _)| token.is_word(sql, word))
    .map(|(_, kind)| kind)
}

/// Passes over `table (columns)` of a reference.
fn break_at_end(item: &[Token], at: &mut usize, sql: &str) {
    if item.get(*at).is_some_and(|token| token.is_word(sql, "REFERENCES")) {
        *at += 1;
    }
    *at += 1;
}

/// Reads the list in parentheses that comes next; gives its columns and where it ends.
fn columns(item: &[Token], at: usize, sql: &str) -> (Vec<String>, usize) {
    let Some(open) = item.iter().skip(at).position(|token| token.is_mark(sql, b'(')) else { return (Vec::new(), at) };
    let end = close(item, at + open, sql);
    let inside = item.get(at + open + 1..end.saturating_sub(1)).unwrap_or_default();
    let columns = items(inside, sql).into_iter().filter_map(|column| Some(unquoted(column.first()?.text(sql))));
    (columns.collect(), end)
}

/// Gives the text in the parentheses that come next, and where they end.
fn parenthesized(item: &[Token], at: usize, sql: &str) -> (String, usize) {
    if !item.get(at).is_some_and(|token| token.is_mark(sql, b'(')) {
        return (String::new(), at);
    }
    let end = close(item, at, sql);
    (text::of(item.get(at + 1..end.saturating_sub(1)).unwrap_or_default(), sql), end)
}

/// Finds the token behind the parenthesis that closes the one at `open`.
fn close(item: &[Token], open: usize, sql: &str) -> usize {
    let mut depth = 0usize;
    for (at, token) in item.iter().enumerate().skip(open) {
        if token.is_mark(sql, b'(') {
            depth += 1;
        } else if token.is_mark(sql, b')') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    item.len()
}

/// Takes the tokens within the parentheses that come next.
fn group(cursor: &mut Cursor<'_>, sql: &str) -> Option<Vec<Token>> {
    if !cursor.eat_mark(b'(') {
        return None;
    }
    let mut depth = 1usize;
    let mut tokens = Vec::new();
    while let Some(token) = cursor.next() {
        if token.is_mark(sql, b'(') {
            depth += 1;
        } else if token.is_mark(sql, b')') {
            depth -= 1;
            if depth == 0 {
                return Some(tokens);
            }
        }
        tokens.push(token);
    }
    None
}

/// Splits tokens at the commas that aren't in parentheses.
fn items<'t>(tokens: &'t [Token], sql: &str) -> Vec<&'t [Token]> {
    let mut depth = 0usize;
    tokens
        .split(|token| {
            if token.is_mark(sql, b'(') {
                depth += 1;
            } else if token.is_mark(sql, b')') {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_mark(sql, b',')
        })
        .collect()
}

/// Makes an expression of a text; `columns` are those of its table.
pub(super) fn expression(text: &str, columns: &[String]) -> Expression {
    let mut used: Vec<String> = Vec::new();
    if let Ok(script) = Script::parse(text, Dialect::Sqlite) {
        super::words::each(script.tokens(), text, |word| {
            let column = columns.iter().find(|column| column.eq_ignore_ascii_case(word));
            used.extend(column.filter(|column| !used.contains(column)).cloned());
        });
    }
    Expression { text: text.to_owned(), columns: used, ..Expression::default() }
}

#[cfg(test)]
mod tests {
    use super::{ConstraintKind, Definition};

    #[test]
    fn what_pragmas_do_not_tell_is_read() {
        let sql = "CREATE TABLE \"t\" (id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, a TEXT COLLATE nocase DEFAULT ('(' || 'x') \
                   CONSTRAINT long CHECK (length(a)  > 2), b INT GENERATED ALWAYS AS (id * (2)) STORED, c INT CONSTRAINT up \
                   REFERENCES u (id) ON DELETE CASCADE, CHECK (a <> ','), CONSTRAINT two UNIQUE (a, \"b\"), CONSTRAINT away \
                   FOREIGN KEY (a, b) REFERENCES u (x, y))";
        let read = Definition::read(sql);
        let columns = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(read.checks, [(Some("long".to_owned()), "length(a) > 2".to_owned()), (None, "a <> ','".to_owned())]);
        assert_eq!(read.collations, [("a".to_owned(), "NOCASE".to_owned())]);
        assert_eq!(read.generated, [("b".to_owned(), "id * (2)".to_owned())]);
        assert!(read.autoincrement);
        assert_eq!(read.name(ConstraintKind::Primary, &columns(&["ID"])), Some("pk"));
        assert_eq!(read.name(ConstraintKind::Unique, &columns(&["a", "b"])), Some("two"));
        assert_eq!(read.name(ConstraintKind::Foreign, &columns(&["c"])), Some("up"));
        assert_eq!(read.name(ConstraintKind::Foreign, &columns(&["a", "b"])), Some("away"));
        assert_eq!(read.name(ConstraintKind::Unique, &columns(&["a"])), None);
    }
}
