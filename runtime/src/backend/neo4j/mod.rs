//! Neo4j.

mod step;

pub use step::Neo4jStep;
