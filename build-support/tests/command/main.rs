//! `cargo whimbrel`, as a program on packages of its own: what it writes, says and ends with.

mod app;
mod checking;
mod environment;
mod explaining;
mod hostile;
mod importing;
mod merging;
mod sealing;
mod writing;
