//! A module with every part, as a script and as a function, and items of its own.
use whimbrel::prelude::*;

/// Every part, as a script and as a function, and items of the module's own.
#[migration(schema = "1.0.0", after("0001_first"), transaction = true, on = main)]
mod m0002_everything {
    use super::*;

    #[allow(clippy::redundant_static_lifetimes)]
    const UP: &'static str = concat!("CREATE TABLE users (", "id INTEGER", ");");
    pub(crate) const VERIFY: &str = "SELECT count(*) = 0 FROM users";

    async fn down(step: &mut SqliteStep) -> whimbrel::Result<()> {
        whimbrel::sqlx::query(UPDATE).execute(&mut *step).await?;
        Ok(())
    }

    pub async fn require(_: &mut whimbrel::SqliteStep) -> whimbrel::Result<bool> {
        Ok(users() == "users")
    }

    const UPDATE: &str = "DROP TABLE users";
    const fn users() -> &'static str {
        "users"
    }
    #[allow(dead_code)]
    pub struct Users<const N: usize>;
    impl Users<{ 1 + 1 }> {}
}

#[test]
fn every_function_can_be_reached_whatever_its_visibility() {
    let down: for<'a> fn(&'a mut SqliteStep) -> whimbrel::BoxFuture<'a, whimbrel::Result<()>> =
        m0002_everything::__down;
    let require: for<'a> fn(&'a mut SqliteStep) -> whimbrel::BoxFuture<'a, whimbrel::Result<bool>> =
        m0002_everything::__require;
    let _ = (down, require);
}
