use whimbrel::prelude::*;

#[migration]
mod create_users {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
