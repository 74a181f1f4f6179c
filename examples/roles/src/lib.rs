//! A shop whose program that serves can do nothing to its schema.

pub mod migrations;
