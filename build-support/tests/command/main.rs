//! `cargo whimbrel`, as a program on packages of its own: what it writes, says and ends with.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod app;
mod checking;
mod environment;
mod explaining;
mod hostile;
mod importing;
mod merging;
mod sealing;
mod showing;
mod squashing;
mod writing;
