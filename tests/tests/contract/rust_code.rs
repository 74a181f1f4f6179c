//! Rust code in a migration: inside the transaction, and never a crash.

use crate::{Chain, Server, apply, code, contract};
use whimbrel::sqlx;

contract!(code_and_ledger_are_one, an_error_rolls_back, a_panic_rolls_back, ending_the_transaction_is_refused);

fn chain(server: &Server) -> Chain {
    Chain::new(server.kind()).add("0001_users", &["CREATE TABLE users (id INTEGER)"])
}

async fn code_and_ledger_are_one(server: &Server) {
    let work = code!(server, |step| {
        for id in [1, 2, 3] {
            sqlx::query(sqlx::AssertSqlSafe(format!("INSERT INTO users VALUES ({id})"))).execute(&mut *step).await?;
        }
        Ok(())
    });
    let registry = chain(server).add_code("0002_fill", work).registry();
    assert_eq!(apply(server, registry).await.unwrap().done.len(), 2);
    assert_eq!(server.column("SELECT count(*) FROM users").await, ["3"]);
    assert_eq!(server.column("SELECT kind FROM whimbrel_history WHERE id = '0002_fill'").await, ["rust"]);
}

async fn an_error_rolls_back(server: &Server) {
    let work = code!(server, |step| {
        sqlx::query("INSERT INTO users VALUES (1)").execute(&mut *step).await?;
        sqlx::query("INSERT INTO nowhere VALUES (1)").execute(&mut *step).await?;
        Ok(())
    });
    let registry = chain(server).add_code("0002_fill", work).registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_code_failed() && !error.is_panic(), "{error:?}");
    assert!(format!("{error:?}").contains("nowhere"), "{error:?}");
    assert_eq!(server.column("SELECT count(*) FROM users").await, ["0"]);
}

async fn a_panic_rolls_back(server: &Server) {
    let work = code!(server, |step| {
        sqlx::query("INSERT INTO users VALUES (1)").execute(&mut *step).await?;
        panic!("no bird in sight")
    });
    let registry = chain(server).add_code("0002_fill", work).registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_panic(), "{error:?}");
    assert!(format!("{error}").contains("no bird in sight"), "{error}");
    assert_eq!(server.column("SELECT count(*) FROM users").await, ["0"]);
    // Nothing stays locked.
    assert!(apply(server, registry).await.unwrap_err().is_panic());
}

async fn ending_the_transaction_is_refused(server: &Server) {
    let work = code!(server, |step| {
        sqlx::raw_sql("COMMIT").execute(&mut *step).await?;
        Ok(())
    });
    let registry = chain(server).add_code("0002_commits", work).registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_code_failed(), "{error:?}");
}
