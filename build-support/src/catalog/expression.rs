//! Expressions: what they need to be there, and their text when a column gets another name.

use super::lookup::{Found, Space};
use super::resolve::Around;
use super::server::quoted;
use super::{Expression, Id, Relation, Simulator};
use crate::sql::{self, Dialect, TokenKind};
use crate::statement::{self, QualifiedName, Scope};

impl Simulator {
    /// Takes an expression that stands with a table, checks its names and notes what it needs.
    pub(super) fn expression(&mut self, expression: &statement::Expression, table: Option<&Id>) -> Expression {
        self.check_names(&expression.uses, table);
        self.needs(expression)
    }

    /// Notes what an expression needs.
    pub(super) fn needs(&self, expression: &statement::Expression) -> Expression {
        let mut columns = Vec::new();
        for column in &expression.uses.columns {
            if !columns.contains(&column.name.text) {
                columns.push(column.name.text.clone());
            }
        }
        let (functions, types) = (self.functions_of(&expression.uses), self.types_of(&expression.uses));
        Expression { text: bare(&expression.text).to_owned(), columns, functions, types }
    }

    /// Reports what a query or an expression names and isn't there. A table's own columns are seen by its expressions.
    pub(super) fn check_names(&mut self, scope: &Scope, table: Option<&Id>) {
        let own = table.and_then(|id| Some((id, self.catalog.relation(id)?.clone())));
        let around: Vec<Around<'_>> = own
            .iter()
            .map(|(id, relation)| Around {
                schema: Some(id.schema.as_str()),
                name: id.name.as_str(),
                columns: match relation {
                    Relation::Table(table) if !table.opaque => {
                        Some(table.columns.iter().map(|column| column.name.as_str()).collect())
                    }
                    _ => None,
                },
                hidden: false,
            })
            .collect();
        self.resolve(scope, &around);
    }

    /// Lists the author's own functions that a scope calls.
    pub(super) fn functions_of(&self, scope: &Scope) -> Vec<String> {
        let mut found = Vec::new();
        walk(scope, &mut |scope| {
            for function in &scope.functions {
                if let Some(id) = self.own_function(&function.name) {
                    found.push(id);
                }
            }
        });
        found.sort();
        found.dedup();
        found
    }

    fn own_function(&self, name: &QualifiedName) -> Option<String> {
        if let Found::Here(id) = self.look_up(Space::Function, name) {
            return Some(id.to_string());
        }
        if crate::postgres::shipped::function(&name.name.text).is_some() {
            return None;
        }
        let extension = super::extension::of_function(&name.name.text)?;
        let schema = self.catalog.extensions.get(extension)?;
        Some(format!("{schema}.{}", name.name.text))
    }

    /// Lists the author's own types that a scope names.
    pub(super) fn types_of(&self, scope: &Scope) -> Vec<String> {
        let mut found = Vec::new();
        walk(scope, &mut |scope| {
            for ty in &scope.types {
                if let Found::Here(id) = self.look_up_type(ty) {
                    found.push(id.to_string());
                }
            }
        });
        found.sort();
        found.dedup();
        found
    }
}

/// Goes through a scope and all those in it.
pub(super) fn walk(scope: &Scope, visit: &mut impl FnMut(&Scope)) {
    visit(scope);
    for with in &scope.with {
        walk(&with.query, visit);
    }
    for relation in &scope.from {
        if let statement::Source::Query(query) = &relation.source {
            walk(query, visit);
        }
    }
    for inner in &scope.inner {
        walk(inner, visit);
    }
    for join in &scope.joins {
        walk(&join.on, visit);
    }
}

impl Expression {
    pub(super) fn uses_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// Gives a column of it another name.
    pub(super) fn rename_column(&mut self, from: &str, to: &str) {
        let mut found = false;
        for column in self.columns.iter_mut().filter(|column| *column == from) {
            to.clone_into(column);
            found = true;
        }
        if found {
            self.text = renamed(&self.text, from, to);
        }
    }
}

/// Writes another name for a column wherever an expression's text has it.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let Ok(script) = sql::Script::parse(text, Dialect::Postgres) else { return text.to_owned() };
    let mut written = String::with_capacity(text.len());
    let mut end = 0;
    let tokens: Vec<_> = script.statements().iter().flat_map(|statement| script.tokens_of(statement)).collect();
    for (at, token) in tokens.iter().enumerate() {
        let word = token.text(text);
        let is_name = match token.kind {
            TokenKind::Word => word.eq_ignore_ascii_case(from) && from.to_lowercase() == from,
            TokenKind::QuotedName => word.trim_matches('"').replace("\"\"", "\"") == from,
            _ => false,
        };
        let is_call = tokens.get(at + 1).is_some_and(|next| next.is_mark(text, b'('));
        let is_type = at > 0 && tokens[at - 1].text(text) == "::";
        if is_name && !is_call && !is_type {
            written.push_str(text.get(end..token.start).unwrap_or_default());
            written.push_str(&quoted(to));
            end = token.end;
        }
    }
    written.push_str(text.get(end..).unwrap_or_default());
    written
}

/// Gives the column that a condition keeps from being null, where it says just that.
pub(super) fn not_null_column(text: &str) -> Option<String> {
    let text = bare(text);
    let upper = text.to_ascii_uppercase();
    let len = upper.strip_suffix("IS NOT NULL").or_else(|| upper.strip_suffix("NOTNULL"))?.len();
    let name = bare(text.get(..len)?);
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => (!quoted.contains('"')).then(|| quoted.to_owned()),
        None if name.chars().all(|c| c.is_alphanumeric() || c == '_') => Some(name.to_lowercase()),
        None => None,
    }
}

/// Takes parentheses off that stand around all of a text.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0i32;
        let closes_early = inner.chars().any(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth < 0
        });
        if closes_early {
            break;
        }
        text = inner.trim();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gets_its_new_name_and_nothing_else_does() {
        assert_eq!(renamed("a > 0 AND lower(b) = 'a' AND a(1)", "a", "c"), "c > 0 AND lower(b) = 'a' AND a(1)");
        assert_eq!(renamed("\"A\" = A", "A", "b"), "b = A");
        assert_eq!(renamed("x::date", "date", "day"), "x::date");
        assert_eq!(renamed("t.a = 1", "a", "Order"), "t.\"Order\" = 1");
    }

    #[test]
    fn a_check_that_forbids_null_is_recognised() {
        assert_eq!(not_null_column("a IS NOT NULL").as_deref(), Some("a"));
        assert_eq!(not_null_column("((A is not null))").as_deref(), Some("a"));
        assert_eq!(not_null_column("(\"Order\") IS NOT NULL").as_deref(), Some("Order"));
        assert_eq!(not_null_column("a IS NOT NULL OR b IS NOT NULL"), None);
        assert_eq!(not_null_column("a IS NOT NULL = true"), None);
    }
}
