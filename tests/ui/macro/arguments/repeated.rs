use whimbrel::prelude::*;

#[migration(schema = "1.0.0", transaction = false, schema = "1.1.0")]
mod m0001_create_users {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
