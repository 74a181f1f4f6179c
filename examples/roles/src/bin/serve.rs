//! The program that serves, logged in as `shop_app`: it starts once the database is ready for it, and takes an order.

use roles::migrations::MIGRATIONS;
use std::error::Error;
use std::time::Duration;
use whimbrel::sqlx::{self, Row};
use whimbrel::{Access, Databases, Migrator, Urls};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL names no database")?;
    let mut databases = Databases::connect(&MIGRATIONS, &Urls::new().with("main", url), Access::ReadOnly).await?;
    // A deployment that is still migrating is waited for; any other state ends here, and says which.
    let readiness = Migrator::new(&MIGRATIONS).wait(&mut databases, Duration::from_secs(30)).await?;
    println!("{readiness}");
    let connection = databases.postgres("main").ok_or("`main` is a PostgreSQL database")?;
    sqlx::query("INSERT INTO orders (product, amount) VALUES ('feather', 1)").execute(&mut *connection).await?;
    let row = sqlx::query("SELECT sum(amount) FROM orders").fetch_one(&mut *connection).await?;
    println!("{} feathers ordered", row.get::<i64, _>(0));
    Ok(())
}
