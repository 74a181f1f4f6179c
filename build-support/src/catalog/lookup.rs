//! Names looked up along the search path.

use super::id::TEMPORARY;
use super::past::Subject;
use super::{Id, Relation, Schema, Simulator, StrangerKind, Type, extension, runner, server};
use crate::statement::{Name, QualifiedName, TypeName};

/// What a name was found to be.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Here(Id),
    /// It may be there, or is the server's own.
    Unsure,
    /// It is not; this is where it would have been.
    Missing(Id),
    NoSchema(Name),
}

/// The kinds of names that don't get into each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Relation,
    /// Types, those of rows included.
    Type,
    Function,
}

impl Space {
    pub(super) fn has(self, schema: &Schema, name: &str) -> bool {
        match self {
            Space::Relation => schema.relations.contains_key(name),
            Space::Type => {
                let has_rows = |relation: &Relation| !matches!(relation, Relation::Index(_) | Relation::Sequence(_));
                schema.types.contains_key(name) || schema.relations.get(name).is_some_and(has_rows)
            }
            Space::Function => schema.functions.contains_key(name),
        }
    }

    fn is_servers(self, name: &str) -> bool {
        match self {
            Space::Relation => name.starts_with("pg_"),
            Space::Type => server::is_type(name),
            Space::Function => crate::postgres::shipped::has_function(name),
        }
    }

    /// Names what may be there without being known.
    fn strangers(self) -> StrangerKind {
        match self {
            Space::Relation => StrangerKind::Relation,
            Space::Type => StrangerKind::Type,
            Space::Function => StrangerKind::Function,
        }
    }

    fn is_of_extension(self, name: &str) -> Option<&'static str> {
        match self {
            Space::Relation => extension::of_relation(name),
            Space::Type => extension::of_type(name),
            Space::Function => extension::of_function(name),
        }
    }
}

impl Simulator {
    /// Looks a name up.
    pub(super) fn look_up(&self, space: Space, name: &QualifiedName) -> Found {
        let text = name.name.text.as_str();
        if let Some(schema) = &name.schema {
            return self.look_into(space, schema, text);
        }
        if space != Space::Function && self.catalog.schemas.get(TEMPORARY).is_some_and(|held| space.has(held, text)) {
            return Found::Here(Id::new(TEMPORARY, text));
        }
        let visible = self.path.visible().iter().chain(self.path.left_behind());
        let mut opaque = self.catalog.opaque;
        for schema in visible {
            let Some(held) = self.catalog.schemas.get(schema) else { continue };
            if space.has(held, text) {
                return Found::Here(Id::new(schema.clone(), text));
            }
            opaque |= held.opaque;
        }
        if opaque
            || space.is_servers(text)
            || self.may_bring(space, text)
            || self.may_be_strange(space.strangers(), "", text)
        {
            return Found::Unsure;
        }
        let first = self.path.visible().first().map_or("public", String::as_str);
        self.missing(space, Id::new(first, text))
    }

    fn look_into(&self, space: Space, schema: &Name, name: &str) -> Found {
        if server::is_schema(&schema.text) {
            return Found::Unsure;
        }
        let Some(held) = self.catalog.schemas.get(&schema.text) else {
            return match schema.text.as_str() {
                TEMPORARY => Found::Missing(Id::new(TEMPORARY, name)),
                // Some have a schema of their own as well.
                _ if space == Space::Relation && runner::is_a_runner_s(name) => Found::Unsure,
                _ if self.may_have_schema(&schema.text) => Found::Unsure,
                _ => Found::NoSchema(schema.clone()),
            };
        };
        if space.has(held, name) {
            return Found::Here(Id::new(schema.text.clone(), name));
        }
        let is_strange = self.may_be_strange(space.strangers(), &schema.text, name);
        if held.opaque || self.catalog.opaque || is_strange || self.may_bring(space, name) {
            return Found::Unsure;
        }
        self.missing(space, Id::new(schema.text.clone(), name))
    }

    /// What no migration has made is missing, unless a runner has made it.
    fn missing(&self, space: Space, id: Id) -> Found {
        let is_a_runner_s = space == Space::Relation
            && runner::is_a_runner_s(&id.name)
            && self.past.gone(&Subject::relation(&id)).is_none();
        if is_a_runner_s { Found::Unsure } else { Found::Missing(id) }
    }

    /// Tells whether an extension of the chain may have brought this along.
    fn may_bring(&self, space: Space, name: &str) -> bool {
        if let Some(extension) = space.is_of_extension(name)
            && self.catalog.extensions.contains_key(extension)
        {
            return true;
        }
        // One that isn't known may bring anything; but relations only rarely, and hardly one whose name is nearly that of another.
        let unknown = self.catalog.extensions.keys().any(|name| !extension::is_understood(name));
        unknown && (space != Space::Relation || self.nearest_in(space, name).is_none())
    }

    /// Tells whether a schema may be there that isn't known.
    pub(super) fn may_have_schema(&self, name: &str) -> bool {
        let is_strange = || self.may_be_strange(StrangerKind::Schema, "", name);
        self.catalog.opaque || self.open_world || self.may_bring_schema() || is_strange()
    }

    /// Tells whether an extension of the chain may have brought a schema of its own along.
    pub(super) fn may_bring_schema(&self) -> bool {
        self.catalog.extensions.keys().any(|name| !extension::is_understood(name))
    }

    /// Looks a type up; the server's own come first.
    pub(super) fn look_up_type(&self, ty: &TypeName) -> Found {
        let name = ty.name.as_str();
        if ty.copied || ty.serial || name.is_empty() || (ty.schema.is_none() && server::is_type(name)) {
            return Found::Unsure;
        }
        let looked_up = |text: &str| {
            let range = ty.range.clone();
            let name = Name { text: text.to_owned(), range };
            self.look_up(Space::Type, &QualifiedName { schema: ty.schema.clone(), name })
        };
        match looked_up(name) {
            // The type of an array may be called by the name of its elements, an underscore before it.
            Found::Missing(id) => match name.strip_prefix('_').map(looked_up) {
                Some(Found::Here(_) | Found::Unsure) => Found::Unsure,
                _ if self.may_be_multirange(name) => Found::Unsure,
                _ => Found::Missing(id),
            },
            found => found,
        }
    }

    /// Tells whether a type, or the function that makes its values, may have come along with a range: what that is called
    /// can be chosen.
    pub(super) fn may_be_multirange(&self, name: &str) -> bool {
        let is_range = |ty: &Type| *ty == Type::Other;
        name.contains("range") && self.catalog.schemas.values().any(|schema| schema.types.values().any(is_range))
    }
}
