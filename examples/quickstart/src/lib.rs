//! Field notes: who saw which bird, where and when.

pub mod migrations;
