//! What was found: diagnostics with their places, and how rustc would show them.

mod diagnostic;
mod json;
mod render;

pub(crate) use diagnostic::{Diagnostic, Level};
pub(crate) use render::Rendered;
