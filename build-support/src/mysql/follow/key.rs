//! Keys, indexes and checks of a table.

use super::Follower;
use super::complaint::id;
use super::world::same;
use crate::catalog::{Check, Expression, Index, IndexKey, IndexPart, Key, Relation, Subject, Table};
use crate::mysql::deed::{self, KeyKind, Part};
use crate::statement::{Name, QualifiedName};

/// What the key behind a primary key is called.
pub(super) const PRIMARY: &str = "PRIMARY";
/// Marks an index that the server has made for a foreign key, and drops when an author makes one that serves it.
const IMPLICIT: &str = "implicit";

impl Follower {
    /// Adds keys, then checks, then foreign keys, as the server does.
    pub(super) fn add_parts(&mut self, key: &str, parts: &[&Part]) {
        let rank = |part: &&&Part| match part {
            Part::Key(own) if own.kind == KeyKind::Primary => 0,
            Part::Key(own) if own.kind == KeyKind::Unique => 1,
            Part::Key(_) => 2,
            Part::Check(_) => 3,
            Part::Reference(_) => 4,
        };
        let mut ordered: Vec<&&Part> = parts.iter().collect();
        ordered.sort_by_key(|part| rank(part));
        for part in ordered {
            match part {
                Part::Key(own) => self.add_key(key, own),
                Part::Check(check) => self.add_check(key, check),
                Part::Reference(reference) => self.add_reference(key, reference),
            }
        }
    }

    pub(super) fn create_index(&mut self, table: &QualifiedName, key: &deed::Key, or_replace: bool) {
        let Some(id) = self.table_for_change(table, false) else { return };
        if or_replace
            && let Some(name) = &key.name
            && let Some(table) = self.world.table_mut(&id)
        {
            remove_index(table, &name.text);
        }
        self.add_key(&id, key);
    }

    pub(super) fn add_key(&mut self, key: &str, own: &deed::Key) {
        for column in own.parts.iter().filter_map(|part| part.column.as_ref()) {
            if !self.has_column(key, &column.text) {
                self.unknown_column(key, column);
                return;
            }
        }
        let Some(table) = self.world.table(key) else { return };
        let name = match (&own.kind, &own.name) {
            (KeyKind::Primary, _) => PRIMARY.to_owned(),
            (_, Some(name)) => name.text.clone(),
            (_, None) => free_name(table, own.parts.first().and_then(|part| part.column.as_ref())),
        };
        let taken = table.indexes.iter().find(|(known, _)| same(known, &name));
        if let Some((known, index)) = taken {
            let (known, is_implicit) = (known.clone(), is_implicit(index));
            if own.if_not_exists {
                return;
            }
            if !is_implicit && !table.opaque {
                let range = own.name.as_ref().map_or(&own.range, |name| &name.range);
                let (code, message) = match own.kind {
                    KeyKind::Primary => ("duplicate_constraint", format!("table `{key}` has a primary key already")),
                    _ => ("duplicate_index", format!("table `{key}` has an index `{known}` already")),
                };
                self.duplicate(code, message, range, &Subject::part(&id(key), &known));
                return;
            }
        }
        let index = index(own);
        let range = own.name.as_ref().map_or(own.range.clone(), |name| name.range.clone());
        self.past.made(Subject::part(&id(key), &name), self.site(&range));
        let Some(table) = self.world.table_mut(key) else { return };
        let columns = columns(&index);
        table.indexes.retain(|_, known| !(is_implicit(known) && serves(&columns, known)));
        if own.kind == KeyKind::Primary {
            for column in &mut table.columns {
                column.not_null |= columns.iter().any(|named| same(named, &column.name));
            }
        }
        let kind = match own.kind {
            KeyKind::Primary => Some(crate::catalog::KeyKind::Primary),
            KeyKind::Unique => Some(crate::catalog::KeyKind::Unique),
            _ => None,
        };
        if let Some(kind) = kind.filter(|_| own.parts.iter().all(|part| part.column.is_some())) {
            table.keys.insert(name.clone(), Key { kind, columns, deferral: String::new(), inherited: false });
        }
        table.indexes.insert(name, index);
    }

    fn add_check(&mut self, key: &str, check: &deed::Check) {
        if !check.uses.opaque {
            for column in check.uses.columns.iter().filter(|column| column.table.is_none()) {
                if !self.has_column(key, &column.name.text) {
                    self.unknown_column(key, &column.name);
                }
            }
        }
        let maria = self.server.maria;
        let Some(table) = self.world.table_mut(key) else { return };
        let name = check.name.as_ref().map_or_else(
            || {
                let free = |number: &usize| !table.checks.contains_key(&auto_check(key, *number, maria));
                auto_check(key, (1..).find(free).unwrap_or_default(), maria)
            },
            |name| name.text.clone(),
        );
        let expression = Expression { text: check.text.clone(), ..Expression::default() };
        let check = Check { expression, proves_not_null: None, validated: true, inherited: false };
        table.checks.insert(name, check);
    }

    /// Drops an index by its name.
    pub(super) fn drop_key(&mut self, key: &str, name: &Name, if_exists: bool) {
        let Some(table) = self.world.table(key) else { return };
        if !table.indexes.keys().any(|known| same(known, &name.text)) {
            if !if_exists {
                let known = table.indexes.keys().cloned().collect();
                let (code, what) = if same(&name.text, PRIMARY) {
                    ("unknown_constraint", "primary key")
                } else {
                    ("unknown_index", "index")
                };
                self.unknown_part(key, code, what, name, known);
            }
            return;
        }
        self.past.dropped(Subject::part(&id(key), &name.text), self.site(&name.range));
        if let Some(table) = self.world.table_mut(key) {
            remove_index(table, &name.text);
        }
    }

    pub(super) fn rename_index(&mut self, key: &str, from: &Name, to: &Name, if_exists: bool) {
        let Some(table) = self.world.table_mut(key) else { return };
        let Some(known) = table.indexes.keys().find(|known| same(known, &from.text)).cloned() else {
            let known = table.indexes.keys().cloned().collect();
            if !if_exists {
                self.unknown_part(key, "unknown_index", "index", from, known);
            }
            return;
        };
        if let Some(index) = table.indexes.remove(&known) {
            table.indexes.insert(to.text.clone(), index);
        }
        if let Some(own) = table.keys.remove(&known) {
            table.keys.insert(to.text.clone(), own);
        }
        self.past.renamed(Subject::part(&id(key), &known), to.text.clone(), self.site(&from.range));
    }

    /// Says that an index has to be there.
    pub(super) fn needs_index(&mut self, key: &str, name: &Name) {
        let Some(Relation::Table(table)) = self.world.relation(key) else { return };
        if !table.indexes.keys().any(|known| same(known, &name.text)) {
            let known = table.indexes.keys().cloned().collect();
            self.unknown_part(key, "unknown_index", "index", name, known);
        }
    }
}

/// Takes an index out, and the key that it is.
pub(super) fn remove_index(table: &mut Table, name: &str) {
    table.indexes.retain(|known, _| !same(known, name));
    table.keys.retain(|known, _| !same(known, name));
}

/// Gives the name that the server makes up for an index: its first column's.
pub(super) fn free_name(table: &Table, column: Option<&Name>) -> String {
    let base = column.map_or("functional_index", |column| column.text.as_str());
    let taken = |name: &str| table.indexes.keys().any(|known| same(known, name)) || same(name, PRIMARY);
    if !taken(base) {
        return base.to_owned();
    }
    (2..).map(|number| format!("{base}_{number}")).find(|name| !taken(name)).unwrap_or_default()
}

fn auto_check(table: &str, number: usize, maria: bool) -> String {
    if maria { format!("CONSTRAINT_{number}") } else { format!("{table}_chk_{number}") }
}

fn index(own: &deed::Key) -> Index {
    let part = |part: &deed::KeyPart| match &part.column {
        Some(column) => {
            IndexKey { part: IndexPart::Column(column.text.clone()), called: String::new(), options: part.text.clone() }
        }
        None => IndexKey {
            part: IndexPart::Expression(Expression { text: part.text.clone(), ..Expression::default() }),
            called: String::new(),
            options: String::new(),
        },
    };
    let method = match own.kind {
        KeyKind::Fulltext => "fulltext",
        KeyKind::Spatial => "spatial",
        KeyKind::Vector => "vector",
        _ => "btree",
    };
    Index {
        unique: matches!(own.kind, KeyKind::Primary | KeyKind::Unique),
        method: method.to_owned(),
        keys: own.parts.iter().map(part).collect(),
        include: Vec::new(),
        predicate: None,
        nulls_not_distinct: false,
        part_of: None,
        valid: true,
        comment: None,
    }
}

/// Makes the index that a foreign key needs.
pub(super) fn implicit(columns: &[Name]) -> Index {
    let part = |column: &Name| deed::KeyPart { column: Some(column.clone()), text: String::new() };
    let parts = columns.iter().map(part).collect();
    let own = deed::Key { kind: KeyKind::Plain, name: None, parts, if_not_exists: false, range: 0..0 };
    let mut index = index(&own);
    index.keys.iter_mut().for_each(|key| key.called = IMPLICIT.to_owned());
    index
}

fn is_implicit(index: &Index) -> bool {
    index.keys.first().is_some_and(|key| key.called == IMPLICIT)
}

/// Lists an index's columns.
pub(super) fn columns(index: &Index) -> Vec<String> {
    let column = |key: &IndexKey| match &key.part {
        IndexPart::Column(column) => Some(column.clone()),
        IndexPart::Expression(_) => None,
    };
    index.keys.iter().map_while(column).collect()
}

/// Tells whether an index of these columns does what another one is there for.
pub(super) fn serves(columns: &[String], other: &Index) -> bool {
    let wanted = self::columns(other);
    wanted.len() <= columns.len() && wanted.iter().zip(columns).all(|(one, other)| same(one, other))
}
