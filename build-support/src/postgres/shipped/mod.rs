//! What PostgreSQL has before anything is created, and what its extensions bring.

mod extensions;
mod functions;
mod types;

pub(crate) use extensions::{extension_class, extension_function, extension_method, extension_type, is_extension};
pub(crate) use functions::function;
pub(crate) use types::is_type;
