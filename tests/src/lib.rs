//! What the tests share: chains that a test makes up, and databases on real servers.

pub mod chain;
pub mod server;

pub use chain::Chain;
pub use server::{Server, postgres_url};
