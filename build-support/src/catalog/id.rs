//! Which object is meant: its schema and its name.

use std::fmt;

/// The schema in which temporary objects are kept together.
pub(super) const TEMPORARY: &str = "pg_temp";

/// A schema's object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl Id {
    pub(crate) fn new(schema: impl Into<String>, name: impl Into<String>) -> Id {
        Id { schema: schema.into(), name: name.into() }
    }

    /// Reads `schema.name`, as the catalog keeps it.
    pub(super) fn parse(text: &str) -> Id {
        let (schema, name) = text.split_once('.').unwrap_or(("", text));
        Id::new(schema, name)
    }

    /// Gives another object of the same schema.
    pub(crate) fn beside(&self, name: impl Into<String>) -> Id {
        Id::new(self.schema.clone(), name)
    }

    /// Writes the name as the server does where the search path is the usual one: `users`, `app.users`.
    pub(super) fn shown(&self) -> String {
        match self.schema.as_str() {
            "" | "public" | TEMPORARY => self.name.clone(),
            _ => self.to_string(),
        }
    }

    /// Tells whether this is what `schema.name` stands for.
    pub(super) fn is(&self, text: &str) -> bool {
        text.strip_prefix(self.schema.as_str()).and_then(|rest| rest.strip_prefix('.')) == Some(self.name.as_str())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}
