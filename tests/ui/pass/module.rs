use whimbrel::prelude::*;

/// Every part, as a script and as a function, and items of the module's own.
#[migration(schema = "1.0.0", after("0001_first"), transaction = true, on = main)]
mod m0002_everything {
    use super::*;

    const UP: &'static str = concat!("CREATE TABLE users (", "id INTEGER", ");");
    pub(crate) const VERIFY: &str = "SELECT count(*) = 0 FROM users";

    async fn down(step: &mut SqliteStep<'_>) -> whimbrel::Result<()> {
        whimbrel::sqlx::query(UPDATE).execute(&mut **step).await?;
        Ok(())
    }

    pub async fn require(_: &mut whimbrel::SqliteStep<'_>) -> whimbrel::Result<bool> {
        Ok(users() == "users")
    }

    const UPDATE: &str = "DROP TABLE users";
    const fn users() -> &'static str {
        "users"
    }
    pub struct Users<const N: usize>;
    impl Users<{ 1 + 1 }> {}
}

fn main() {
    let _ = (m0002_everything::__UP, m0002_everything::__down as usize);
}
