//! The columns that a query gives.

use super::level::{Column, Columns, Has, Level};
use super::walk::Walk;
use crate::statement::{Output, Scope, Value};

/// A column that a query gives.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// `None` where it isn't known.
    pub(super) name: Option<String>,
    /// Empty where it isn't known.
    pub(super) ty: String,
}

impl Given {
    /// A column of which only the name is told.
    pub(super) fn named(output: &Output) -> Given {
        let name = match output {
            Output::Column { name, .. } => name.clone(),
            Output::All | Output::Row(_) | Output::Inner => None,
        };
        Given { name, ty: String::new() }
    }

    fn of(column: Column<'_>) -> Given {
        Given { name: Some(column.name.into_owned()), ty: column.ty.into_owned() }
    }
}

/// Takes what a query gives for the columns of a relation.
pub(super) fn columns<'a>(given: Option<Vec<Given>>) -> Columns<'a> {
    let named = |given: Given| Some(Column { ty: given.ty.into(), ..Column::named(given.name?) });
    let list = given.and_then(|given| given.into_iter().map(named).collect::<Option<Vec<_>>>());
    list.map_or(Columns::Unknown, Columns::List)
}

/// Gives names to the first columns of a query.
pub(super) fn renamed(given: Option<Vec<Given>>, names: &[crate::statement::Name]) -> Option<Vec<Given>> {
    let mut given = given?;
    for (column, name) in given.iter_mut().zip(names) {
        column.name = Some(name.text.clone());
    }
    Some(given)
}

impl<'a> Walk<'a> {
    /// Finds what a query gives; `None` where that isn't known. `inner` is what the queries inside it give.
    pub(super) fn output(
        &mut self,
        scope: &'a Scope,
        level: &Level<'_, 'a>,
        inner: &[Option<Vec<Given>>],
    ) -> Option<Vec<Given>> {
        if scope.opaque {
            return None;
        }
        let mut list = Vec::new();
        for output in &scope.output {
            match output {
                Output::Column { name, value } => {
                    list.push(Given { name: name.clone(), ty: self.type_of(value, level) })
                }
                Output::All => {
                    self.all_named(level);
                    list.extend(all(level)?.into_iter().map(Given::of));
                }
                Output::Row(row) => {
                    let schema = row.schema.as_ref().map(|schema| schema.text.as_str());
                    let seen = level.relation(schema, &row.name.text)?;
                    self.named(seen);
                    list.extend(seen.columns.list()?.into_iter().map(Given::of));
                }
                Output::Inner => list.extend(united(inner)?),
            }
        }
        Some(list)
    }

    fn type_of(&self, value: &Value, level: &Level<'_, 'a>) -> String {
        match value {
            Value::Column(column) => {
                let name = &column.name.text;
                let of = |seen: &super::level::Seen<'a>| match seen.columns.has(name) {
                    Has::Yes { ty, .. } => Some(ty.to_owned()),
                    Has::No | Has::Unknown => None,
                };
                let found = match &column.table {
                    Some(table) => {
                        let schema = column.schema.as_ref().map(|schema| schema.text.as_str());
                        level.relation(schema, &table.text).and_then(of)
                    }
                    None => level.outwards().find_map(|level| level.open().find_map(of)),
                };
                found.unwrap_or_default()
            }
            Value::Cast(ty) => self.simulator.type_text(ty),
            Value::Other => String::new(),
        }
    }

    /// `*` names all columns.
    fn all_named(&mut self, level: &Level<'_, 'a>) {
        level.open().for_each(|seen| self.named(seen));
    }
}

/// Finds the columns that `*` stands for: those that a join merges stand first, once.
fn all<'a>(level: &Level<'_, 'a>) -> Option<Vec<Column<'a>>> {
    let mut parts: Vec<Vec<Column<'a>>> = Vec::new();
    for seen in level.relations {
        parts.push(if seen.hidden { Vec::new() } else { seen.columns.list()? });
    }
    for join in level.joins {
        let mut take = |range: &std::ops::Range<usize>| {
            let parts = parts.get_mut(range.clone()).unwrap_or_default();
            parts.iter_mut().flat_map(std::mem::take).collect::<Vec<_>>()
        };
        let (mut left, mut right) = (take(&join.left), take(&join.right));
        let mut whole = Vec::new();
        let merged: Vec<String> = if join.natural {
            let both = left.iter().filter(|column| right.iter().any(|other| other.name == column.name));
            both.map(|column| column.name.to_string()).collect()
        } else {
            join.columns.iter().map(|column| column.text.clone()).collect()
        };
        for name in &merged {
            whole.extend(left.iter().position(|column| column.name == *name).map(|at| left.remove(at)));
            right.retain(|column| column.name != *name);
        }
        whole.append(&mut left);
        whole.append(&mut right);
        *parts.get_mut(join.left.start)? = whole;
    }
    Some(parts.into_iter().flatten().collect())
}

/// What the arms of a union give: the names of the first, and the types that all agree on.
fn united(inner: &[Option<Vec<Given>>]) -> Option<Vec<Given>> {
    let mut first = inner.first()?.clone()?;
    for arm in inner.iter().skip(1) {
        for (at, column) in first.iter_mut().enumerate() {
            let same = arm.as_ref().and_then(|arm| arm.get(at)).is_some_and(|other| other.ty == column.ty);
            if !same {
                column.ty.clear();
            }
        }
    }
    Some(first)
}
