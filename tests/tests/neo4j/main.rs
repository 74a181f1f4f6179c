//! Neo4j: what is schema and what is data, a lease, code in transactions, big restructurings, and runs that are killed.

mod batches;
mod graph;
mod half;
mod leases;
mod processes;
mod reaching;
mod scenario;
mod schema;
mod steps;
