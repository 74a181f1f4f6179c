//! `LIKE table INCLUDING …`: a copy of another table's columns and, as far as it says so, of what belongs to them.

use super::complaint::has_column;
use super::inherit::called;
use super::{Check, Column, Default, Id, Index, KeyKind, Relation, Simulator, Table};
use crate::sort;
use crate::statement::Like;

impl Simulator {
    pub(super) fn like_columns(&mut self, table: &mut Table, like: &Like) {
        let Some(other) = self.relation(&like.table, "table") else {
            table.opaque = true;
            return;
        };
        match self.catalog.relation(&other) {
            Some(Relation::Table(held)) => {
                table.opaque |= held.opaque;
                for column in &held.columns {
                    let default = match &column.default {
                        Default::Identity { .. } if like.identity => column.default.clone(),
                        Default::Generated { .. } if like.generated => column.default.clone(),
                        Default::Expression(_) | Default::Sequence(_) if like.defaults => column.default.clone(),
                        _ => Default::None,
                    };
                    let comment = column.comment.clone().filter(|_| like.comments);
                    if !has_column(table, &column.name) {
                        let inherited = false;
                        table.columns.push(Column { default, comment, inherited, local: true, ..column.clone() });
                    }
                }
            }
            Some(Relation::View(view)) => match &view.columns {
                Some(columns) => {
                    for (name, ty) in columns {
                        let (name, ty) = (name.clone(), ty.clone());
                        table.columns.push(Column { name, ty, local: true, ..Column::default() });
                    }
                }
                None => table.opaque = true,
            },
            _ => table.opaque = true,
        }
        if like.constraints
            && let Some(held) = self.catalog.table(&other)
        {
            let own = |check: &Check| Check { inherited: false, ..check.clone() };
            table.checks.extend(held.checks.iter().map(|(name, check)| (name.clone(), own(check))));
        }
    }

    /// Makes the sequences and indexes of a copy, once the table is there.
    pub(super) fn like_parts(&mut self, id: &Id, like: &Like) {
        let super::lookup::Found::Here(other) = self.look_up(super::lookup::Space::Relation, &like.table) else {
            return;
        };
        let Some(held) = self.catalog.table(&other).cloned() else { return };
        if like.identity {
            for column in held.columns.iter().filter(|column| matches!(column.default, Default::Identity { .. })) {
                let sequence = id.beside(self.choose_relation(id, &column.name, "seq", false));
                self.make_sequence_behind(&sequence, id, column);
            }
        }
        if !like.indexes {
            return;
        }
        let rank = |name: &String| match held.keys.get(name).map(|key| key.kind) {
            Some(KeyKind::Primary) => 0,
            Some(KeyKind::Unique) => 1,
            None => 2,
        };
        let mut indexes: Vec<(&String, &Index)> = held.indexes.iter().collect();
        sort::by_key(&mut indexes, |(name, _)| rank(name));
        for (name, index) in indexes {
            let comment = index.comment.clone().filter(|_| like.comments);
            let index = Index { part_of: None, comment, ..index.clone() };
            let key = held.keys.get(name);
            let own = match key.map(|key| key.kind) {
                Some(KeyKind::Primary) => self.choose_relation(id, "", "pkey", true),
                Some(KeyKind::Unique) => self.choose_relation(id, &called(&index), "key", true),
                None if held.exclusions.contains_key(name) => self.choose_relation(id, &called(&index), "excl", true),
                None => self.choose_relation(id, &called(&index), "idx", false),
            };
            self.put_index(id, &own, index);
            if let Some(key) = key {
                self.put_key(id, &own, super::Key { inherited: false, ..key.clone() });
            } else if let Some(written) = held.exclusions.get(name)
                && let Some(table) = self.change(id)
            {
                table.exclusions.insert(own, written.clone());
            }
        }
    }
}
