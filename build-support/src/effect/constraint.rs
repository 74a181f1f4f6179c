//! Constraints: what is verified, and which index is built, when one is added.

use super::situation::{Situation, column};
use super::{Cause, Effects, Lock, Work, proof};
use crate::catalog::{IndexPart, Table};
use crate::statement::{Constraint, ConstraintKind, DomainChange, KeyKind, Name, QualifiedName};

/// Gives the effects of a constraint that is added to a table.
pub(crate) fn added(
    constraint: &Constraint,
    key: &str,
    table: Option<&Table>,
    before: &Situation<'_>,
    found: &mut Effects,
) {
    let verified = |cause| match constraint.not_valid {
        true => (Work::Nothing, Cause::Definition),
        false => (Work::Scan, cause),
    };
    match &constraint.kind {
        ConstraintKind::Key { kind, using_index: Some(index), .. } => {
            let nullable = *kind == KeyKind::Primary && table.is_some_and(|table| any_nullable(table, &index.text));
            let (work, cause) = match nullable {
                true => (Work::Scan, Cause::PrimaryKeyColumns),
                false => (Work::Nothing, Cause::Definition),
            };
            found.add(key, Lock::AccessExclusive, work, cause);
        }
        ConstraintKind::Key { kind: KeyKind::Primary, .. } => {
            found.add(key, Lock::AccessExclusive, Work::Build, Cause::PrimaryKey);
        }
        ConstraintKind::Key { kind: KeyKind::Unique, .. } => {
            found.add(key, Lock::AccessExclusive, Work::Build, Cause::Unique);
        }
        ConstraintKind::Exclude { .. } => found.add(key, Lock::AccessExclusive, Work::Build, Cause::Exclusion),
        ConstraintKind::Check(_) => {
            let (work, cause) = verified(Cause::Check);
            found.add(key, Lock::AccessExclusive, work, cause);
        }
        ConstraintKind::NotNull(name) => {
            let (work, cause) = match table.is_some_and(|table| never_null(table, &name.text)) {
                true => (Work::Nothing, Cause::Definition),
                false => verified(Cause::NotNull),
            };
            found.add(key, Lock::AccessExclusive, work, cause);
        }
        ConstraintKind::ForeignKey(foreign) => {
            let (work, cause) = match constraint.not_valid {
                true => (Work::Nothing, Cause::Definition),
                false => (Work::ForeignKeyScan, Cause::ForeignKey),
            };
            found.add(key, Lock::ShareRowExclusive, work, cause);
            referenced(&foreign.table, before, found);
        }
    }
}

/// Locks the table that a foreign key refers to, for it gets a trigger.
pub(crate) fn referenced(table: &QualifiedName, before: &Situation<'_>, found: &mut Effects) {
    let (key, _) = before.relation(table);
    found.lock(&key, Lock::ShareRowExclusive);
}

/// Gives the effects of `VALIDATE CONSTRAINT`: nobody who reads or writes the table has to wait for it.
pub(crate) fn validated(name: &Name, key: &str, table: Option<&Table>, found: &mut Effects) {
    let reference = table.and_then(|table| table.references.get(&name.text));
    let check = table.and_then(|table| table.checks.get(&name.text));
    let done = reference.is_some_and(|it| it.validated) || check.is_some_and(|it| it.validated);
    let work = match () {
        () if done => Work::Nothing,
        () if reference.is_some() => Work::ForeignKeyScan,
        () => Work::Scan,
    };
    found.add(key, Lock::ShareUpdateExclusive, work, Cause::Validation);
    if let Some(reference) = reference.filter(|_| !done) {
        found.lock(&reference.table, Lock::RowShare);
    }
}

/// Tells whether a column can't be null, by itself or by a check.
pub(crate) fn never_null(table: &Table, name: &str) -> bool {
    column(table, name).is_some_and(|column| column.not_null) || proof::not_null(table, name, |_| false)
}

/// Tells whether an index has a column that may be null.
fn any_nullable(table: &Table, index: &str) -> bool {
    let keys = table.indexes.get(index).map(|index| index.keys.as_slice()).unwrap_or_default();
    keys.iter().any(|key| matches!(&key.part, IndexPart::Column(name) if !never_null(table, name)))
}

/// Gives the effects of a change of a domain on the tables that have columns of it.
pub(crate) fn of_domain(name: &QualifiedName, change: &DomainChange, before: &Situation<'_>, found: &mut Effects) {
    let reads = match change {
        DomainChange::AddConstraint(constraint) => !constraint.not_valid,
        DomainChange::SetNotNull(not_null) => *not_null,
        DomainChange::ValidateConstraint(_) => true,
        DomainChange::DropConstraint { .. } | DomainChange::RenameConstraint { .. } | DomainChange::SetDefault(_) => {
            false
        }
    };
    let Some((domain, _)) = before.own_type(name.schema.as_ref(), &name.name.text).filter(|_| reads) else { return };
    let uses = |_: &str, table: &Table| table.columns.iter().any(|column| column.own_type.as_ref() == Some(&domain));
    for (key, _) in before.tables(uses) {
        found.add(&key, Lock::Share, Work::Scan, Cause::Domain);
    }
}
