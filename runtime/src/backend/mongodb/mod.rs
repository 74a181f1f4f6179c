//! MongoDB.

mod step;

pub use step::MongodbStep;
