//! Validators of MongoDB's collections, from the Rust types that are kept in them.
//!
//! A type that derives `serde`'s traits and [`JsonSchema`](schemars::JsonSchema) says everything: names as serde writes them, what is
//! required, enums, nested types, ranges of integers, and descriptions from doc comments.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use whimbrel::mongodb::bson::{DateTime, oid::ObjectId};
//! use whimbrel::schemars::{self, JsonSchema};
//! use whimbrel::validator;
//!
//! /// An organization that uses the application.
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! #[serde(rename_all = "camelCase")]
//! struct Tenant {
//!     #[serde(rename = "_id")]
//!     #[schemars(with = "validator::ObjectId")]
//!     id: ObjectId,
//!     organization_name: String,
//!     #[schemars(with = "validator::Date")]
//!     created_at: DateTime,
//! }
//!
//! let validator = validator::of::<Tenant>()?;
//! assert_eq!(validator.get_document("$jsonSchema").unwrap().get_str("bsonType").unwrap(), "object");
//! # Ok::<(), whimbrel::Error>(())
//! ```

mod commands;
mod drift;
mod rehearsal;
mod schema;
#[cfg(test)]
mod tests;
mod tighten;
mod unique;

pub use drift::Difference;
pub use schema::{Date, Decimal, ObjectId, of};
pub use tighten::{Tighten, Tightened};
