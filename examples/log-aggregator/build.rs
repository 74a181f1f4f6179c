//! Proves the chain at every build.

fn main() {
    whimbrel_build::check("src/migrations");
}
