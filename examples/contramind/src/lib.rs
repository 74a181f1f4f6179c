//! Contracts, who they are with, and who changed them.

pub mod migrations;
