//! The macros of whimbrel: `#[migration]`, `registry!` and `#[test]`. Use them through `whimbrel`, which re-exports them.

mod compile_error;
mod found;
mod migration;
mod registry;
mod report;
mod test;

use proc_macro::TokenStream;

/// Declares the module under it as a migration.
///
/// The module's name is the id (`m0003_add_users`), its doc comment the description. Its parts are
/// `UP` or `up`, and, where wanted, `DOWN` or `down`, `VERIFY` or `verify`, `REQUIRE` or `require`: a script
/// (`pub const UP: &str`, a literal, `include_str!` or `concat!` of these) or an `async fn`. All other items are
/// the module's own.
///
/// Arguments: `after(m0001_a, m0002_b)`, `schema = "1.2.0"`, `on = main` (or `all`: a module in it for each database), `transaction = false`,
/// `irreversible = "reason"`, `replaces(m0001_a, m0002_b)`, `phase = expand`, `lock_timeout = "2s"`,
/// `statement_timeout = "5min"`, `allow(rule, reason = "…")`.
#[proc_macro_attribute]
pub fn migration(arguments: TokenStream, item: TokenStream) -> TokenStream {
    migration::expand(arguments.into(), item.into()).into()
}

/// Gives `pub static MIGRATIONS: whimbrel::Registry` with every migration of the folder that this file is the `mod.rs` of,
/// and shows what the build script found wrong with them.
///
/// `registry! {}` declares one SQLite database named `main`; `registry! { main: Postgres, cache: Sqlite }` declares more.
#[proc_macro]
pub fn registry(databases: TokenStream) -> TokenStream {
    registry::expand(databases.into()).into()
}

/// Gives an `async` test its own migrated database, which is gone when the test has passed.
///
/// The migrations are those of `crate::migrations::MIGRATIONS`, or of the path in `#[whimbrel::test(path)]`.
/// Each parameter is a type that a test database can be opened as: `whimbrel::testing::TestDatabase`, an sqlx pool
/// or connection.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(arguments.into(), item.into()).into()
}
