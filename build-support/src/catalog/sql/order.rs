//! What has to be made before what.

use crate::catalog::{Catalog, Id, Relation, Type};
use std::collections::BTreeSet;

/// Lists types, each behind those that it is made of.
pub(super) fn types(catalog: &Catalog) -> Vec<Id> {
    let all =
        catalog.schemas.iter().flat_map(|(schema, held)| held.types.keys().map(move |name| Id::new(schema, name)));
    let needs = |id: &Id| -> Vec<Id> {
        let own: Vec<&String> = match catalog.type_at(id) {
            Some(Type::Composite(fields)) => fields.iter().filter_map(|field| field.own_type.as_ref()).collect(),
            Some(Type::Domain(domain)) => domain.own_type.iter().collect(),
            _ => Vec::new(),
        };
        own.into_iter().map(|own| Id::parse(own)).filter(|own| catalog.type_at(own).is_some()).collect()
    };
    sorted(all.collect(), &needs)
}

/// Lists tables, each behind its parents and those whose rows it has.
pub(super) fn tables(catalog: &Catalog) -> Vec<Id> {
    let all = super::each(catalog, |relation| matches!(relation, Relation::Table(_)).then_some(()));
    let needs = |id: &Id| -> Vec<Id> {
        let Some(table) = catalog.table(id) else { return Vec::new() };
        let rows = table.columns.iter().filter_map(|column| column.own_type.as_ref());
        let used = table.inherits.iter().chain(&table.partition_of).chain(rows);
        used.map(|own| Id::parse(own)).filter(|own| catalog.table(own).is_some()).collect()
    };
    sorted(all.into_iter().map(|(id, ())| id).collect(), &needs)
}

/// Lists views, each behind those that it reads.
pub(super) fn views(catalog: &Catalog) -> Vec<Id> {
    let all = super::each(catalog, |relation| matches!(relation, Relation::View(_)).then_some(()));
    let needs = |id: &Id| -> Vec<Id> {
        let Some(view) = catalog.view(id) else { return Vec::new() };
        view.reads.iter().map(|read| Id::parse(read)).filter(|read| catalog.view(read).is_some()).collect()
    };
    sorted(all.into_iter().map(|(id, ())| id).collect(), &needs)
}

/// Sorts by need, and by name otherwise. In a circle somebody has to be first.
fn sorted(all: Vec<Id>, needs: &impl Fn(&Id) -> Vec<Id>) -> Vec<Id> {
    let mut done = BTreeSet::new();
    let mut order = Vec::new();
    for id in all {
        visit(id, needs, &mut done, &mut order);
    }
    order
}

fn visit(id: Id, needs: &impl Fn(&Id) -> Vec<Id>, done: &mut BTreeSet<Id>, order: &mut Vec<Id>) {
    if !done.insert(id.clone()) {
        return;
    }
    for needed in needs(&id) {
        visit(needed, needs, done, order);
    }
    order.push(id);
}
