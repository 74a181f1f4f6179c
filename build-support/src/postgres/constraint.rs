//! Keys, references, checks and exclusions of tables and domains.

use super::ast::{self, AstNode, SyntaxNode};
use super::expression;
use super::name::{self, names, range};
use crate::statement::{Constraint, ConstraintKind, ForeignKey, KeyKind, Name};
use squawk_parser::SyntaxKind::*;

/// Reads a constraint; one that stands with a column is about that column. `None` for what isn't one: defaults, `NULL`.
pub(super) fn lower(constraint: &ast::Constraint, column: Option<&Name>) -> Option<Constraint> {
    let kind = match constraint {
        ast::Constraint::PrimaryKeyConstraint(it) => key(KeyKind::Primary, it.parameters(), it.using_index(), column),
        ast::Constraint::UniqueConstraint(it) => key(KeyKind::Unique, it.parameters(), it.using_index(), column),
        ast::Constraint::CheckConstraint(it) => ConstraintKind::Check(expression::lower(it.expr()?)),
        ast::Constraint::ForeignKeyConstraint(it) => {
            let columns = |list: Option<ast::ForeignKeyColumnList>| {
                let list = list.into_iter();
                list.flat_map(|list| {
                    let mut columns = names(list.columns());
                    columns.extend(name::name_of(list.period()));
                    columns
                })
            };
            let mut lists = it.lists();
            let columns_from = columns(lists.next()).collect();
            let (on_delete, on_update) = actions(it.actions());
            ConstraintKind::ForeignKey(ForeignKey {
                columns: columns_from,
                table: name::qualified_of(it.table())?,
                references: columns(lists.next()).collect(),
                on_delete,
                on_update,
            })
        }
        ast::Constraint::ReferencesConstraint(it) => {
            let (on_delete, on_update) = actions(it.actions());
            ConstraintKind::ForeignKey(ForeignKey {
                columns: column.cloned().into_iter().collect(),
                table: name::qualified_of(it.table())?,
                references: name::name_of(it.column()).into_iter().collect(),
                on_delete,
                on_update,
            })
        }
        ast::Constraint::ExcludeConstraint(it) => ConstraintKind::Exclude {
            columns: it.items().filter_map(|item| plain_column(&item.expr()?)).collect(),
            method: name::name_of(it.method()).map(|name| name.text),
        },
        ast::Constraint::NotNullConstraint(it) => {
            ConstraintKind::NotNull(name::name_of(it.column()).or_else(|| column.cloned())?)
        }
        ast::Constraint::DefaultConstraint(_) | ast::Constraint::GeneratedConstraint(_) | ast::Constraint::Null(_) => {
            return None;
        }
    };
    Some(Constraint {
        name: name::name_of(constraint.name()),
        kind,
        not_valid: ast::has(constraint.syntax(), NOT_VALID) || ast::has(constraint.syntax(), NOT_ENFORCED),
        range: range(constraint.syntax()),
    })
}

fn key(
    kind: KeyKind,
    parameters: Option<ast::IndexParameters>,
    using_index: Option<SyntaxNode>,
    column: Option<&Name>,
) -> ConstraintKind {
    let list = parameters.as_ref().and_then(ast::IndexParameters::columns);
    let include = parameters.as_ref().and_then(ast::IndexParameters::include);
    ConstraintKind::Key {
        kind,
        columns: match list {
            Some(list) => names(list.columns()),
            None => column.cloned().into_iter().collect(),
        },
        include: include.map(|list| names(list.children())).unwrap_or_default(),
        using_index: name::qualified_of(using_index).map(|index| index.name),
        nulls_not_distinct: parameters.is_some_and(|parameters| parameters.nulls_not_distinct()),
    }
}

fn actions(actions: impl Iterator<Item = ast::ReferentialAction>) -> (String, String) {
    let words = |action: Option<SyntaxNode>| {
        match action.and_then(|action| action.first_child()).map(|action| action.kind()) {
            Some(CASCADE) => "CASCADE",
            Some(RESTRICT) => "RESTRICT",
            Some(SET_NULL_COLUMNS) => "SET NULL",
            Some(SET_DEFAULT_COLUMNS) => "SET DEFAULT",
            _ => "NO ACTION",
        }
        .to_owned()
    };
    let (mut on_delete, mut on_update) = (words(None), words(None));
    for action in actions {
        match action {
            ast::ReferentialAction::OnDelete(it) => on_delete = words(Some(it)),
            ast::ReferentialAction::OnUpdate(it) => on_update = words(Some(it)),
        }
    }
    (on_delete, on_update)
}

/// Gives the column that an expression is, where it is no more than that; the server looks through parentheses.
pub(super) fn plain_column(expr: &ast::Expr) -> Option<Name> {
    match expr {
        ast::Expr::NameRef(it) => name::name(it),
        ast::Expr::ParenExpr(it) => plain_column(&it.expr()?),
        _ => None,
    }
}
