//! What can be seen from a place in a query: its relations, and those of the queries around it.

use crate::catalog::{Table, View};
use crate::statement::{Join, Name};
use std::borrow::Cow;

/// A query that is being looked into, or a part of it.
#[derive(Clone, Copy)]
pub(super) struct Level<'l, 'a> {
    pub(super) outer: Option<&'l Level<'l, 'a>>,
    /// The queries with names.
    pub(super) with: &'l [(&'a str, Columns<'a>)],
    pub(super) relations: &'l [Seen<'a>],
    pub(super) joins: &'a [Join],
    /// Whether there may be columns besides those of its relations.
    pub(super) opaque: bool,
    /// Whether not all relations are seen at once: the clauses of a `MERGE`.
    pub(super) partial: bool,
}

/// A relation as a query sees it.
#[derive(Clone)]
pub(super) struct Seen<'a> {
    /// Its alias or its name.
    pub(super) name: Option<&'a str>,
    /// The schema, where it can be said before the name.
    pub(super) schema: Option<&'a str>,
    /// `schema.table`, where it is one.
    pub(super) id: Option<String>,
    /// The table's name where an alias hides it.
    pub(super) hides: Option<&'a str>,
    pub(super) columns: Columns<'a>,
    pub(super) hidden: bool,
    /// Whether it is a function's result.
    pub(super) function: bool,
    /// Whether its columns are parameters of a function.
    pub(super) parameters: bool,
}

/// The columns of a relation.
#[derive(Clone)]
pub(super) enum Columns<'a> {
    Table(&'a Table),
    List(Vec<Column<'a>>),
    Unknown,
}

/// A column of a relation.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    pub(super) name: Cow<'a, str>,
    /// Empty where it isn't known.
    pub(super) ty: Cow<'a, str>,
    /// What its table calls it, where that is another name.
    pub(super) origin: Option<&'a str>,
}

/// What a relation has of a name.
pub(super) enum Has<'s> {
    /// It has it; its type, and what its table calls it.
    Yes {
        ty: &'s str,
        origin: &'s str,
        sure: bool,
    },
    No,
    Unknown,
}

impl<'a> Columns<'a> {
    pub(super) fn of_view(view: &'a View) -> Columns<'a> {
        let column =
            |(name, ty): &'a (String, String)| Column { ty: Cow::Borrowed(ty), ..Column::named(name.as_str()) };
        view.columns.as_ref().map_or(Columns::Unknown, |list| Columns::List(list.iter().map(column).collect()))
    }

    pub(super) fn has<'s>(&'s self, name: &'s str) -> Has<'s> {
        match self {
            Columns::Table(table) => match table.columns.iter().find(|column| column.name == name) {
                Some(column) => Has::Yes { ty: &column.ty, origin: name, sure: !column.doubtful && !table.opaque },
                None if table.opaque => Has::Unknown,
                None => Has::No,
            },
            Columns::List(list) => match list.iter().find(|column| column.name == name) {
                Some(column) => Has::Yes { ty: &column.ty, origin: column.origin.unwrap_or(name), sure: true },
                None => Has::No,
            },
            Columns::Unknown => Has::Unknown,
        }
    }

    /// Lists the columns; `None` where there may be others.
    pub(super) fn list(&self) -> Option<Vec<Column<'a>>> {
        match self {
            Columns::Table(table) if table.opaque || table.columns.iter().any(|column| column.doubtful) => None,
            Columns::Table(table) => Some(table.columns.iter().map(Column::of_table).collect()),
            Columns::List(list) => Some(list.clone()),
            Columns::Unknown => None,
        }
    }

    /// Gives other names to the first of the columns.
    pub(super) fn renamed(self, names: &'a [Name]) -> Columns<'a> {
        if names.is_empty() {
            return self;
        }
        let Some(mut list) = self.list() else { return Columns::Unknown };
        for (column, name) in list.iter_mut().zip(names) {
            if let (Cow::Borrowed(origin), None) = (&column.name, column.origin) {
                column.origin = Some(origin);
            }
            column.name = Cow::Borrowed(&name.text);
        }
        Columns::List(list)
    }

    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Columns::Table(table) => table.columns.iter().map(|column| column.name.clone()).collect(),
            Columns::List(list) => list.iter().map(|column| column.name.to_string()).collect(),
            Columns::Unknown => Vec::new(),
        }
    }
}

impl<'a> Column<'a> {
    fn of_table(column: &'a crate::catalog::Column) -> Column<'a> {
        Column { name: Cow::Borrowed(&column.name), ty: Cow::Borrowed(&column.ty), origin: None }
    }

    pub(super) fn named(name: impl Into<Cow<'a, str>>) -> Column<'a> {
        Column { name: name.into(), ty: Cow::Borrowed(""), origin: None }
    }
}

impl<'l, 'a> Level<'l, 'a> {
    /// Gives this level and those around it, from the innermost.
    pub(super) fn outwards(&'l self) -> impl Iterator<Item = &'l Level<'l, 'a>> {
        std::iter::successors(Some(self), |level| level.outer)
    }

    /// Finds a query by the name that `WITH` gives it.
    pub(super) fn with(&self, name: &str) -> Option<&Columns<'a>> {
        self.outwards()
            .find_map(|level| level.with.iter().rev().find(|(with, _)| *with == name))
            .map(|(_, columns)| columns)
    }

    /// Finds a relation by its alias or name.
    pub(super) fn relation(&'l self, schema: Option<&str>, name: &str) -> Option<&'l Seen<'a>> {
        let is = |seen: &&'l Seen<'a>| seen.name == Some(name) && (schema.is_none() || seen.schema == schema);
        self.outwards().find_map(|level| level.relations.iter().find(is))
    }

    /// Tells whether something is there that isn't known.
    pub(super) fn is_opaque(&self) -> bool {
        self.outwards().any(|level| level.opaque)
    }

    /// Tells whether a column of this name is one for several relations.
    pub(super) fn merges(&self, name: &str) -> bool {
        self.partial
            || self.joins.iter().any(|join| join.natural || join.columns.iter().any(|column| column.text == name))
    }

    /// Gives the relations that a bare name is looked for in.
    pub(super) fn open(&self) -> impl Iterator<Item = &'l Seen<'a>> {
        self.relations.iter().filter(|seen| !seen.hidden)
    }
}
