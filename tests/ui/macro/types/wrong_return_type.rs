use whimbrel::prelude::*;

#[migration]
mod m0001_fill_users {
    use super::*;
    pub async fn up(_: &mut SqliteStep) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
