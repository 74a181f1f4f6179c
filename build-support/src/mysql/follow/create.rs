//! `CREATE TABLE` and `CREATE VIEW`.

use super::Follower;
use super::complaint::{finding, id};
use super::world::{Found, same};
use crate::by_name::ByName;
use crate::catalog::{Column, Default, Expression, Relation, Subject, Table, View, is_a_runner_s};
use crate::mysql::deed::{self, CreateTable, Part};
use crate::statement::{Name, QualifiedName, Scope};
use std::sync::Arc;

impl Follower {
    pub(super) fn create_table(&mut self, create: &CreateTable) {
        if let Some(query) = &create.query {
            self.resolve(query);
        }
        if create.temporary {
            self.temporary.insert(create.name.name.text.to_lowercase());
            return;
        }
        let Some(key) = self.place_for(&create.name, "table", create.if_not_exists, create.or_replace) else { return };
        let mut table = match &create.like {
            Some(like) => match self.relation(like, "table").and_then(|like| self.world.table(&like).cloned()) {
                Some(model) => Table { references: ByName::new(), comment: None, ..model },
                None => Table { opaque: true, ..Table::default() },
            },
            None => {
                Table { opaque: create.query.is_some(), comment: create.options.comment.clone(), ..Table::default() }
            }
        };
        // It may be there already, with columns of its own.
        table.opaque |= create.if_not_exists && (self.world.is_opaque() || is_a_runner_s(&key));
        self.past.made(Subject::relation(&id(&key)), self.site(&create.name.range()));
        for column in &create.columns {
            if let Some(first) = create.columns.iter().find(|other| same(&other.name.text, &column.name.text))
                && first.range != column.range
            {
                let message = format!("column `{}` is named twice", column.name.text);
                let mut found = finding("duplicate_column", message, &column.name.range, "named again");
                found.related.push((self.site(&first.name.range), "named here first".to_owned()));
                self.findings.push(found);
                continue;
            }
            table.columns.push(made(column));
            self.past.made(Subject::part(&id(&key), &column.name.text), self.site(&column.name.range));
        }
        self.world.put(&key, Relation::Table(Arc::new(table)));
        match &create.options.charset {
            Some(charset) => self.world.charsets.insert(key.clone(), charset.clone()),
            None => self.world.charsets.remove(&key),
        };
        let of_columns = create.columns.iter().flat_map(|column| &column.parts);
        let parts: Vec<&Part> = of_columns.chain(&create.parts).collect();
        self.add_parts(&key, &parts);
    }

    /// Finds the place for something new; `None` where something is there, or it isn't followed.
    fn place_for(&mut self, name: &QualifiedName, kind: &str, if_not_exists: bool, or_replace: bool) -> Option<String> {
        match self.world.find(name) {
            Found::Elsewhere => {
                self.elsewhere(name);
                None
            }
            Found::Missing(key) => Some(key),
            Found::Here(key) => {
                let is_opaque = self.world.is_doubtful(&key);
                // A server may keep apart what differs in case.
                let is_other = key != name.name.text;
                if or_replace || is_opaque && !if_not_exists {
                    self.world.take(&key);
                    return Some(name.name.text.clone());
                }
                if if_not_exists {
                    return None;
                }
                if is_other {
                    self.world.doubt(&key);
                    return None;
                }
                let is = if matches!(self.world.relation(&key), Some(Relation::View(_))) { "view" } else { "table" };
                let code = if kind == "view" { "duplicate_view" } else { "duplicate_table" };
                let message = format!("there is a {is} `{key}` already");
                self.duplicate(code, message, &name.range(), &Subject::relation(&id(&key)));
                self.world.doubt(&key);
                None
            }
        }
    }

    pub(super) fn create_view(
        &mut self,
        name: &QualifiedName,
        or_replace: bool,
        if_not_exists: bool,
        columns: &[Name],
        query: &Scope,
    ) {
        self.resolve(query);
        let Some(key) = self.place_for(name, "view", if_not_exists, or_replace) else { return };
        let named = if columns.is_empty() {
            self.outputs(query)
        } else {
            Some(columns.iter().map(|column| column.text.clone()).collect())
        };
        let columns = named
            .filter(|_| !(if_not_exists && self.world.is_opaque()))
            .map(|names| names.into_iter().map(|name| (name, String::new())).collect());
        self.past.made(Subject::relation(&id(&key)), self.site(&name.range()));
        self.world.put(&key, Relation::View(Arc::new(View { columns, opaque: true, ..View::default() })));
    }
}

/// Gives a column as the catalog keeps it.
pub(super) fn made(column: &deed::Column) -> Column {
    let expression = |text: &String| Expression { text: text.clone(), ..Expression::default() };
    let default = match (&column.generated, &column.default) {
        (Some((text, stored)), _) => Default::Generated { expression: expression(text), stored: *stored },
        _ if column.auto_increment => Default::Identity { always: false },
        (None, Some(text)) if !text.eq_ignore_ascii_case("NULL") => Default::Expression(expression(text)),
        _ => Default::None,
    };
    Column {
        name: column.name.text.clone(),
        ty: column.ty.clone(),
        not_null: column.not_null,
        default,
        comment: column.comment.clone(),
        local: true,
        ..Column::default()
    }
}
