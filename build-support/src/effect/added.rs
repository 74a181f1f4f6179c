//! `ADD COLUMN`: most columns cost nothing, for the rows that are there are told their value by the catalog.

use super::situation::{Situation, column};
use super::{Cause, Effects, Lock, Work, constraint, retyped};
use crate::catalog::{Relation, Table};
use crate::statement::{
    Act, ActKind, Column, ConstraintKind, Expression, Generated, KeyKind, Statement, TableChange, TypeName, Volatility,
};

/// What becomes of the rows that are there.
#[derive(PartialEq, Eq)]
enum Rows {
    /// The column is null in them.
    Null,
    /// The catalog has one value for all of them.
    Same,
    /// The value is computed when they are read.
    Computed,
    Rewritten,
}

/// Gives the effects of one added column.
pub(crate) fn effects(
    statement: &Statement,
    added: &Column,
    key: &str,
    table: Option<&Table>,
    before: &Situation<'_>,
    found: &mut Effects,
) {
    let rows = rows(added, key, before, found);
    if rows != Rows::Rewritten && added.not_null.is_some() && rows != Rows::Same {
        found.add(key, Lock::AccessExclusive, Work::Scan, Cause::NotNullColumn);
    }
    let mut needs_value = rows == Rows::Null && added.not_null.is_none();
    for inline in &added.constraints {
        match &inline.kind {
            ConstraintKind::Check(_) if rows != Rows::Rewritten => {
                found.add(key, Lock::AccessExclusive, Work::Scan, Cause::InlineCheck);
            }
            ConstraintKind::Key { kind, .. } => {
                found.add(key, Lock::AccessExclusive, Work::Build, Cause::InlineKey);
                if *kind == KeyKind::Primary && std::mem::take(&mut needs_value) {
                    found.add(key, Lock::AccessExclusive, Work::Scan, Cause::NotNullColumn);
                }
            }
            ConstraintKind::ForeignKey(foreign) => {
                let work = match has_value(statement, added, before.version) {
                    true => Work::ForeignKeyScan,
                    false => Work::Nothing,
                };
                let cause = if work == Work::Nothing { Cause::Definition } else { Cause::InlineReference };
                found.add(key, Lock::AccessExclusive, work, cause);
                constraint::referenced(&foreign.table, before, found);
            }
            _ => {}
        }
    }
    found.lock(key, Lock::AccessExclusive);
    // A partitioned table has no rows, and one that is only declared on another server none that are here.
    if table.is_some_and(|table| table.foreign) {
        found.keep_locks_only();
    }
}

fn rows(added: &Column, key: &str, before: &Situation<'_>, found: &mut Effects) -> Rows {
    let mut rewrite = |cause| {
        found.add(key, Lock::AccessExclusive, Work::Rewrite, cause);
        Rows::Rewritten
    };
    match &added.generated {
        Some(Generated::Identity { .. }) => return rewrite(Cause::NumberedColumn),
        Some(Generated::Stored(_)) => return rewrite(Cause::StoredColumn),
        Some(Generated::Virtual(_)) => return Rows::Computed,
        None => {}
    }
    if added.ty.as_ref().is_some_and(|ty| ty.serial) {
        return rewrite(Cause::NumberedColumn);
    }
    if added.default.as_ref().is_some_and(|default| is_volatile(default, before)) {
        return rewrite(Cause::VolatileDefault);
    }
    let domain = added.ty.as_ref().and_then(|ty| domain(ty, before));
    if domain.as_deref().is_some_and(|domain| retyped::constrained(domain, before)) {
        return rewrite(Cause::ConstrainedDomain);
    }
    let of_domain = domain.and_then(|domain| before.domain(&domain)).is_some_and(|domain| domain.default.is_some());
    match &added.default {
        Some(default) if default.volatility != Volatility::Null => Rows::Same,
        None if of_domain => Rows::Same,
        _ => Rows::Null,
    }
}

/// Tells whether a default is known to be another for each row.
fn is_volatile(default: &Expression, before: &Situation<'_>) -> bool {
    match default.volatility {
        Volatility::Volatile => true,
        Volatility::Unknown => default.uses.functions.iter().any(|used| before.calls_volatile(&used.name)),
        _ => false,
    }
}

fn domain(ty: &TypeName, before: &Situation<'_>) -> Option<String> {
    let (key, _) = before.own_type(ty.schema.as_ref(), &ty.name).filter(|_| !ty.array)?;
    before.domain(&key).map(|_| key)
}

/// Tells whether the rows that are there have to be looked up in the table that an added column refers to.
///
/// They are null, and the server knows, unless the column has a default; up to PostgreSQL 12, unless any column that
/// the statement adds has one, or it adds a foreign key besides.
fn has_value(statement: &Statement, added: &Column, version: u16) -> bool {
    let valued = |column: &Column| {
        column.default.is_some()
            || column.ty.as_ref().is_some_and(|ty| ty.serial)
            || matches!(column.generated, Some(Generated::Stored(_) | Generated::Virtual(_)))
    };
    if version > 12 {
        return valued(added);
    }
    let change = |act: &Act| match &act.kind {
        ActKind::AlterTable(alter) => match &alter.change {
            TableChange::AddColumn { column, .. } => valued(column),
            TableChange::AddConstraint(constraint) => matches!(constraint.kind, ConstraintKind::ForeignKey(_)),
            _ => false,
        },
        _ => false,
    };
    statement.acts.iter().any(change)
}

/// Tells whether the table has the column already, so that `IF NOT EXISTS` does nothing.
pub(crate) fn is_there(table: Option<&Table>, added: &Column) -> bool {
    table.is_some_and(|table| column(table, &added.name.text).is_some_and(|column| !column.doubtful))
}

/// Tells whether a relation's rows are kept by this server.
pub(crate) fn has_rows(relation: Option<&Relation>) -> bool {
    match relation {
        Some(Relation::Table(table)) => !table.foreign,
        Some(Relation::View(view)) => view.materialized,
        Some(Relation::Sequence(_)) => false,
        _ => true,
    }
}
