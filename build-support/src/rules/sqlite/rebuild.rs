//! A table that is built anew, as SQLite wants it for most changes: another one is made, the rows are copied, and it takes the
//! old one's place.

use crate::catalog::{Column, Default, Index, IndexPart, Table};
use crate::sqlite::{Copy, Deed, Effect, Named};
use std::collections::BTreeSet;

/// A table that was there, and the one that has its name now.
#[derive(Debug)]
pub(crate) struct Rebuild<'a> {
    /// Folded.
    pub(crate) table: String,
    pub(crate) old: &'a Table,
    pub(crate) new: &'a Table,
    /// The name in the statement that makes the new one.
    pub(crate) made: &'a Named,
    /// The name in the statement that takes the old one away.
    pub(crate) dropped: &'a Named,
    /// The statements that copy rows into the new one.
    pub(crate) copies: Vec<&'a Copy>,
    /// The words of other statements about its rows, folded.
    pub(crate) others: BTreeSet<&'a str>,
    /// Whether rows may be copied in a way that isn't understood.
    pub(crate) is_unclear: bool,
}

impl<'a> Rebuild<'a> {
    /// Looks what is copied into a table that is made by the statement `at` this place; `None` where nothing is.
    pub(super) fn new(
        table: &str,
        (old, new): (&'a Table, &'a Table),
        deeds: &'a [Deed],
        at: usize,
        dropped: &'a Named,
    ) -> Option<Rebuild<'a>> {
        let Effect::Create { name: made, filled, .. } = &deeds.get(at)?.effect else { return None };
        let mut rebuild = Rebuild {
            table: table.to_owned(),
            old,
            new,
            made,
            dropped,
            copies: Vec::new(),
            others: BTreeSet::new(),
            is_unclear: *filled,
        };
        let mut name = made.name.as_str();
        for deed in deeds.iter().skip(at + 1) {
            match (&deed.effect, &deed.rows) {
                (Effect::Rename { table, to }, _) if table.name == name => name = &to.name,
                (_, Some(rows)) => match &rows.copy {
                    Some(copy) if copy.into.name == name => rebuild.copies.push(copy),
                    _ if rows.words.iter().any(|word| word == name) => {
                        rebuild.is_unclear |=
                            matches!(rows.words.first().map(String::as_str), Some("with" | "replace"));
                        rebuild.others.extend(rows.words.iter().map(String::as_str));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        (rebuild.is_unclear || !rebuild.copies.is_empty()).then_some(rebuild)
    }

    /// Tells whether the new table has a column.
    pub(crate) fn keeps(&self, column: &str) -> bool {
        find(self.new, column).is_some()
    }

    /// Lists the columns that both have and that rows have values in.
    pub(crate) fn common(&self) -> impl Iterator<Item = &'a Column> {
        let (old, new) = (self.old, self.new);
        old.columns.iter().filter(move |column| find(new, &column.name).is_some_and(|column| !is_generated(column)))
    }

    /// Lists the indexes that the old one had and that were made by name.
    pub(crate) fn own_indexes(&self) -> impl Iterator<Item = (&'a String, &'a Index)> {
        let old = self.old;
        old.indexes.iter().filter(|(name, _)| !old.keys.contains_key(name))
    }

    /// Tells whether an index of the new one does what one of the old one did.
    pub(crate) fn has_like(&self, wanted: &Index) -> bool {
        self.new.indexes.values().any(|index| {
            let is_longer = index.keys.len() > wanted.keys.len();
            let same = wanted.keys.iter().zip(&index.keys).all(|(one, other)| same_part(&one.part, &other.part));
            let predicate = |index: &Index| index.predicate.as_ref().map(|predicate| predicate.text.clone());
            same && index.keys.len() >= wanted.keys.len()
                && (!wanted.unique || index.unique && !is_longer)
                && (predicate(index).is_none() && !wanted.unique || predicate(index) == predicate(wanted))
        })
    }
}

/// Finds a column.
pub(crate) fn find<'t>(table: &'t Table, name: &str) -> Option<&'t Column> {
    table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
}

pub(crate) fn is_generated(column: &Column) -> bool {
    matches!(column.default, Default::Generated { .. })
}

fn same_part(one: &IndexPart, other: &IndexPart) -> bool {
    match (one, other) {
        (IndexPart::Column(one), IndexPart::Column(other)) => one.eq_ignore_ascii_case(other),
        (IndexPart::Expression(one), IndexPart::Expression(other)) => one.text.eq_ignore_ascii_case(&other.text),
        _ => false,
    }
}
