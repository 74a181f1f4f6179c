//! Names, and where they stand.

use std::fmt;
use std::ops::Range;

/// A name as the server understands it: folded, unless it was quoted.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// A name that may say its schema.
#[derive(Clone, Debug)]
pub(crate) struct QualifiedName {
    pub(crate) schema: Option<Name>,
    pub(crate) name: Name,
}

impl QualifiedName {
    /// Gives the bytes of the whole name.
    pub(crate) fn range(&self) -> Range<usize> {
        self.schema.as_ref().unwrap_or(&self.name).range.start..self.name.range.end
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", schema.text)?;
        }
        f.write_str(&self.name.text)
    }
}

/// A type as it was written, with the names that the server has for its own: `integer` for `int4`.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    pub(crate) range: Range<usize>,
    pub(crate) schema: Option<Name>,
    /// Canonical: `character varying`, `timestamp with time zone`, or a user's own.
    pub(crate) name: String,
    /// `varchar(8)` has `8`; `numeric(10, 2)` has `10` and `2`.
    pub(crate) arguments: Vec<String>,
    pub(crate) array: bool,
    /// `serial`, `bigserial`, `smallserial`: the name is that of the integer behind it.
    pub(crate) serial: bool,
    /// `table.column%TYPE`.
    pub(crate) copied: bool,
}
