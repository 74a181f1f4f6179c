//! The command line, by starting a real binary: what it says, where it says it, and what it exits with.

mod app;
mod asking;
mod damaged;
mod disagreeing;
mod examining;
mod failing;
mod half_rolled_back;
mod json;
mod mysql;
mod places;
mod postgres;
mod repairing;
mod running;
mod screen;
mod stopping;
mod typing;
