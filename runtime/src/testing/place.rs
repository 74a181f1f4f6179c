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
    /// Copies the template for the test; gives none where the template is gone.
    fn copy(&mut self) -> BoxFuture<'_, Result<Option<Copied>>>;
    /// Removes the copy.
    fn remove(&mut self) -> BoxFuture<'_, Result<()>>;
}

/// Says where a copy is.
#[derive(Debug)]
pub(super) struct Copied {
    pub(super) url: String,
    /// Whether all that the migrations made is there; else it is empty, because the template can't be copied faithfully.
    pub(super) migrated: bool,
}

/// Writes the URL of another database on the same server.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn beside(url: &str, database: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let (scheme, rest) = base.split_once("://").unwrap_or(("postgres", base));
    // A password may contain a slash that nobody encoded, a host does not.
    let host_at = rest.rfind('@').map_or(0, |at| at + 1);
    let path_at = rest.get(host_at..).and_then(|host| host.find('/')).map_or(rest.len(), |at| host_at + at);
    let server = rest.get(..path_at).unwrap_or(rest);
    let kept: Vec<_> =
        query.into_iter().flat_map(|q| q.split('&')).filter(|part| !part.starts_with("dbname=")).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{scheme}://{server}/{database}{query}")
}

#[cfg(all(test, any(feature = "postgres", feature = "mysql")))]
mod tests {
    use super::beside;

    #[test]
    fn another_database_on_the_same_server_keeps_all_else() {
        assert_eq!(
            beside("postgres://ann:p@ss/w@db:5432/app?sslmode=disable", "x"),
            "postgres://ann:p@ss/w@db:5432/x?sslmode=disable"
        );
        assert_eq!(beside("postgres://db", "x"), "postgres://db/x");
        assert_eq!(beside("mysql://db:3306/app?socket=/run/m", "x"), "mysql://db:3306/x?socket=/run/m");
        assert_eq!(beside("postgres:///app?host=/run/pg&dbname=app", "x"), "postgres:///x?host=/run/pg");
    }
}
