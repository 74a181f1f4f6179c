whimbrel::registry! {}

fn main() {
    // The registry is there, if empty, so nothing else is reported.
    let _ = MIGRATIONS.migrations();
}
