//! What a block of code asks for, answered from the catalog.

use super::id::TEMPORARY;
use super::lookup::Space;
use super::{Relation, Schema, Simulator, StrangerKind, Type, extension, links, server};
use crate::postgres::shipped;
use crate::statement::{Act, Branch, Condition, Guard, Thing, ThingKind};
use std::sync::Arc;

/// Branches that were come to, each with whether it is gone through, where that is known.
pub(super) type Taken = Vec<(Arc<Branch>, Option<bool>)>;

impl Simulator {
    /// Tells under which condition an act is done; `None` where it is not.
    pub(super) fn condition_of(&self, act: &Act, taken: &mut Taken) -> Option<Condition> {
        let Some(branch) = &act.branch else { return Some(act.condition) };
        match self.takes(branch, taken) {
            Some(true) => Some(act.condition),
            Some(false) => None,
            None if act.condition != Condition::Always => Some(act.condition),
            // It may be done; whether what it makes or drops is there decides.
            None => {
                let is_in_doubt = branch.within.as_ref().is_some_and(|outer| self.takes(outer, taken).is_none());
                Some(match &branch.guard {
                    Guard::Not(inside) if matches!(**inside, Guard::There(_)) && act.kind.creates() && !is_in_doubt => {
                        Condition::IfMissing
                    }
                    Guard::There(_) if !act.kind.creates() && !is_in_doubt => Condition::IfThere,
                    _ => Condition::Sometimes,
                })
            }
        }
    }

    fn takes(&self, branch: &Arc<Branch>, taken: &mut Taken) -> Option<bool> {
        if let Some((_, takes)) = taken.iter().find(|(known, _)| Arc::ptr_eq(known, branch)) {
            return *takes;
        }
        let outer = branch.within.as_ref().map_or(Some(true), |outer| self.takes(outer, taken));
        let takes = match (outer, branch.guard.holds(&|thing| self.is_there(thing))) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), holds) => holds,
            (None, _) => None,
        };
        taken.push((branch.clone(), takes));
        takes
    }

    /// Tells whether something is there, where that is known.
    fn is_there(&self, thing: &Thing) -> Option<bool> {
        let name = thing.name.as_str();
        match thing.kind {
            ThingKind::Schema => {
                let there = self.catalog.schemas.contains_key(name) || server::is_schema(name);
                let is_strange = !there && self.may_be_strange(StrangerKind::Schema, "", name);
                if is_strange { None } else { self.settled(there) }
            }
            ThingKind::Extension => self.settled(self.catalog.extensions.contains_key(name) || name == "plpgsql"),
            ThingKind::Relation => self.found_in(thing, |schema| named(schema, Space::Relation, name)),
            ThingKind::Type if server::is_type(name) => Some(true),
            ThingKind::Type => self.found_in(thing, |schema| named(schema, Space::Type, name)),
            ThingKind::Function if shipped::function(name).is_some() => Some(true),
            ThingKind::Function => self.found_in(thing, |schema| named(schema, Space::Function, name)),
            ThingKind::EnumValue => self.found_in(thing, |schema| match schema.types.get(thing.of.as_ref()?) {
                Some(Type::Enum(values)) => Some(values.iter().any(|value| value == name)),
                Some(_) => None,
                None => Some(false),
            }),
            ThingKind::Column => self.of_relations(thing, |relation| match relation {
                Relation::Table(table) => match table.columns.iter().find(|column| column.name == name) {
                    Some(column) => (!column.doubtful && !table.opaque).then_some(true),
                    None => (!table.opaque).then_some(false),
                },
                Relation::View(view) => view.columns.as_ref().map(|list| list.iter().any(|(column, _)| column == name)),
                Relation::Sequence(_) | Relation::Index(_) => Some(false),
                Relation::Opaque => None,
            }),
            ThingKind::Constraint => self.of_relations(thing, |relation| match relation {
                Relation::Table(table) if links::constraint_names(table).any(|constraint| constraint == name) => {
                    Some(true)
                }
                Relation::Table(table) => (!table.opaque).then_some(false),
                Relation::Opaque => None,
                _ => Some(false),
            }),
            ThingKind::Trigger => self.of_relations(thing, |relation| match relation {
                Relation::Table(table) if table.triggers.contains_key(name) => Some(true),
                Relation::Table(table) => (!table.opaque).then_some(false),
                Relation::Opaque => None,
                _ => Some(false),
            }),
        }
    }

    /// Looks at the relation that something belongs to, or at all where any will do.
    fn of_relations(&self, thing: &Thing, has: impl Fn(&Relation) -> Option<bool>) -> Option<bool> {
        self.found_in(thing, |schema| match &thing.of {
            Some(of) if schema.doubtful.contains(of) => None,
            Some(of) => schema.relations.get(of).map_or(Some(false), &has),
            None => any(schema.relations.values().map(&has)),
        })
    }

    /// Looks into the schemas that something may be in.
    fn found_in(&self, thing: &Thing, has: impl Fn(&Schema) -> Option<bool>) -> Option<bool> {
        let is_meant = |name: &str| match &thing.schema {
            Some(schema) => schema == name,
            None => name != TEMPORARY,
        };
        let schemas = self.catalog.schemas.iter().filter(|(name, _)| is_meant(name));
        let found = any(schemas.map(|(_, schema)| match has(schema) {
            Some(false) if schema.opaque => None,
            found => found,
        }));
        if found == Some(false) && self.may_be_brought(thing) { None } else { self.settled(found?) }
    }

    fn may_be_brought(&self, thing: &Thing) -> bool {
        let is_extensions = |extension: Option<&str>| {
            extension.is_some_and(|extension| self.catalog.extensions.contains_key(extension))
        };
        let of = thing.schema.as_deref().unwrap_or_default();
        let is_strange = |kind| self.may_be_strange(kind, of, &thing.name);
        let may_be_there = match thing.kind {
            ThingKind::Relation => is_strange(StrangerKind::Relation) || is_strange(StrangerKind::Index),
            ThingKind::Type => is_strange(StrangerKind::Type),
            ThingKind::Function => is_strange(StrangerKind::Function),
            ThingKind::Trigger => {
                self.may_be_strange(StrangerKind::Trigger, thing.of.as_deref().unwrap_or_default(), &thing.name)
            }
            _ => false,
        };
        may_be_there
            || match thing.kind {
                ThingKind::Relation => is_extensions(extension::of_relation(&thing.name)),
                ThingKind::Type => is_extensions(extension::of_type(&thing.name)),
                ThingKind::Function => is_extensions(extension::of_function(&thing.name)),
                _ => thing.schema.as_ref().is_some_and(|schema| server::is_schema(schema)),
            }
    }

    /// What isn't there may be after all where not everything is known.
    fn settled(&self, there: bool) -> Option<bool> {
        (there || !self.catalog.opaque && !self.open_world).then_some(there)
    }
}

fn named(schema: &Schema, space: Space, name: &str) -> Option<bool> {
    let there = space.has(schema, name);
    (!there || !schema.doubtful.contains(name)).then_some(there)
}

/// One that is there is enough; that none is has to be known of all.
fn any(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for there in each {
        match there {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}
