//! Keys, references, checks and exclusions of tables and domains.

use super::expression;
use super::name::{self, names, range};
use crate::statement::{Constraint, ConstraintKind, ForeignKey, KeyKind, Name};
use squawk_syntax::ast::{self, AstNode};

/// Reads a constraint; one that stands with a column is about that column. `None` for what isn't one: defaults, `NULL`.
pub(super) fn lower(constraint: &ast::Constraint, column: Option<&Name>) -> Option<Constraint> {
    let kind = match constraint {
        ast::Constraint::PrimaryKeyConstraint(it) => {
            key(KeyKind::Primary, it.index_parameters(), it.using_index(), column)
        }
        ast::Constraint::UniqueConstraint(it) => key(KeyKind::Unique, it.index_parameters(), it.using_index(), column),
        ast::Constraint::CheckConstraint(it) => ConstraintKind::Check(expression::lower(it.expr()?)),
        ast::Constraint::ForeignKeyConstraint(it) => {
            let columns = |list: Option<ast::ForeignKeyColumnList>| {
                let list = list.into_iter();
                list.flat_map(|list| {
                    let mut columns = names(list.column_name_refs());
                    columns.extend(list.period_column().and_then(|period| name::name_of(period.name())));
                    columns
                })
            };
            let mut lists = it.syntax().children().filter_map(ast::ForeignKeyColumnList::cast);
            let columns_from = columns(lists.next()).collect();
            let (on_delete, on_update) = actions(it.referential_actions());
            ConstraintKind::ForeignKey(ForeignKey {
                columns: columns_from,
                table: name::qualified_of(it.table_name_ref())?,
                references: columns(lists.next()).collect(),
                on_delete,
                on_update,
            })
        }
        ast::Constraint::ReferencesConstraint(it) => {
            let (on_delete, on_update) = actions(it.referential_actions());
            ConstraintKind::ForeignKey(ForeignKey {
                columns: column.cloned().into_iter().collect(),
                table: name::qualified_of(it.table())?,
                references: name::name_of(it.column()).into_iter().collect(),
                on_delete,
                on_update,
            })
        }
        ast::Constraint::ExcludeConstraint(it) => {
            let items = it.constraint_exclusion_list().into_iter().flat_map(|list| list.constraint_exclusions());
            ConstraintKind::Exclude {
                columns: items.filter_map(|item| plain_column(&item.expr()?)).collect(),
                method: it
                    .constraint_index_method()
                    .and_then(|using| name::name_of(using.access_method_ref()))
                    .map(|name| name.text),
            }
        }
        ast::Constraint::NotNullConstraint(it) => {
            ConstraintKind::NotNull(name::name_of(it.column_name_ref()).or_else(|| column.cloned())?)
        }
        ast::Constraint::DefaultConstraint(_)
        | ast::Constraint::GeneratedConstraint(_)
        | ast::Constraint::NullConstraint(_) => return None,
    };
    Some(Constraint {
        name: name::name_of(constraint.constraint_name()),
        kind,
        not_valid: constraint
            .constraint_options()
            .any(|option| matches!(option, ast::ConstraintOption::NotValid(_) | ast::ConstraintOption::NotEnforced(_))),
        range: range(constraint.syntax()),
    })
}

fn key(
    kind: KeyKind,
    parameters: Option<ast::IndexParameters>,
    using_index: Option<ast::UsingIndexName>,
    column: Option<&Name>,
) -> ConstraintKind {
    let list = parameters.as_ref().and_then(ast::IndexParameters::column_list);
    let include = parameters.as_ref().and_then(ast::IndexParameters::constraint_include_clause);
    ConstraintKind::Key {
        kind,
        columns: match list {
            Some(list) => names(list.column_name_refs()),
            None => column.cloned().into_iter().collect(),
        },
        include: include
            .and_then(|include| include.column_ref_list())
            .map(|list| names(list.column_name_refs()))
            .unwrap_or_default(),
        using_index: using_index.and_then(|using| name::qualified_of(using.index_ref())).map(|index| index.name),
        nulls_not_distinct: matches!(
            parameters.and_then(|parameters| parameters.nulls_distinct_option()),
            Some(ast::NullsDistinctOption::NullsNotDistinct(_))
        ),
    }
}

fn actions(actions: impl Iterator<Item = ast::ReferentialAction>) -> (String, String) {
    let words = |action: Option<ast::RefAction>| {
        match action {
            Some(ast::RefAction::Cascade(_)) => "CASCADE",
            Some(ast::RefAction::Restrict(_)) => "RESTRICT",
            Some(ast::RefAction::SetNullColumns(_)) => "SET NULL",
            Some(ast::RefAction::SetDefaultColumns(_)) => "SET DEFAULT",
            Some(ast::RefAction::NoAction(_)) | None => "NO ACTION",
        }
        .to_owned()
    };
    let (mut on_delete, mut on_update) = (words(None), words(None));
    for action in actions {
        match action {
            ast::ReferentialAction::OnDeleteAction(it) => on_delete = words(it.ref_action()),
            ast::ReferentialAction::OnUpdateAction(it) => on_update = words(it.ref_action()),
        }
    }
    (on_delete, on_update)
}

/// Gives the column that an expression is, where it is no more than that; the server looks through parentheses.
pub(super) fn plain_column(expr: &ast::Expr) -> Option<Name> {
    match expr {
        ast::Expr::NameRef(it) => name::name(it.syntax()),
        ast::Expr::ParenExpr(it) => plain_column(&it.expr()?),
        _ => None,
    }
}
