use whimbrel::prelude::*;

#[migration]
mod m0001_fill_users {
    use super::*;
    pub async fn up(_: &mut SqliteStep) -> Result<(), u8> {
        Ok(())
    }
}

fn main() {}
