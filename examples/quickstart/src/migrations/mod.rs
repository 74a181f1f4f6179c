//! The schema's history, oldest first. Numbered `.sql` files in this folder belong to it too.

pub mod release_1_0;
pub mod release_1_1;
pub mod release_1_2;

whimbrel::registry! {}
