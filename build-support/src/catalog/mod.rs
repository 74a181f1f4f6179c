//! The schema as a chain builds it up, followed statement by statement.
//!
//! What can't be followed is opaque: from there on nothing is said about it.

mod aggregate;
mod alter;
mod alter_column;
mod apply;
mod bound;
mod call;
mod chosen;
mod column;
mod complaint;
mod constraint;
mod create_table;
mod data_type;
mod dependents;
mod difference;
mod digest;
mod drop;
#[cfg(feature = "sqlite")]
mod encoding;
mod excerpt;
mod expression;
mod extension;
mod finding;
mod function;
mod guard;
mod id;
mod index;
mod inherit;
mod key;
mod like;
mod links;
mod lookup;
mod opaque;
mod order;
mod past;
mod path;
mod reference;
mod remove;
mod rename;
mod rename_schema;
mod renames;
mod resolve;
mod runner;
mod schema;
mod sequence;
mod server;
mod shared;
mod simulator;
mod somewhere;
#[cfg(any(test, feature = "cli"))]
mod sql;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod truncate;
mod types;
mod value;
mod view;

pub(crate) use difference::{Aspect, Change, Kind, Voice, What, difference};
#[cfg(any(test, feature = "cli"))]
pub(crate) use digest::digest;
pub(crate) use digest::table_lines;
pub(crate) use finding::{Finding, Site};
pub(crate) use id::Id;
pub(crate) use past::Past;
#[cfg(any(feature = "mysql", feature = "sqlite"))]
pub(crate) use past::Subject;
pub(crate) use path::Path;
pub(crate) use renames::{Renames, difference_since};
#[cfg(feature = "sqlite")]
pub(crate) use runner::is_a_runner_s;
#[cfg(feature = "mysql")]
pub(crate) use shared::SharedMap;
pub(crate) use simulator::Simulator;
#[cfg(any(test, feature = "cli"))]
pub(crate) use sql::sql;
pub(crate) use state::{
    Catalog, Check, Column, Default, Domain, Expression, Field, Function, FunctionKind, Index, IndexKey, IndexPart,
    Key, KeyKind, Reference, Relation, Schema, Sequence, Stranger, StrangerKind, Table, Trigger, Type, View,
};
