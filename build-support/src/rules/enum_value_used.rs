use super::words::ended;
use super::{Case, Level, Rule, Verdict};
use crate::by_name::ByName;
use crate::catalog::Table;
use crate::effect::{NewValue, Work};
use crate::sql::{Dialect, Script, Token, TokenKind};
use crate::statement::{ActKind, ColumnChange, TableChange, WriteKind};
use std::ops::Range;

pub(super) static RULE: Rule = Rule {
    name: "enum-value-used-in-same-transaction",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "12 and later; before that a value can't be added in a transaction at all",
    finds: "a value of an enum that is used in the transaction which adds it",
    condition: "A value of a type that was there before the migration, added by `ALTER TYPE … ADD VALUE` and used later in the same \
                transaction: cast to the type, compared with or written to a column of it, or a default.",
    lock: None,
    work: Work::Nothing,
    effect: "The server refuses it: \"unsafe use of new value\".",
    rewrite: "Two migrations: the one adds the value, the next one uses it.",
    bad: &[
        (
            "0001_mood.sql",
            "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE people (id bigint PRIMARY KEY, feels mood);",
        ),
        ("0002_happy.sql", "ALTER TYPE mood ADD VALUE 'happy';\nUPDATE people SET feels = 'happy' WHERE feels = 'ok';"),
    ],
    good: &[
        (
            "0001_mood.sql",
            "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE people (id bigint PRIMARY KEY, feels mood);",
        ),
        ("0002_happy.sql", "ALTER TYPE mood ADD VALUE 'happy';"),
        ("0003_happier.sql", "UPDATE people SET feels = 'happy' WHERE feels = 'ok';"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let first = case.statement.acts.first().is_some_and(|act| std::ptr::eq(act, case.act));
    if !case.transactional || !first || case.statement.words == "DO" {
        return;
    }
    for value in case.walk.new_values() {
        let Some(range) = used(case, value) else { continue };
        let ty = case.called(&value.of);
        let mut verdict = Verdict::new(
            &RULE,
            range,
            format!("the server refuses to use `{}` in the transaction that adds it to `{ty}`", value.value),
            "used before it is committed",
        )
        .instead("use it in the next migration:", &[ended(case.text.piece(case.statement.range.clone()))]);
        verdict.related = Some((value.range.clone(), "added here".to_owned()));
        found.push(verdict);
    }
}

/// Finds the place of the statement that uses a value, where it is beyond doubt that it does.
fn used(case: &Case<'_>, value: &NewValue) -> Option<Range<usize>> {
    let start = case.statement.range.start;
    let text = case.text.0.get(case.statement.range.clone())?;
    let literal = format!("'{}'", value.value.replace('\'', "''"));
    if !text.contains(&literal) {
        return None;
    }
    let script = Script::parse(text, Dialect::Postgres).ok()?;
    let tokens = script.tokens();
    let statement = Statement { case, text, tokens, columns: columns(case, value, text, tokens) };
    let at = (0..tokens.len()).find(|at| {
        tokens[*at].kind == TokenKind::String && tokens[*at].text(text) == literal && statement.uses(*at, value)
    })?;
    let range = tokens[at].range();
    Some(start + range.start..start + range.end)
}

/// Gives the names that mean a column of the type in every table that the statement names and that has such a column.
fn columns(case: &Case<'_>, value: &NewValue, text: &str, tokens: &[Token]) -> Vec<String> {
    let mut found = ByName::new();
    let named = |name: &str, _: &Table| tokens.iter().any(|token| names(token, text, name));
    for (_, table) in case.before.tables(named) {
        for column in &table.columns {
            *found.or_insert(&column.name, true) &= column.own_type.as_ref() == Some(&value.of);
        }
    }
    found.into_iter().filter(|(_, all)| *all).map(|(name, _)| name).collect()
}

fn names(token: &Token, text: &str, name: &str) -> bool {
    match token.kind {
        TokenKind::Word => token.text(text).to_lowercase() == name,
        TokenKind::QuotedName => token.text(text).trim_matches('"') == name,
        _ => false,
    }
}

struct Statement<'a> {
    case: &'a Case<'a>,
    text: &'a str,
    tokens: &'a [Token],
    columns: Vec<String>,
}

impl Statement<'_> {
    fn uses(&self, at: usize, value: &NewValue) -> bool {
        self.is_cast(at, value) || self.meets_column(at) || self.is_default(value) || self.is_inserted(at)
    }

    fn is(&self, at: usize, mark: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text(self.text).eq_ignore_ascii_case(mark))
    }

    fn is_cast(&self, at: usize, value: &NewValue) -> bool {
        let name = value.of.rsplit('.').next().unwrap_or(&value.of);
        let cast = self.is(at + 1, "::") || self.is(at + 1, "AS") && self.is(at.wrapping_sub(2), "CAST");
        let named = |at: usize| self.tokens.get(at).is_some_and(|token| names(token, self.text, name));
        cast && (named(at + 2) && !self.is(at + 3, ".") || self.is(at + 3, ".") && named(at + 4))
    }

    /// `column = 'value'`, `column IN ('a', 'value')`.
    fn meets_column(&self, at: usize) -> bool {
        let column = |at: usize| {
            self.tokens.get(at).is_some_and(|token| self.columns.iter().any(|name| names(token, self.text, name)))
        };
        let compares = |at: usize| ["=", "<>", "!=", "<", ">", "<=", ">="].iter().any(|operator| self.is(at, operator));
        if compares(at.wrapping_sub(1)) {
            return column(at.wrapping_sub(2));
        }
        let list =
            (0..at).rev().take_while(|at| self.is(*at, ",") || self.tokens[*at].kind == TokenKind::String).count();
        let open = at.wrapping_sub(list + 1);
        self.is(open, "(") && self.is(open.wrapping_sub(1), "IN") && {
            let negated = self.is(open.wrapping_sub(2), "NOT");
            column(open.wrapping_sub(if negated { 3 } else { 2 }))
        }
    }

    fn is_default(&self, value: &NewValue) -> bool {
        let literal = format!("'{}'", value.value.replace('\'', "''"));
        self.case.statement.acts.iter().any(|act| {
            let ActKind::AlterTable(alter) = &act.kind else { return false };
            match &alter.change {
                TableChange::AddColumn { column, .. } => {
                    let ty = column.ty.as_ref().and_then(|ty| self.case.before.own_type(ty.schema.as_ref(), &ty.name));
                    ty.is_some_and(|(key, _)| key == value.of)
                        && column.default.as_ref().is_some_and(|default| default.text == literal)
                }
                TableChange::AlterColumn { name, change: ColumnChange::Default(Some(default)) } => {
                    default.text == literal && self.columns.contains(&name.text)
                }
                _ => false,
            }
        })
    }

    /// `INSERT INTO table (…) VALUES (…, 'value', …)`.
    fn is_inserted(&self, at: usize) -> bool {
        let Some(ActKind::Write { kind: WriteKind::Insert, table, columns, .. }) =
            self.case.statement.acts.first().map(|act| &act.kind)
        else {
            return false;
        };
        let (mut depth, mut place, mut begin) = (0usize, 0usize, None);
        for before in (0..at).rev() {
            match () {
                () if self.is(before, ")") => depth += 1,
                () if self.is(before, "(") && depth == 0 => {
                    begin = Some(before);
                    break;
                }
                () if self.is(before, "(") => depth -= 1,
                () if self.is(before, ",") && depth == 0 => place += 1,
                () => {}
            }
        }
        let Some(begin) = begin else { return false };
        let alone = (self.is(at + 1, ",") || self.is(at + 1, ")")) && (self.is(at - 1, ",") || at == begin + 1);
        let of_values = self.is(begin.wrapping_sub(1), "VALUES")
            || self.is(begin.wrapping_sub(1), ",") && self.is(begin.wrapping_sub(2), ")");
        let column = match columns.get(place) {
            Some(column) => Some(column.text.as_str()),
            None if columns.is_empty() => {
                let table = self.case.before.table(table).1;
                table.and_then(|table| table.columns.get(place)).map(|column| column.name.as_str())
            }
            None => None,
        };
        alone && of_values && column.is_some_and(|column| self.columns.iter().any(|name| name == column))
    }
}
