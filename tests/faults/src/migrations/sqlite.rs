//! For SQLite.

use whimbrel::prelude::*;

/// Accounts, and a tally of what was done to them.
#[migration(on = file, irreversible = "the accounts would be gone")]
pub mod m0010_create_accounts {
    pub const UP: &str = "
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL);
        CREATE TABLE entries (account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, amount INTEGER);
        CREATE TABLE tally (step TEXT NOT NULL)";
}

/// The first accounts, on more pages than one.
#[migration(on = file, irreversible = "the accounts would be gone")]
pub mod m0011_open_accounts {
    pub const UP: &str = "
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200)
        INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 100 FROM numbers;
        INSERT INTO entries SELECT id, balance FROM accounts;
        INSERT INTO tally VALUES ('0011')";
    pub const VERIFY: &str = "SELECT count(*) = 200 FROM accounts";
}

/// Interest, which nobody may be paid twice.
#[migration(on = file, irreversible = "who was paid what is not written down")]
pub mod m0012_pay_interest {
    use super::*;
    use whimbrel::sqlx;

    pub async fn up(step: &mut SqliteStep) -> whimbrel::Result<()> {
        for id in 1_i64..=3 {
            let paid = sqlx::query("UPDATE accounts SET balance = balance + ?1 WHERE id = ?1");
            paid.bind(id).execute(&mut *step).await?;
        }
        sqlx::query("INSERT INTO tally VALUES ('0012')").execute(&mut *step).await?;
        Ok(())
    }
}

/// The accounts built anew, which must not take the entries with them.
#[migration(on = file, irreversible = "the balances may not be checked any less")]
pub mod m0013_check_balances {
    pub const UP: &str = "
        CREATE TABLE accounts_new (
            id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0)
        );
        INSERT INTO accounts_new (id, email, balance) SELECT id, email, balance FROM accounts;
        DROP TABLE accounts;
        ALTER TABLE accounts_new RENAME TO accounts";
}

/// An index, by itself.
#[migration(on = file)]
pub mod m0014_index_emails {
    pub const UP: &str = "CREATE UNIQUE INDEX accounts_email ON accounts (email)";
    pub const DOWN: &str = "DROP INDEX accounts_email";
}

/// Everything at once, and no transaction around it.
#[migration(on = file, transaction = false, irreversible = "the balances from before are not written down")]
pub mod m0015_keep_notes {
    pub const UP: &str = "
        UPDATE accounts SET balance = balance * 2 WHERE id <= 20;
        INSERT INTO tally VALUES ('0015 first');
        ALTER TABLE accounts ADD COLUMN note TEXT;
        UPDATE accounts SET note = coalesce(note, '') || 'n' WHERE id <= 10;
        CREATE INDEX accounts_note ON accounts (note);
        CREATE TABLE notes (account INTEGER NOT NULL, note TEXT NOT NULL);
        INSERT INTO notes SELECT id, note FROM accounts WHERE note IS NOT NULL;
        INSERT INTO tally VALUES ('0015 last')";
    pub const VERIFY: &str = "SELECT count(*) = 10 FROM notes";
}

/// What is allowed in no transaction, and twice no harm.
#[migration(on = file, transaction = false, irreversible = "there is nothing to take back")]
pub mod m0016_vacuum {
    pub const UP: &str = "VACUUM";
}

/// More tables, in a transaction again.
#[migration(on = file)]
pub mod m0017_create_transfers {
    pub const REQUIRE: &str = "SELECT count(*) = 200 FROM accounts";
    pub const UP: &str = "
        CREATE TABLE transfers (
            id INTEGER PRIMARY KEY,
            debit INTEGER NOT NULL REFERENCES accounts (id),
            credit INTEGER NOT NULL REFERENCES accounts (id),
            amount INTEGER NOT NULL CHECK (amount > 0)
        );
        CREATE INDEX transfers_debit ON transfers (debit)";
    pub const DOWN: &str = "DROP TABLE transfers";
}

/// A transfer that is made once.
#[migration(on = file, irreversible = "money has moved")]
pub mod m0018_transfer {
    pub const UP: &str = "
        INSERT INTO transfers VALUES (1, 1, 2, 50);
        UPDATE accounts SET balance = balance - 50 WHERE id = 1;
        UPDATE accounts SET balance = balance + 50 WHERE id = 2;
        INSERT INTO tally VALUES ('0018')";
}
