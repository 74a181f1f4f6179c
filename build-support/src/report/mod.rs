//! What was found: diagnostics with their places, and how rustc would show them.

mod diagnostic;
mod flood;
mod json;
mod render;

pub(crate) use diagnostic::{Diagnostic, Level, sort};
pub(crate) use flood::limit;
pub(crate) use render::Rendered;
#[cfg(feature = "cli")]
pub(crate) use render::drawn;
