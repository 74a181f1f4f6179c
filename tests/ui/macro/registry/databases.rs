whimbrel::registry! { main: Postgers, cache: Sqlite, cache: Sqlite, logs }

fn main() {}
