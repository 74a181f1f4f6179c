//! Redis.

mod step;

pub use step::RedisStep;
