//! What differs between two catalogs.

mod parts;
mod text;
mod words;

#[cfg(any(test, feature = "cli"))]
pub(super) use parts::index_text;
pub(super) use text::is_same;
pub(crate) use words::Voice;

use super::{Catalog, Id, Relation, Schema, Type};
use crate::by_name::ByName;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) object: Object,
    pub(crate) what: What,
}

impl Change {
    /// Leaves the schema out of its names: for a server that has one.
    #[cfg(any(feature = "sqlite", feature = "mysql"))]
    pub(crate) fn without_schema(mut self) -> Change {
        let to = if let What::Renamed { to } = &mut self.what { Some(to) } else { None };
        for id in std::iter::once(&mut self.object.name).chain(&mut self.object.of).chain(to) {
            id.schema.clear();
        }
        self
    }
}

/// What is different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    /// The table, view or type that it is a part of.
    pub(crate) of: Option<Id>,
    pub(crate) name: Id,
}

/// The kinds of things that can differ. The schema of a part is that of its whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Schema,
    Extension,
    Type,
    /// Of an enum.
    Value,
    /// Of a composite type.
    Attribute,
    Table,
    View,
    MaterializedView,
    Sequence,
    Column,
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Exclusion,
    Index,
    Trigger,
    Function,
}

/// How it is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Added,
    Dropped,
    Renamed { to: Id },
    Changed { aspect: Aspect, before: String, after: String },
}

/// In what something is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    Type,
    /// `NULL` or `NOT NULL`.
    Nullability,
    Default,
    /// What it demands, is over or asks for.
    Definition,
    /// What a view gives.
    Columns,
    /// The order of a table's columns, which no statement depends on that names them.
    Order,
    Comment,
    /// Whether a constraint was checked for all rows.
    Validity,
    /// Logged or not, partition of what, inheriting from what.
    Nature,
    Owner,
}

/// Lists what is different in `after`. Of what isn't known in one of the two, nothing is said.
pub(crate) fn difference(before: &Catalog, after: &Catalog) -> Vec<Change> {
    difference_called(before, after, &[])
}

/// Does the same where some words of `before` are written otherwise in `after`.
pub(super) fn difference_called(before: &Catalog, after: &Catalog, called: &[(String, String)]) -> Vec<Change> {
    let may_be_there = after.opaque && !before.opaque;
    let mut found = Found { changes: Vec::new(), may_be_there, called };
    let names: BTreeSet<&str> = before.extensions.keys().chain(after.extensions.keys()).map(String::as_str).collect();
    for name in names {
        let presence = (before.extensions.contains_key(name), after.extensions.contains_key(name));
        found.presence(Kind::Extension, Id::new("", name), presence);
    }
    for (name, own, other) in pairs(&before.schemas, &after.schemas) {
        if name == super::id::TEMPORARY {
            continue;
        }
        match (own, other) {
            (Some(own), Some(other)) if Arc::ptr_eq(own, other) => {}
            (Some(own), Some(other)) => schemas(name, own, other, &mut found),
            (Some(own), None) => {
                found.presence(Kind::Schema, Id::new("", name), (true, false));
                schemas(name, own, &Schema::default(), &mut found);
            }
            (None, Some(other)) => {
                found.presence(Kind::Schema, Id::new("", name), (false, true));
                schemas(name, &Schema::default(), other, &mut found);
            }
            (None, None) => {}
        }
    }
    found.changes
}

/// Collects what is found.
struct Found<'a> {
    changes: Vec<Change>,
    /// Whether what isn't in `after` may be there all the same: something was done since that can't be followed.
    may_be_there: bool,
    /// What a word of a text has become.
    called: &'a [(String, String)],
}

impl Found<'_> {
    fn presence(&mut self, kind: Kind, name: Id, presence: (bool, bool)) {
        self.part_presence(kind, None, name, presence);
    }

    /// Notes what is in one of the two only.
    fn part_presence(&mut self, kind: Kind, of: Option<Id>, name: Id, (before, after): (bool, bool)) {
        let what = match (before, after) {
            (true, false) if self.may_be_there => return,
            (true, false) => What::Dropped,
            (false, true) => What::Added,
            _ => return,
        };
        self.changes.push(Change { object: Object { kind, of, name }, what });
    }

    /// Notes texts that differ.
    fn compare(&mut self, object: &Object, aspect: Aspect, before: &str, after: &str) {
        if before != after {
            let what = What::Changed { aspect, before: before.to_owned(), after: after.to_owned() };
            self.changes.push(Change { object: object.clone(), what });
        }
    }

    /// Notes expressions that differ, but not those that are only written in another way.
    fn compare_sql(&mut self, object: &Object, aspect: Aspect, before: &str, after: &str) {
        if before != after && !text::is_same(before, after, self.called) {
            self.compare(object, aspect, before, after);
        }
    }
}

fn schemas(name: &str, before: &Schema, after: &Schema, found: &mut Found<'_>) {
    let object = Object { kind: Kind::Schema, of: None, name: Id::new("", name) };
    found.compare(&object, Aspect::Comment, or_none(&before.comment), or_none(&after.comment));
    // Something in one of them alone is no difference where the other one may have it too.
    let is_doubtful = |name: &str| before.doubtful.contains(name) || after.doubtful.contains(name);
    let is_known = |own: bool, other: bool| (own || !before.opaque) && (other || !after.opaque);
    for (own, one, two) in before.types.differing(&after.types) {
        let id = Id::new(name, own);
        if is_doubtful(own) || !is_known(one.is_some(), two.is_some()) {
            continue;
        }
        match (one, two) {
            (Some(one), Some(two)) if one != two => parts::types(&id, one, two, found),
            (one, two) => found.presence(Kind::Type, id, (one.is_some(), two.is_some())),
        }
    }
    for (own, one, two) in before.functions.differing(&after.functions) {
        if is_doubtful(own) || !is_known(one.is_some(), two.is_some()) {
            continue;
        }
        let none = Vec::new();
        parts::functions(&Id::new(name, own), one.unwrap_or(&none), two.unwrap_or(&none), found);
    }
    for (own, one, two) in before.relations.differing(&after.relations) {
        if is_doubtful(own) || !is_known(one.is_some(), two.is_some()) {
            continue;
        }
        relations(&Id::new(name, own), one, two, found);
    }
}

fn relations(id: &Id, before: Option<&Relation>, after: Option<&Relation>, found: &mut Found<'_>) {
    match (before, after) {
        (Some(Relation::Opaque | Relation::Index(_)), _) | (_, Some(Relation::Opaque | Relation::Index(_))) => {}
        (Some(Relation::Table(one)), Some(Relation::Table(two))) => {
            if !Arc::ptr_eq(one, two) {
                parts::tables(id, one, two, found);
            }
        }
        (Some(Relation::View(one)), Some(Relation::View(two))) if one.materialized == two.materialized => {
            if !Arc::ptr_eq(one, two) {
                parts::views(id, one, two, found);
            }
        }
        (Some(Relation::Sequence(one)), Some(Relation::Sequence(two))) => parts::sequences(id, one, two, found),
        (one, two) => {
            for (relation, presence) in [(one, (true, false)), (two, (false, true))] {
                // What goes and comes with a column needs no word.
                if let Some(kind) = relation.and_then(kind_of) {
                    found.presence(kind, id.clone(), presence);
                }
            }
        }
    }
}

fn kind_of(relation: &Relation) -> Option<Kind> {
    match relation {
        Relation::Table(_) => Some(Kind::Table),
        Relation::View(view) if view.materialized => Some(Kind::MaterializedView),
        Relation::View(_) => Some(Kind::View),
        Relation::Sequence(sequence) => sequence.owned_by.is_none().then_some(Kind::Sequence),
        Relation::Index(_) | Relation::Opaque => None,
    }
}

/// Walks through two maps along their keys.
fn pairs<'a, T>(
    before: &'a ByName<T>,
    after: &'a ByName<T>,
) -> impl Iterator<Item = (&'a String, Option<&'a T>, Option<&'a T>)> {
    let (mut one, mut two) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (one.peek(), two.peek()) {
            (Some((own, _)), Some((other, _))) => own.cmp(other),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return None,
        };
        let own = if order.is_le() { one.next() } else { None };
        let other = if order.is_ge() { two.next() } else { None };
        let name = own.or(other)?.0;
        Some((name, own.map(|(_, value)| value), other.map(|(_, value)| value)))
    })
}

fn or_none(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn label(ty: &Type) -> &'static str {
    match ty {
        Type::Enum(_) => "an enum",
        Type::Composite(_) => "a composite type",
        Type::Domain(_) => "a domain",
        Type::Other => "a type",
    }
}
