//! The bounds of partitions: which rows each of them takes, and that no other one takes them too.

use super::complaint::finding;
use super::{Id, Simulator, Table};
use crate::sql::{Dialect, Script, Token, TokenKind};
use std::cmp::Ordering;
use std::ops::Range;

/// With more partitions beside it than these, a new one isn't compared with each of them.
const COMPARED: usize = 100;

/// What rows a partition takes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bounds {
    Default,
    In(Vec<Value>),
    Between(Vec<Value>, Vec<Value>),
    With { modulus: i128, remainder: i128 },
}

/// A value of a bound, as far as it is known without a server.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Least,
    Most,
    Null,
    Number(i128),
    Text(String),
}

impl Bounds {
    /// Reads `FOR VALUES …` or `DEFAULT`; `None` where it has expressions in it.
    fn read(text: &str) -> Option<Bounds> {
        let script = Script::parse(text, Dialect::Postgres).ok()?;
        let tokens = script.tokens();
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is_word(text, word));
        if is(0, "DEFAULT") {
            return Some(Bounds::Default);
        }
        let list = |at: usize| values(tokens.get(at..)?, text);
        if is(2, "IN") {
            return Some(Bounds::In(list(3)?.0));
        }
        if is(2, "FROM") {
            let (from, length) = list(3)?;
            return is(3 + length, "TO").then(|| list(4 + length)).flatten().map(|(to, _)| Bounds::Between(from, to));
        }
        let number = |word: &str| {
            let at = tokens.iter().position(|token| token.is_word(text, word))?;
            tokens.get(at + 1)?.text(text).parse().ok()
        };
        let (modulus, remainder) = (number("MODULUS")?, number("REMAINDER")?);
        is(2, "WITH").then_some(Bounds::With { modulus, remainder })
    }

    /// Gives the word of the `PARTITION BY` that they go with.
    fn strategy(&self) -> Option<&'static str> {
        match self {
            Bounds::Default => None,
            Bounds::In(_) => Some("LIST"),
            Bounds::Between(..) => Some("RANGE"),
            Bounds::With { .. } => Some("HASH"),
        }
    }

    /// Tells whether some row would be of both, for certain.
    fn overlap(&self, other: &Bounds, types: &[&str]) -> bool {
        let is_less = |one: &[Value], two: &[Value]| order(one, two, types) == Some(Ordering::Less);
        match (self, other) {
            (Bounds::Default, Bounds::Default) => true,
            (Bounds::In(one), Bounds::In(two)) => one.iter().any(|value| two.contains(value)),
            (Bounds::Between(from, to), Bounds::Between(begin, end)) => is_less(from, end) && is_less(begin, to),
            (
                Bounds::With { modulus, remainder },
                Bounds::With { modulus: other_modulus, remainder: other_remainder },
            ) => {
                let (small, large) = (*modulus.min(other_modulus), *modulus.max(other_modulus));
                small > 0 && large % small == 0 && remainder % small == other_remainder % small
            }
            _ => false,
        }
    }

    /// Tells what is wrong with them by themselves.
    fn mistake(&self, types: &[&str]) -> Option<&'static str> {
        match self {
            Bounds::Between(from, to)
                if matches!(order(from, to, types), Some(Ordering::Equal | Ordering::Greater)) =>
            {
                Some("ends where it begins, or before: it takes no row")
            }
            Bounds::With { modulus, remainder } if remainder >= modulus => Some("has a remainder that nothing leaves"),
            _ => None,
        }
    }
}

/// Reads values in parentheses; says also how many tokens they are.
fn values(tokens: &[Token], text: &str) -> Option<(Vec<Value>, usize)> {
    if !tokens.first()?.is_mark(text, b'(') {
        return None;
    }
    let end = tokens.iter().position(|token| token.is_mark(text, b')'))?;
    let inner = tokens.get(1..end)?;
    let values = inner.split(|token| token.is_mark(text, b',')).map(|value| self::value(value, text));
    Some((values.collect::<Option<_>>()?, end + 1))
}

fn value(tokens: &[Token], text: &str) -> Option<Value> {
    let (minus, token) = match tokens {
        [token] => (false, token),
        [sign, token] if sign.text(text) == "-" && token.kind == TokenKind::Number => (true, token),
        _ => return None,
    };
    let written = token.text(text);
    Some(match token.kind {
        TokenKind::Number => {
            Value::Number(written.parse::<i128>().ok().map(|number| if minus { -number } else { number })?)
        }
        TokenKind::String => {
            let inner = written.strip_prefix('\'')?.strip_suffix('\'')?;
            Value::Text((!inner.contains(['\'', '\\'])).then(|| inner.to_owned())?)
        }
        TokenKind::Word => match written.to_ascii_uppercase().as_str() {
            "MINVALUE" => Value::Least,
            "MAXVALUE" => Value::Most,
            "NULL" => Value::Null,
            "TRUE" => Value::Text("true".to_owned()),
            "FALSE" => Value::Text("false".to_owned()),
            _ => return None,
        },
        _ => return None,
    })
}

/// Puts two places into order, column by column; `None` where that isn't certain.
fn order(one: &[Value], two: &[Value], types: &[&str]) -> Option<Ordering> {
    if one.len() != two.len() {
        return None;
    }
    for (at, (one, two)) in one.iter().zip(two).enumerate() {
        match (one, two) {
            // Whatever stands behind these doesn't count.
            (Value::Least, Value::Least) | (Value::Most, Value::Most) => return Some(Ordering::Equal),
            (Value::Least, _) | (_, Value::Most) => return Some(Ordering::Less),
            (Value::Most, _) | (_, Value::Least) => return Some(Ordering::Greater),
            _ if one == two => {}
            _ => return compare(one, two, types.get(at).copied().unwrap_or_default()),
        }
    }
    Some(Ordering::Equal)
}

fn compare(one: &Value, two: &Value, ty: &str) -> Option<Ordering> {
    match ty.split('(').next().unwrap_or(ty).trim_end() {
        "smallint" | "integer" | "bigint" | "numeric" => {
            let number = |value: &Value| match value {
                Value::Number(number) => Some(*number),
                Value::Text(text) => text.parse().ok(),
                _ => None,
            };
            Some(number(one)?.cmp(&number(two)?))
        }
        "date" | "timestamp" | "timestamp without time zone" | "timestamp with time zone" => {
            Some(day(one)?.cmp(day(two)?))
        }
        _ => None,
    }
}

/// Gives a value that is a day, `2024-01-31`: these have the order of their texts.
fn day(value: &Value) -> Option<&str> {
    let Value::Text(text) = value else { return None };
    let is_day = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    is_day.then_some(text)
}

/// Gives the types of the columns that rows are distributed by; nothing where it is by anything else, too.
fn types(parent: &Table) -> Vec<&str> {
    let columns = parent.partition_by.as_deref().unwrap_or_default();
    let ty = |name: &String| parent.columns.iter().find(|column| column.name == *name).map(|column| column.ty.as_str());
    // Each expression stands in parentheses of its own.
    if parent.partition_key.matches('(').count() > 1 { Vec::new() } else { columns.iter().filter_map(ty).collect() }
}

impl Simulator {
    /// Reports bounds of a partition that the server refuses: rows that another one takes, none at all, or of another kind.
    pub(super) fn check_bounds(&mut self, parent: &Id, part: &Id, text: &str, range: &Range<usize>) {
        let Some(held) = self.catalog.table(parent).filter(|held| !held.opaque) else { return };
        let Some(bounds) = Bounds::read(text) else { return };
        let types = types(held);
        let by = held.partition_key.split('(').next().unwrap_or_default().trim().to_ascii_uppercase();
        let is_of_kind = match bounds.strategy() {
            Some(strategy) => by.is_empty() || by == strategy,
            None => by != "HASH",
        };
        if !is_of_kind {
            let message = format!("`{}` is partitioned by {}, and `{text}` isn't", parent.shown(), by.to_lowercase());
            self.report(finding("wrong_bounds", message, range, "of another kind"));
            return;
        }
        if let Some(mistake) = bounds.mistake(&types) {
            self.report(finding("wrong_bounds", format!("partition `{}` {mistake}", part.shown()), range, "of no use"));
            return;
        }
        let beside = self.partitions(parent);
        if beside.len() > COMPARED {
            return;
        }
        let taken =
            beside.iter().filter(|other| *other != part && !self.catalog.is_doubtful(other)).find_map(|other| {
                let table = self.catalog.table(other).filter(|table| !table.opaque)?;
                let is_taken = Bounds::read(&table.bounds).is_some_and(|other| bounds.overlap(&other, &types));
                is_taken.then(|| (other.shown(), table.bounds.clone()))
            });
        if let Some((other, theirs)) = taken {
            let message = match bounds {
                Bounds::Default => format!("`{}` has a default partition already: `{other}`", parent.shown()),
                _ => format!("partition `{}` would take rows of `{other}`", part.shown()),
            };
            let mut finding = finding("overlapping_partition", message, range, "taken already");
            finding.help.push(format!("`{other}` is {theirs}"));
            self.report(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    fn say(script: &str) -> Vec<String> {
        told(&[script]).1.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }

    #[test]
    fn rows_belong_to_one_partition() {
        for (key, first, second, said) in [
            (
                "int) PARTITION BY RANGE (a",
                "FROM (1) TO (10)",
                "FROM (9) TO ('20')",
                "partition `y` would take rows of `x`",
            ),
            (
                "date) PARTITION BY RANGE (a",
                "FROM ('2024-01-01') TO ('2025-01-01')",
                "FROM ('2024-12-31') TO (MAXVALUE)",
                "partition `y` would take rows of `x`",
            ),
            (
                "int, b int) PARTITION BY RANGE (a, b",
                "FROM (1, 5) TO (2, 5)",
                "FROM (2, 4) TO (3, MINVALUE)",
                "partition `y` would take rows of `x`",
            ),
            (
                "int, b int) PARTITION BY RANGE (a, b",
                "FROM (1, MINVALUE) TO (1, MAXVALUE)",
                "FROM (1, 5) TO (1, 6)",
                "partition `y` would take rows of `x`",
            ),
            ("text) PARTITION BY LIST (a", "IN ('a', NULL)", "IN ('b', NULL)", "partition `y` would take rows of `x`"),
            ("bool) PARTITION BY LIST (a", "IN (true)", "IN (TRUE)", "partition `y` would take rows of `x`"),
            (
                "int) PARTITION BY HASH (a",
                "WITH (MODULUS 4, REMAINDER 0)",
                "WITH (MODULUS 8, REMAINDER 4)",
                "partition `y` would take rows of `x`",
            ),
            (
                "int) PARTITION BY RANGE (a",
                "FROM (1) TO (2)",
                "FROM (5) TO (5)",
                "partition `y` ends where it begins, or before: it takes no row",
            ),
            (
                "int) PARTITION BY HASH (a",
                "WITH (MODULUS 4, REMAINDER 0)",
                "WITH (MODULUS 4, REMAINDER 4)",
                "partition `y` has a remainder that nothing leaves",
            ),
            (
                "int) PARTITION BY RANGE (a",
                "FROM (1) TO (2)",
                "IN (5)",
                "`p` is partitioned by range, and `FOR VALUES IN (5)` isn't",
            ),
        ] {
            let script = format!(
                "CREATE TABLE p (a {key}); CREATE TABLE x PARTITION OF p FOR VALUES {first};
                 CREATE TABLE y (LIKE p); ALTER TABLE p ATTACH PARTITION y FOR VALUES {second}"
            );
            let code = if said.contains("rows of") { "overlapping_partition" } else { "wrong_bounds" };
            assert_eq!(say(&script), [format!("{code}: {said}")], "{script}");
            let made = script
                .replace("CREATE TABLE y (LIKE p); ALTER TABLE p ATTACH PARTITION y", "CREATE TABLE y PARTITION OF p");
            assert_eq!(say(&made), [format!("{code}: {said}")], "{made}");
        }
        let script = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE x PARTITION OF p DEFAULT; CREATE TABLE y PARTITION OF p DEFAULT";
        assert_eq!(say(script), ["overlapping_partition: `p` has a default partition already: `x`"]);
        let script = "CREATE TABLE p (a int) PARTITION BY HASH (a); CREATE TABLE x PARTITION OF p DEFAULT";
        assert_eq!(say(script), ["wrong_bounds: `p` is partitioned by hash, and `DEFAULT` isn't"]);
    }

    #[test]
    fn what_the_server_takes_is_left_alone() {
        for (key, first, second) in [
            ("int) PARTITION BY RANGE (a", "FROM (1) TO (10)", "FROM (10) TO ('20')"),
            (
                "timestamptz) PARTITION BY RANGE (a",
                "FROM (MINVALUE) TO ('2025-01-01')",
                "FROM ('2025-01-01') TO (MAXVALUE)",
            ),
            (
                "int, b int) PARTITION BY RANGE (a, b",
                "FROM (1, MINVALUE) TO (2, MINVALUE)",
                "FROM (2, MINVALUE) TO (3, MINVALUE)",
            ),
            ("text) PARTITION BY RANGE (a", "FROM ('B') TO ('a')", "FROM ('C') TO ('b')"),
            ("text) PARTITION BY LIST (a", "IN ('a', 'a')", "IN ('A')"),
            ("numeric) PARTITION BY RANGE (a", "FROM (1) TO (1.5)", "FROM (1.5) TO (2)"),
            ("text) PARTITION BY RANGE (length(a)", "FROM (1) TO (5)", "FROM (5) TO (9)"),
            ("int) PARTITION BY HASH (a", "WITH (MODULUS 4, REMAINDER 0)", "WITH (MODULUS 8, REMAINDER 5)"),
            (
                "date) PARTITION BY RANGE (a",
                "FROM (date '2024-01-01') TO (now())",
                "FROM ('2024-06-01') TO ('2025-01-01')",
            ),
        ] {
            let script = format!(
                "CREATE TABLE p (a {key}); CREATE TABLE x PARTITION OF p FOR VALUES {first}; CREATE TABLE y PARTITION OF p FOR VALUES {second}"
            );
            assert_eq!(say(&script), [""; 0], "{script}");
        }
        for rest in ["ALTER TABLE p DETACH PARTITION x", "DROP TABLE x"] {
            let script = format!(
                "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE x PARTITION OF p FOR VALUES FROM (1) TO (10); {rest};
                 CREATE TABLE y PARTITION OF p FOR VALUES FROM (9) TO (20)"
            );
            assert_eq!(say(&script), [""; 0], "{script}");
        }
    }
}
