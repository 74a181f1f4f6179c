//! Primary keys, unique constraints and exclusions: constraints that have an index.

use super::complaint::{finding, has_column};
use super::past::Subject;
use super::{Id, Index, IndexKey, IndexPart, Key, KeyKind, Relation, Simulator, chosen};
use crate::statement::{self, Constraint, Name};
use std::ops::Range;

/// A key as a statement declares it.
pub(super) struct DeclaredKey<'a> {
    pub(super) kind: statement::KeyKind,
    pub(super) columns: &'a [Name],
    pub(super) include: &'a [Name],
    pub(super) nulls_not_distinct: bool,
}

impl Simulator {
    pub(super) fn add_key(&mut self, id: &Id, constraint: &Constraint, declared: &DeclaredKey<'_>) {
        let is_primary = declared.kind == statement::KeyKind::Primary;
        if is_primary && self.has_primary(id, &constraint.range) {
            return;
        }
        let mut known = true;
        for (at, column) in declared.columns.iter().enumerate() {
            if declared.columns[..at].iter().any(|other| other.text == column.text) {
                let message = format!("column `{}` is named twice in a key", column.text);
                self.report(finding("duplicate_column", message, &column.range, "named again"));
            }
        }
        for column in declared.columns.iter().chain(declared.include) {
            let missing = self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text));
            if missing && !super::server::is_system_column(&column.text) {
                self.unknown_column(id, column);
                known = false;
            }
        }
        let columns: Vec<String> = declared.columns.iter().map(|name| name.text.clone()).collect();
        let include: Vec<String> = declared.include.iter().map(|name| name.text.clone()).collect();
        self.covers_partition_key(id, &columns, &constraint.range);
        let name = match &constraint.name {
            Some(name) => {
                let index = id.beside(name.text.clone());
                if self.is_index_name_taken(&index, name) {
                    return;
                }
                name.text.clone()
            }
            None if is_primary => self.choose_relation(id, "", "pkey", true),
            None => {
                let named = columns.iter().chain(&include).map(String::as_str);
                self.choose_relation(id, &chosen::columns(named), "key", true)
            }
        };
        if !known {
            return;
        }
        let key = Key {
            kind: key_kind(declared.kind),
            columns: columns.clone(),
            deferral: self.excerpt.deferral(&constraint.range),
            inherited: false,
        };
        let index = Index {
            include,
            nulls_not_distinct: declared.nulls_not_distinct,
            ..index_of(columns.iter().map(String::as_str), true, "btree")
        };
        self.put_index(id, &name, index.clone());
        self.put_key(id, &name, key.clone());
        if is_primary {
            self.forbid_null(id, &columns);
        }
        self.constraint_made(id, &name, constraint);
        for child in self.partitions(id) {
            self.part_of_index(&child, id, &name, &index, Some(&key));
        }
    }

    fn is_index_name_taken(&mut self, index: &Id, name: &Name) -> bool {
        match self.catalog.relation(index) {
            None => false,
            Some(Relation::Opaque) => false,
            Some(_) if self.catalog.is_doubtful(index) => false,
            Some(_) => {
                let is = self.kind_of(index).unwrap_or("relation");
                let message = format!("there is {} `{}` already", super::complaint::article(is), index.shown());
                self.duplicate("duplicate_index", message, &name.range, &Subject::relation(index));
                true
            }
        }
    }

    /// Tells whether a table has a primary key already, and reports it.
    fn has_primary(&mut self, id: &Id, range: &Range<usize>) -> bool {
        let Some(table) = self.catalog.table(id) else { return true };
        let Some((name, _)) = table.keys.iter().find(|(_, key)| key.kind == KeyKind::Primary) else { return false };
        let (name, opaque) = (name.clone(), table.opaque);
        if opaque {
            return true;
        }
        let message = format!("table `{}` has a primary key already", id.shown());
        self.duplicate("duplicate_constraint", message, range, &Subject::part(id, &name));
        true
    }

    /// Reports a key of a partitioned table that leaves out what rows are distributed by.
    pub(super) fn covers_partition_key(&mut self, id: &Id, columns: &[String], range: &Range<usize>) {
        let Some(table) = self.catalog.table(id) else { return };
        let Some(missing) = table.partition_by.iter().flatten().find(|column| !columns.contains(column)) else {
            return;
        };
        if table.opaque {
            return;
        }
        let message = format!("a key of `{}` has to contain `{missing}`, by which rows are distributed", id.shown());
        let mut finding = finding("incomplete_key", message, range, "leaves it out");
        finding.help.push(format!("add `{missing}` to the columns of the key"));
        self.report(finding);
    }

    /// `ADD CONSTRAINT … USING INDEX`: the index gets the constraint's name.
    pub(super) fn take_index(&mut self, id: &Id, constraint: &Constraint, kind: statement::KeyKind, index: &Name) {
        if self.catalog.table(id).is_none() {
            return;
        }
        if kind == statement::KeyKind::Primary && self.has_primary(id, &constraint.range) {
            return;
        }
        let Some(found) = self.catalog.table(id).and_then(|table| table.indexes.get(&index.text)).cloned() else {
            if !self.catalog.table(id).is_some_and(|table| table.opaque) {
                let known = self.catalog.table(id).into_iter().flat_map(|table| table.indexes.keys());
                let meant = whimbrel_grammar::names::nearest(&index.text, known.map(String::as_str)).map(str::to_owned);
                let message = format!("table `{}` has no index `{}`", id.shown(), index.text);
                let subject = Subject::relation(&id.beside(index.text.clone()));
                self.unknown("unknown_index", message, &index.range, subject, meant);
            }
            return;
        };
        let columns: Vec<String> = found.keys.iter().filter_map(|key| key.part.column().map(str::to_owned)).collect();
        let to = constraint.name.as_ref().map_or(&index.text, |name| &name.text).clone();
        if to != index.text {
            self.rename_index(id, &index.text, &to, &constraint.range);
        }
        self.put_key(
            id,
            &to,
            Key {
                kind: key_kind(kind),
                columns: columns.clone(),
                deferral: self.excerpt.deferral(&constraint.range),
                inherited: false,
            },
        );
        if kind == statement::KeyKind::Primary {
            self.forbid_null(id, &columns);
        }
        self.constraint_made(id, &to, constraint);
    }

    pub(super) fn add_exclusion(&mut self, id: &Id, constraint: &Constraint, columns: &[Name], method: Option<&str>) {
        for column in columns {
            if self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text)) {
                self.unknown_column(id, column);
            }
        }
        let columns: Vec<&str> = columns.iter().map(|column| column.text.as_str()).collect();
        let name = match &constraint.name {
            Some(name) => {
                if self.is_index_name_taken(&id.beside(name.text.clone()), name) {
                    return;
                }
                name.text.clone()
            }
            None => self.choose_relation(id, &chosen::columns(columns.iter().copied()), "excl", true),
        };
        self.put_index(id, &name, index_of(columns, false, method.unwrap_or("btree")));
        let written = exclusion(self.excerpt.of(constraint.range.clone()));
        let Some(table) = self.change(id) else { return };
        table.exclusions.insert(name.clone(), written);
        self.links.constraint(id, &name);
        self.constraint_made(id, &name, constraint);
    }

    pub(super) fn put_key(&mut self, id: &Id, name: &str, key: Key) {
        let Some(table) = self.change(id) else { return };
        table.keys.insert(name.to_owned(), key);
        self.links.constraint(id, name);
    }
}

fn key_kind(kind: statement::KeyKind) -> KeyKind {
    match kind {
        statement::KeyKind::Primary => KeyKind::Primary,
        statement::KeyKind::Unique => KeyKind::Unique,
    }
}

/// Makes a plain index over columns.
fn index_of<'a>(columns: impl IntoIterator<Item = &'a str>, unique: bool, method: &str) -> Index {
    let key = |name: &str| IndexKey {
        part: IndexPart::Column(name.to_owned()),
        called: name.to_owned(),
        options: String::new(),
    };
    Index {
        unique,
        method: method.to_owned(),
        keys: columns.into_iter().map(key).collect(),
        include: Vec::new(),
        predicate: None,
        nulls_not_distinct: false,
        part_of: None,
        valid: true,
        comment: None,
    }
}

/// Leaves the name of an exclusion out.
fn exclusion(text: &str) -> String {
    let at = text.to_ascii_uppercase().find("EXCLUDE").unwrap_or(0);
    super::excerpt::folded(text.get(at..).unwrap_or_default())
}
