//! The schema's history, oldest first. The first three are the files that were run by hand, as they were.

pub mod release_1_1;
pub mod release_1_2;

whimbrel::registry! { main: Postgres }
