//! An earlier catalog by later names: whatever goes by a name goes by the new one.

use super::Renamed;
use crate::by_name::ByName;
use crate::catalog::constraint::move_entry;
use crate::catalog::difference::is_same;
use crate::catalog::{Catalog, Id, Kind, Relation, Schema, Simulator, Type};
use crate::statement::{Name, QualifiedName};
use std::sync::Arc;

/// Takes from both what isn't the same in both: a rename is seen in all that it touches, and costs no more than that.
pub(super) fn differing(before: &Catalog, after: &Catalog) -> (Catalog, Catalog) {
    let bare = |catalog: &Catalog| Catalog {
        extensions: catalog.extensions.clone(),
        opaque: catalog.opaque,
        ..Catalog::default()
    };
    let (mut one, mut two) = (bare(before), bare(after));
    for (name, schema) in &before.schemas {
        match after.schemas.get(name) {
            Some(other) if Arc::ptr_eq(schema, other) => {
                for catalog in [&mut one, &mut two] {
                    catalog.schemas.insert(name.clone(), Arc::default());
                }
            }
            Some(other) => {
                let (schema, other) = parts(schema, other);
                one.schemas.insert(name.clone(), Arc::new(schema));
                two.schemas.insert(name.clone(), Arc::new(other));
            }
            None => drop(one.schemas.insert(name.clone(), Arc::clone(schema))),
        }
    }
    for (name, schema) in after.schemas.iter().filter(|(name, _)| !before.schemas.contains_key(name)) {
        two.schemas.insert(name.clone(), Arc::clone(schema));
    }
    (one, two)
}

fn parts(before: &Schema, after: &Schema) -> (Schema, Schema) {
    let bare = |schema: &Schema| Schema {
        comment: schema.comment.clone(),
        doubtful: schema.doubtful.clone(),
        opaque: schema.opaque,
        ..Schema::default()
    };
    let (mut one, mut two) = (bare(before), bare(after));
    macro_rules! take {
        ($field:ident) => {
            for (name, own, other) in before.$field.differing(&after.$field) {
                own.map(|own| one.$field.insert(name.clone(), own.clone()));
                other.map(|other| two.$field.insert(name.clone(), other.clone()));
            }
        };
    }
    take!(relations);
    take!(types);
    take!(functions);
    (one, two)
}

/// Gives constraints without a name, which go by what they say, the words that they say it with later.
pub(super) fn retitle(before: &mut Catalog, after: &Catalog, words: &[(String, String)]) {
    for (name, schema) in &mut before.schemas {
        let Some(later) = after.schemas.get(name) else { continue };
        let tables: Vec<String> =
            schema.relations.keys().filter(|name| later.relations.contains_key(name)).cloned().collect();
        for table in tables {
            let Some(Relation::Table(two)) = later.relations.get(&table) else { continue };
            if let Some(Relation::Table(one)) = Arc::make_mut(schema).relations.get_mut(&table) {
                let one = Arc::make_mut(one);
                say(&mut one.keys, &two.keys, words);
                say(&mut one.references, &two.references, words);
                say(&mut one.checks, &two.checks, words);
                say(&mut one.indexes, &two.indexes, words);
            }
        }
    }
}

fn say<T>(before: &mut ByName<T>, after: &ByName<T>, words: &[(String, String)]) {
    let is_said = |name: &&String| name.contains('(');
    let gone: Vec<String> = before.keys().filter(is_said).filter(|name| !after.contains_key(name)).cloned().collect();
    for name in gone {
        let new = after.keys().filter(is_said).find(|new| !before.contains_key(new) && is_same(&name, new, words));
        if let Some(new) = new.cloned() {
            move_entry(before, &name, &new);
        }
    }
}

impl Simulator {
    /// Gives something the name that it has later.
    pub(super) fn call_by(&mut self, renamed: &Renamed) {
        let (from, to) = (name(&renamed.from.name), name(&renamed.to.name));
        let Some(of) = &renamed.of else { return self.call_whole_by(renamed, &from, &to) };
        match renamed.kind {
            Kind::Column => self.rename_column(of, &from, &to),
            // A server that has indexes of a table alone keeps their names there alone.
            Kind::Index | Kind::PrimaryKey | Kind::Unique
                if self.catalog.relation(&of.beside(&from.text)).is_none() =>
            {
                if let Some(table) = self.catalog.table_mut(of) {
                    move_entry(&mut table.indexes, &from.text, &to.text);
                    move_entry(&mut table.keys, &from.text, &to.text);
                }
            }
            Kind::Index => self.rename_index(of, &from.text, &to.text, &(0..0)),
            Kind::Trigger => {
                if let Some(table) = self.catalog.table_mut(of) {
                    move_entry(&mut table.triggers, &from.text, &to.text);
                }
            }
            Kind::Value => self.rename_value(&qualified(of), &from, &to),
            Kind::Attribute => {
                if let Some(Type::Composite(fields)) = self.type_mut(of) {
                    let fields = fields.iter_mut().filter(|field| field.name == from.text);
                    fields.for_each(|field| to.text.clone_into(&mut field.name));
                }
            }
            Kind::Check if self.catalog.type_at(of).is_some() => {
                if let Some(Type::Domain(domain)) = self.type_mut(of) {
                    move_entry(&mut domain.checks, &from.text, &to.text);
                }
            }
            _ => self.rename_constraint(of, &from, &to),
        }
        self.findings.clear();
    }

    fn call_whole_by(&mut self, renamed: &Renamed, from: &Name, to: &Name) {
        let here = |catalog: &Catalog| match catalog.schemas.contains_key(&renamed.from.schema) {
            true => renamed.from.clone(),
            // Its schema has its new name by now.
            false => Id::new(&renamed.to.schema, &renamed.from.name),
        };
        match renamed.kind {
            Kind::Schema => self.rename_schema(from, to),
            Kind::Type => {
                let here = qualified(&here(&self.catalog));
                self.rename_type(&here, &to.text, Some(&renamed.to.schema), &(0..0));
            }
            Kind::Function => self.move_function(&here(&self.catalog), &renamed.to, &(0..0)),
            _ => {
                let here = here(&self.catalog);
                if self.catalog.relation(&here).is_some_and(|relation| *relation != Relation::Opaque) {
                    self.rename_relation(&here, &renamed.to, &(0..0));
                }
            }
        }
        self.findings.clear();
    }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), range: 0..0 }
}

fn qualified(id: &Id) -> QualifiedName {
    QualifiedName { schema: Some(name(&id.schema)), name: name(&id.name) }
}
