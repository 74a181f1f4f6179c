use whimbrel::prelude::*;

#[migration]
mod m0001_fill_users {
    use super::*;
    use std::rc::Rc;
    pub async fn up(step: &mut SqliteStep) -> whimbrel::Result<()> {
        let names = Rc::new(["Ada"]);
        whimbrel::sqlx::query("SELECT 1").execute(&mut *step).await?;
        drop(names);
        Ok(())
    }
}

fn main() {}
