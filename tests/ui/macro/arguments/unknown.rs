use whimbrel::prelude::*;

#[migration(shema = "1.0.0", color = "red")]
mod m0001_create_users {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
