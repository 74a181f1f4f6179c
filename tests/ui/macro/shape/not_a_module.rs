use whimbrel::prelude::*;

#[migration]
fn m0001_create_users() {}

fn main() {}
