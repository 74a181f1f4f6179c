use whimbrel::prelude::*;

#[migration]
mod m0001_create_users {
    pub const DOWN: &str = "DROP TABLE users";
}

fn main() {}
