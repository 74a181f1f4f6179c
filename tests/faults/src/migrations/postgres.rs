//! For PostgreSQL.

use whimbrel::prelude::*;

/// Accounts, and a tally of what was done to them.
#[migration(on = server, irreversible = "the accounts would be gone")]
pub mod m0001_create_accounts {
    pub const UP: &str = "
        CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, balance bigint NOT NULL);
        CREATE TABLE tally (step text NOT NULL)";
}

/// The first accounts.
#[migration(on = server, irreversible = "the accounts would be gone")]
pub mod m0002_open_accounts {
    pub const UP: &str = "
        INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 100 FROM generate_series(1, 50) AS n;
        INSERT INTO tally VALUES ('0002')";
    pub const VERIFY: &str = "SELECT count(*) = 50 FROM accounts";
}

/// Interest, which nobody may be paid twice.
#[migration(on = server, irreversible = "who was paid what is not written down")]
pub mod m0003_pay_interest {
    use super::*;
    use whimbrel::sqlx;

    pub async fn up(step: &mut PostgresStep) -> whimbrel::Result<()> {
        for id in 1_i64..=3 {
            let paid = sqlx::query("UPDATE accounts SET balance = balance + $1 WHERE id = $1");
            paid.bind(id).execute(&mut *step).await?;
        }
        sqlx::query("INSERT INTO tally VALUES ('0003')").execute(&mut *step).await?;
        Ok(())
    }
}

/// An index that is built while others write.
#[migration(on = server, transaction = false)]
pub mod m0004_index_balances {
    pub const UP: &str = "CREATE INDEX CONCURRENTLY accounts_balance ON accounts (balance)";
    pub const DOWN: &str = "DROP INDEX CONCURRENTLY accounts_balance";
}

/// One that refuses what is there twice.
#[migration(on = server, transaction = false)]
pub mod m0005_index_emails {
    pub const UP: &str = "CREATE UNIQUE INDEX CONCURRENTLY accounts_email ON accounts (email)";
    pub const DOWN: &str = "DROP INDEX CONCURRENTLY accounts_email";
}

/// Everything at once, and no transaction around it.
#[migration(on = server, transaction = false, irreversible = "the balances from before are not written down")]
pub mod m0006_keep_notes {
    pub const UP: &str = "
        UPDATE accounts SET balance = balance * 2 WHERE id <= 20;
        INSERT INTO tally VALUES ('0006 first');
        ALTER TABLE accounts ADD COLUMN note text;
        UPDATE accounts SET note = coalesce(note, '') || 'n' WHERE id <= 10;
        CREATE INDEX CONCURRENTLY accounts_note ON accounts (note);
        CREATE TABLE notes (account bigint NOT NULL, note text NOT NULL);
        INSERT INTO notes SELECT id, note FROM accounts WHERE note IS NOT NULL;
        CREATE UNIQUE INDEX CONCURRENTLY notes_account ON notes (account);
        INSERT INTO tally VALUES ('0006 last')";
    pub const VERIFY: &str = "SELECT count(*) = 10 FROM notes";
}

/// What else is allowed in no transaction.
#[migration(on = server, transaction = false, irreversible = "there is nothing to take back")]
pub mod m0007_tidy_accounts {
    pub const UP: &str = "
        VACUUM accounts;
        REINDEX TABLE CONCURRENTLY accounts;
        DROP INDEX CONCURRENTLY accounts_balance";
}

/// More tables, in a transaction again.
#[migration(on = server)]
pub mod m0008_create_transfers {
    pub const REQUIRE: &str = "SELECT count(*) = 50 FROM accounts";
    pub const UP: &str = "
        CREATE TABLE transfers (
            id bigint PRIMARY KEY,
            debit bigint NOT NULL REFERENCES accounts (id),
            credit bigint NOT NULL REFERENCES accounts (id),
            amount bigint NOT NULL CHECK (amount > 0)
        );
        CREATE INDEX transfers_debit ON transfers (debit)";
    pub const DOWN: &str = "DROP TABLE transfers";
}

/// A transfer that is made once.
#[migration(on = server, irreversible = "money has moved")]
pub mod m0009_transfer {
    pub const UP: &str = "
        INSERT INTO transfers VALUES (1, 1, 2, 50);
        UPDATE accounts SET balance = balance - 50 WHERE id = 1;
        UPDATE accounts SET balance = balance + 50 WHERE id = 2;
        INSERT INTO tally VALUES ('0009')";
}
