//! Columns, as `CREATE TABLE` and `ADD COLUMN` declare them.

use super::name::{self, range, token_range};
use super::{constraint, expression, types};
use crate::statement::{Column, Generated};
use squawk_syntax::ast::{self, AstNode};

/// Reads a column of `CREATE TABLE`.
pub(super) fn lower(column: &ast::Column) -> Option<Column> {
    let mut read = empty(column.name()?, column.ty())?;
    read.range = range(column.syntax());
    for clause in column.clauses() {
        if let ast::ColumnClause::ColumnConstraint(clause) = clause
            && let Some(clause) = ast::Constraint::cast(clause.syntax().clone())
        {
            add(&mut read, &clause);
        }
    }
    Some(read)
}

/// Reads the column of `ADD COLUMN`.
pub(super) fn lower_added(added: &ast::AddColumn) -> Option<Column> {
    let mut read = empty(added.column_name()?, added.ty())?;
    read.range.end = range(added.syntax()).end;
    for clause in added.constraints() {
        add(&mut read, &clause);
    }
    Some(read)
}

fn empty(name: ast::ColumnName, ty: Option<ast::Type>) -> Option<Column> {
    let name = name::name(name.syntax())?;
    Some(Column {
        range: name.range.clone(),
        name,
        ty: ty.as_ref().map(types::lower),
        not_null: None,
        default: None,
        generated: None,
        constraints: Vec::new(),
    })
}

fn add(column: &mut Column, clause: &ast::Constraint) {
    match clause {
        ast::Constraint::NotNullConstraint(it) => {
            let end = it.null_token().or(it.not_token()).map(|token| token_range(&token).end);
            let start = it.not_token().map(|token| token_range(&token).start);
            column.not_null = start.zip(end).map(|(start, end)| start..end);
        }
        ast::Constraint::NullConstraint(_) => {}
        ast::Constraint::DefaultConstraint(it) => column.default = it.expr().map(expression::lower),
        ast::Constraint::GeneratedConstraint(it) => column.generated = it.generated_as().and_then(generated),
        _ => column.constraints.extend(constraint::lower(clause, Some(&column.name))),
    }
}

fn generated(clause: ast::GeneratedAs) -> Option<Generated> {
    Some(match clause {
        ast::GeneratedAs::GeneratedIdentity(it) => Generated::Identity { always: always(it.generated_when()) },
        ast::GeneratedAs::GeneratedStored(it) => {
            let expression = expression::lower(it.expr()?);
            match it.generated_kind() {
                Some(ast::GeneratedKind::Stored(_)) => Generated::Stored(expression),
                // What is said by neither word is virtual, since there are virtual columns.
                _ => Generated::Virtual(expression),
            }
        }
    })
}

/// Tells `ALWAYS` from `BY DEFAULT`.
pub(super) fn always(when: Option<ast::GeneratedWhen>) -> bool {
    matches!(when, Some(ast::GeneratedWhen::GeneratedAlways(_)))
}
