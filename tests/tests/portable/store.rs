//! What the suite has to know of a database.

use std::future::Future;
use whimbrel::{Access, DatabaseKind, Databases, Location, Registry, Urls};

/// Makes and shows things, which have names and are made once: to make one a second time shows.
pub(crate) trait Store: Sync {
    fn kind(&self) -> DatabaseKind;
    fn url(&self) -> &str;
    /// Says where the ledger of this place is: on a server without databases of its own each place has its own ledger.
    fn ledger(&self) -> Location;
    /// Says how far apart the points are at which a run is dropped: each of them where that takes no time.
    fn stride(&self) -> usize {
        1
    }
    /// Tells whether a migration that fails leaves nothing, or what came before.
    fn rolls_back(&self) -> bool;
    /// Tells how many statements a run may still send that has lost its lease and does not know it yet.
    fn late(&self) -> usize {
        0
    }
    /// Writes a statement that makes a thing.
    fn make(&self, name: &str) -> String;
    /// Writes one that takes it away.
    fn unmake(&self, name: &str) -> String;
    /// Writes one that takes it away, however often it is run.
    fn clear(&self, name: &str) -> String {
        self.unmake(name)
    }
    /// Writes one that the server refuses.
    fn refused(&self) -> String;
    /// Writes a check that there is a thing of this name.
    fn has(&self, name: &str) -> String;
    /// Lists all things by name, as often as they were made.
    fn things(&self) -> impl Future<Output = Vec<String>> + Send;
    /// Takes a migration's row out of the history.
    fn remove_row(&self, id: &str) -> impl Future<Output = ()> + Send;
    /// Changes the checksum in a migration's row.
    fn change_row(&self, id: &str) -> impl Future<Output = ()> + Send;
    /// Tells whether there is anything of whimbrel's.
    fn has_ledger(&self) -> impl Future<Output = bool> + Send;
    /// Takes the history, or the events, away as a whole.
    fn remove(&self, part: &str) -> impl Future<Output = ()> + Send;
    /// Lets the lease of whoever has it run out at once, and gives it to somebody else.
    fn take_over(&self) -> impl Future<Output = ()> + Send;

    fn open(&self, registry: &Registry, access: Access) -> impl Future<Output = whimbrel::Result<Databases>> + Send {
        let urls = Urls::new().with("main", self.url());
        async move { Databases::connect(registry, &urls, access).await }
    }
}
