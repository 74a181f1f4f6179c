//! The grammar of a migration, once, for the attribute macro (which has spans) and the build script (which has files).
//!
//! Nothing here reads a file or knows a database server. Every reader collects all mistakes it finds.

pub mod arguments;
pub mod expression;
pub mod header;
pub mod id;
pub mod item;
mod language;
pub mod mistake;
pub mod module;
pub mod names;
pub mod registry;
mod value;

pub use arguments::Arguments;
pub use expression::Expression;
pub use id::Id;
pub use language::Language;
pub use mistake::Mistake;
pub use module::Module;
pub use registry::{DatabaseKind, Databases};
pub use value::Phase;
