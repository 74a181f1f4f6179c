use whimbrel::prelude::*;

#[migration]
mod m0001_create_users {
    pub const UPP: &str = "CREATE TABLE users (id INTEGER)";
    pub const DWON: &str = "DROP TABLE users";
}

fn main() {}
