//! PostgreSQL's language: a script as its grammar reads it, turned into what its statements do.
//!
//! The one place that knows the grammar's tree.

mod alter;
mod ast;
mod block;
mod change;
mod column;
mod comment;
mod constraint;
mod depth;
mod drop;
mod expression;
mod index;
mod maintenance;
mod name;
pub(crate) mod newer;
mod query;
mod register;
mod routine;
mod schema;
mod sequence;
mod session;
mod setting;
pub(crate) mod shipped;
mod statement;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod trigger;
mod types;
mod user_type;
mod view;
mod volatility;
mod words;

pub(crate) use depth::is_shallow;

use crate::statement::Statement;
use std::ops::Range;

/// What a script says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// In order. One that is wrong is opaque.
    pub(crate) statements: Vec<Statement>,
    /// In order, at most one for each mistake.
    pub(crate) errors: Vec<SyntaxError>,
}

/// What PostgreSQL's grammar doesn't allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// The bytes of the text that show it; never none of them, unless the text has none.
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Reads a script. What can't be read at all is opaque.
pub(crate) fn read(text: &str) -> Reading {
    let read = || {
        let script = syntax::read(text)?;
        Some(Reading { statements: statement::lower_all(&script), errors: script.errors })
    };
    depth::read(text, read).flatten().unwrap_or_else(|| Reading {
        statements: vec![statement::opaque(0..text.len(), "too deep to be read")],
        errors: Vec::new(),
    })
}
