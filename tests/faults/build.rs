//! Proves the chain that is applied while everything goes wrong.

fn main() {
    whimbrel_build::check("src/migrations");
}
