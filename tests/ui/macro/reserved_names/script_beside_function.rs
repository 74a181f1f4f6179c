use whimbrel::prelude::*;

#[migration]
mod m0001_create_users {
    use super::*;
    pub const UP: &str = "CREATE TABLE users (id INTEGER)";
    pub async fn up(_: &mut SqliteStep) -> whimbrel::Result<()> {
        Ok(())
    }
}

fn main() {
    // The author's items stay, so nothing else is reported.
    let _ = m0001_create_users::UP;
}
