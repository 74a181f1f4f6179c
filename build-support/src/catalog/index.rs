//! Indexes.

use super::complaint::{create_extension, finding, has_column};
use super::past::Subject;
use super::{Id, Index, IndexKey, IndexPart, Relation, Simulator, chosen, extension};
use crate::statement::{Condition, CreateIndex, Name};
use std::ops::Range;

impl IndexPart {
    /// Gives the column, where it is one.
    pub(crate) fn column(&self) -> Option<&str> {
        match self {
            IndexPart::Column(name) => Some(name),
            IndexPart::Expression(_) => None,
        }
    }
}

impl Index {
    /// Tells whether it has to do with a column.
    pub(super) fn uses_column(&self, name: &str) -> bool {
        let in_key = |key: &IndexKey| match &key.part {
            IndexPart::Column(column) => column == name,
            IndexPart::Expression(expression) => expression.uses_column(name),
        };
        self.keys.iter().any(in_key)
            || self.include.iter().any(|column| column == name)
            || self.predicate.as_ref().is_some_and(|predicate| predicate.uses_column(name))
    }
}

impl Simulator {
    pub(super) fn create_index(&mut self, create: &CreateIndex) {
        let Some(id) = self.relation(&create.table, "table") else {
            self.opaque_index(create);
            return;
        };
        let is_view = self.catalog.view(&id).is_some_and(|view| view.materialized);
        if !is_view && !self.must_be_table(&id, &create.table.range()) {
            self.opaque_index(create);
            return;
        }
        // The server looks at the columns before it looks whether the index is there.
        let known = self.check_keys(&id, create);
        if let Some(name) = &create.name
            && self.is_index_there(&id, name, create.if_not_exists)
        {
            return;
        }
        self.check_classes(create);
        if create.unique {
            let columns: Vec<String> =
                create.keys.iter().filter_map(|key| Some(key.column.as_ref()?.text.clone())).collect();
            self.covers_partition_key(&id, &columns, &create.table.range());
        }
        let keys: Vec<IndexKey> = create
            .keys
            .iter()
            .map(|key| IndexKey {
                part: match &key.column {
                    Some(column) => IndexPart::Column(column.text.clone()),
                    None => IndexPart::Expression(self.needs(&key.expression)),
                },
                called: key.called.clone().unwrap_or_else(|| "expr".to_owned()),
                options: key.options.clone(),
            })
            .collect();
        let index = Index {
            unique: create.unique,
            method: create.method.clone(),
            keys,
            include: create.include.iter().map(|name| name.text.clone()).collect(),
            predicate: create.predicate.as_ref().map(|predicate| self.needs(predicate)),
            nulls_not_distinct: create.nulls_not_distinct,
            part_of: None,
            valid: !create.only || self.partitions(&id).is_empty(),
            comment: None,
        };
        if !known {
            return;
        }
        let name = match &create.name {
            Some(name) => name.text.clone(),
            None => {
                let keys = index.keys.iter().map(|key| key.called.as_str());
                let columns = chosen::columns(keys.chain(index.include.iter().map(String::as_str)));
                self.choose_relation(&id, &columns, "idx", false)
            }
        };
        let range = create.name.as_ref().map_or_else(|| self.range.clone(), |name| name.range.clone());
        self.past.made(Subject::relation(&id.beside(name.clone())), self.site(&range));
        self.put_index(&id, &name, index.clone());
        if !create.only {
            for child in self.partitions(&id) {
                self.part_of_index(&child, &id, &name, &index, None);
            }
        }
    }

    /// Takes note of an index whose table isn't known.
    fn opaque_index(&mut self, create: &CreateIndex) {
        let Some(name) = &create.name else { return };
        let schema = create.table.schema.as_ref().map(|schema| schema.text.clone());
        let schema = schema.or_else(|| self.path.visible().first().cloned()).unwrap_or_else(|| "public".to_owned());
        let id = Id::new(schema, name.text.clone());
        if self.catalog.relation(&id).is_none() {
            self.put(&id, Relation::Opaque);
        }
    }

    fn is_index_there(&mut self, table: &Id, name: &Name, allowed: bool) -> bool {
        let id = table.beside(name.text.clone());
        let Some(there) = self.catalog.relation(&id) else { return false };
        if allowed || self.condition == Condition::IfMissing {
            return true;
        }
        if *there == Relation::Opaque || self.catalog.is_doubtful(&id) {
            return self.unsure();
        }
        // Indexes of a table that isn't known well may have been dropped.
        if let Relation::Index(owner) = there
            && self.catalog.table(&id.beside(owner.clone())).is_some_and(|table| table.opaque)
        {
            return false;
        }
        let is = self.kind_of(&id).unwrap_or("relation");
        let message = format!("there is {} `{}` already", super::complaint::article(is), id.shown());
        self.duplicate("duplicate_index", message, &name.range, &Subject::relation(&id));
        true
    }

    /// Checks the columns and names of an index; tells whether all of its columns are there.
    fn check_keys(&mut self, id: &Id, create: &CreateIndex) -> bool {
        let mut known = true;
        for column in create.keys.iter().filter_map(|key| key.column.as_ref()).chain(&create.include) {
            if self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text)) {
                self.unknown_column(id, column);
                known = super::server::is_system_column(&column.text);
            } else if let Some(view) = self.catalog.view(id)
                && let Some(columns) = &view.columns
                && !columns.iter().any(|(name, _)| *name == column.text)
            {
                let meant = columns.iter().map(|(name, _)| name.as_str());
                let meant = whimbrel_grammar::names::nearest(&column.text, meant).map(str::to_owned);
                let message = format!("view `{}` has no column `{}`", id.shown(), column.text);
                self.unknown("unknown_column", message, &column.range, Subject::part(id, &column.text), meant);
            }
        }
        let expressions = create.keys.iter().filter(|key| key.column.is_none()).map(|key| &key.expression);
        for expression in expressions.chain(&create.predicate) {
            self.check_names(&expression.uses, Some(id));
        }
        known
    }

    /// Reports operator classes and access methods whose extension isn't created.
    fn check_classes(&mut self, create: &CreateIndex) {
        let words = create.keys.iter().flat_map(|key| {
            let words = key.options.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            words.map(|word| (word.to_ascii_lowercase(), key.expression.range.clone()))
        });
        let method = (create.method.clone(), create.table.range());
        let needed: Vec<(String, &'static str, Range<usize>)> = std::iter::once(method)
            .chain(words)
            .filter_map(|(word, range)| {
                let extension = extension::of_class(&word)?;
                Some((word, extension, range))
            })
            .collect();
        let opaque = self.catalog.opaque || self.open_world || self.may_bring_schema();
        for (word, extension, range) in needed {
            if !opaque && !self.catalog.extensions.contains_key(extension) {
                let message = format!("`{word}` comes with the extension `{extension}`, which isn't created");
                let mut finding = finding("missing_extension", message, &range, "needs it");
                finding.help.push(create_extension(extension));
                self.report(finding);
                self.catalog.extensions.insert(extension.to_owned(), "public".to_owned());
            }
        }
    }

    pub(super) fn put_index(&mut self, table: &Id, name: &str, index: Index) {
        self.put(&table.beside(name), Relation::Index(table.name.clone()));
        match self.catalog.relation(table) {
            Some(Relation::View(_)) => {
                if let Some(view) = self.catalog.view_mut(table) {
                    view.indexes.insert(name.to_owned(), index);
                }
            }
            _ => {
                if let Some(table) = self.change(table) {
                    table.indexes.insert(name.to_owned(), index);
                }
            }
        }
    }

    /// Lends an index to be changed.
    pub(super) fn index_mut(&mut self, table: &Id, name: &str) -> Option<&mut Index> {
        match self.catalog.relation_mut(table)? {
            Relation::Table(table) => std::sync::Arc::make_mut(table).indexes.get_mut(name),
            Relation::View(view) => std::sync::Arc::make_mut(view).indexes.get_mut(name),
            _ => None,
        }
    }

    /// Gives an index another name, and the constraint that it stands for.
    pub(super) fn rename_index(&mut self, table: &Id, from: &str, to: &str, range: &Range<usize>) {
        let (old, new) = (table.beside(from), table.beside(to));
        let Some(relation) = self.take(&old) else { return };
        self.put(&new, relation);
        self.past.renamed(Subject::relation(&old), new.to_string(), self.site(range));
        if let Some(view) = self.catalog.view_mut(table) {
            super::constraint::move_entry(&mut view.indexes, from, to);
            return;
        }
        let Some(held) = self.change(table) else { return };
        super::constraint::move_entry(&mut held.indexes, from, to);
        super::constraint::move_entry(&mut held.keys, from, to);
        super::constraint::move_entry(&mut held.exclusions, from, to);
        if held.keys.contains_key(to) || held.exclusions.contains_key(to) {
            self.links.constraint(table, to);
            self.past.renamed(Subject::part(table, from), to.to_owned(), self.site(range));
        }
        for child in self.partitions(table) {
            let Some(child) = self.change(&child) else { continue };
            for index in child.indexes.values_mut().filter(|index| index.part_of.as_ref().is_some_and(|id| old.is(id)))
            {
                index.part_of = Some(new.to_string());
            }
        }
    }

    /// `ALTER INDEX … ATTACH PARTITION`.
    pub(super) fn attach_index(&mut self, index: &Id, child: &crate::statement::QualifiedName) {
        let Some(part) = self.relation(child, "index") else { return };
        let Some(Relation::Index(owner)) = self.catalog.relation(&part).cloned() else { return };
        let owner = part.beside(owner);
        if let Some(own) = self.index_mut(&owner, &part.name) {
            own.part_of = Some(index.to_string());
        }
        let Some(Relation::Index(parent)) = self.catalog.relation(index).cloned() else { return };
        let parent = index.beside(parent);
        let all = self.partitions(&parent).iter().all(|partition| {
            self.catalog.table(partition).is_some_and(|table| {
                table.indexes.values().any(|own| own.part_of.as_ref().is_some_and(|id| index.is(id)))
            })
        });
        if let Some(own) = self.index_mut(&parent, &index.name) {
            own.valid |= all;
        }
    }
}

/// Gives a column another name in an index.
pub(super) fn rename_column(index: &mut Index, from: &str, to: &str) {
    for key in &mut index.keys {
        match &mut key.part {
            IndexPart::Column(column) if column == from => to.clone_into(column),
            IndexPart::Column(_) => {}
            IndexPart::Expression(expression) => expression.rename_column(from, to),
        }
    }
    for column in index.include.iter_mut().filter(|column| *column == from) {
        to.clone_into(column);
    }
    if let Some(predicate) = &mut index.predicate {
        predicate.rename_column(from, to);
    }
}
