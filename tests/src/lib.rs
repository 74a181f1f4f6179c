//! What the tests share: chains that a test makes up, databases on real servers, a pooler before them, and samples of points.

pub mod chain;
pub mod pooler;
pub mod redis;
pub mod sample;
pub mod server;
pub mod tenants;

pub use chain::Chain;
pub use pooler::Pooler;
pub use redis::RedisPlace;
pub use sample::Sample;
pub use server::{Server, postgres_url, server_url};
