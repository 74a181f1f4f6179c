use whimbrel::prelude::*;

#[migration]
#[cfg(unix)]
mod m0001_create_users {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
