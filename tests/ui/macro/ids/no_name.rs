use whimbrel::prelude::*;

#[migration]
mod m0001 {
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
}

fn main() {}
