//! The schema as a chain builds it up, followed statement by statement.
//!
//! What can't be followed is opaque: from there on nothing is said about it.

mod extension;
mod finding;
mod resolve;
mod state;

pub(crate) use finding::{Finding, Site};
pub(crate) use resolve::{Around, Names, Resolved, resolve};
pub(crate) use state::{
    Catalog, Check, Column, Default, Domain, Expression, Field, Function, FunctionKind, Index, IndexKey, IndexPart,
    Key, KeyKind, Reference, Relation, Schema, Sequence, Table, Trigger, Type, View,
};
