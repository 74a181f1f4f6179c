//! Where a database's templates and copies are kept.

use crate::error::Result;
use crate::step::BoxFuture;

/// Does with templates and copies of one database what each server does in its own way.
pub(super) trait Place {
    fn database(&self) -> &'static str;
    /// Locks the templates: one process at a time makes one.
    fn lock(&mut self) -> BoxFuture<'_, Result<()>>;
    fn unlock(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Tells whether the template is there, and whole.
    fn is_ready(&mut self) -> BoxFuture<'_, Result<bool>>;
    /// Makes an empty database where the template is to be made; gives its URL.
    fn begin(&mut self) -> BoxFuture<'_, Result<String>>;
    /// Turns what was made into the template, and takes old ones away.
    fn finish(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Takes away what was begun.
    fn discard(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Takes away what this test left when it failed, where it is not running somewhere else.
    fn remove_left_overs(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Copies the template for the test; gives the copy's URL, or none where the template is gone.
    fn copy(&mut self) -> BoxFuture<'_, Result<Option<String>>>;
    /// Removes the copy.
    fn remove(&mut self) -> BoxFuture<'_, Result<()>>;
}
