//! The functions that PostgreSQL and its extensions have before anything is created.

mod extensions;
mod functions;

pub(crate) use extensions::extension_function;
pub(crate) use functions::function;
