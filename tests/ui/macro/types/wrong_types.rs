use whimbrel::prelude::*;

#[migration]
mod m0001_create_users {
    pub const UP: &[u8] = b"CREATE TABLE users (id INTEGER)";
    pub const DOWN: &str = concat!("DROP TABLE ", NAME);
    const NAME: &str = "users";
}

#[migration]
mod m0002_fill_users {
    use super::*;
    pub fn up(_: &mut SqliteStep) -> whimbrel::Result<()> {
        Ok(())
    }
    pub async fn down(_: SqliteStep) -> whimbrel::Result<()> {
        Ok(())
    }
    pub async fn verify(_: &mut SqliteStep) {}
}

fn main() {}
