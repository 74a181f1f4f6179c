use whimbrel::prelude::*;

#[migration(schema = "1.0", transaction = "no", irreversible = "", after = m0001_a, on)]
mod m0002_create_users {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
