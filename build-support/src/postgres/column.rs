//! Columns, as `CREATE TABLE` and `ADD COLUMN` declare them.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, range, token_range};
use super::{constraint, expression, types};
use crate::statement::{Column, Generated};
use squawk_parser::SyntaxKind::{NOT_KW, NULL_KW};

/// Reads a column of `CREATE TABLE`.
pub(super) fn lower(column: &ast::Column) -> Option<Column> {
    let mut read = empty(column.name()?, column.ty())?;
    read.range = range(column.syntax());
    for clause in column.constraints() {
        add(&mut read, &clause);
    }
    Some(read)
}

/// Reads the column of `ADD COLUMN`.
pub(super) fn lower_added(added: &ast::AddColumn) -> Option<Column> {
    let mut read = empty(added.name()?, added.ty())?;
    read.range.end = range(added.syntax()).end;
    for clause in added.constraints() {
        add(&mut read, &clause);
    }
    Some(read)
}

fn empty(name: SyntaxNode, ty: Option<ast::Type>) -> Option<Column> {
    let name = name::name(&name)?;
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
            let words = it.syntax().children_with_tokens().filter_map(|element| element.into_token());
            let mut words = words.filter(|word| matches!(word.kind(), NOT_KW | NULL_KW));
            let (not, null) = (words.next(), words.next());
            column.not_null = not.map(|not| token_range(&not).start..token_range(null.as_ref().unwrap_or(&not)).end);
        }
        ast::Constraint::Null(_) => {}
        ast::Constraint::DefaultConstraint(it) => column.default = it.expr().map(expression::lower),
        ast::Constraint::GeneratedConstraint(it) => column.generated = it.how().and_then(generated),
        _ => column.constraints.extend(constraint::lower(clause, Some(&column.name))),
    }
}

fn generated(clause: ast::GeneratedAs) -> Option<Generated> {
    Some(match clause {
        ast::GeneratedAs::GeneratedIdentity(it) => Generated::Identity { always: it.always() },
        ast::GeneratedAs::GeneratedStored(it) => {
            let expression = expression::lower(it.expr()?);
            // What is said by neither word is virtual, since there are virtual columns.
            if it.stored() { Generated::Stored(expression) } else { Generated::Virtual(expression) }
        }
    })
}
