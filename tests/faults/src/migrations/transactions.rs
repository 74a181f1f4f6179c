//! For PostgreSQL behind a pooler, which takes transactions alone.

use whimbrel::prelude::*;

/// Accounts, and a tally of what was done to them.
#[migration(on = pooled, irreversible = "the accounts would be gone")]
pub mod m0019_create_accounts {
    pub const UP: &str = "
        CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, balance bigint NOT NULL);
        CREATE TABLE tally (step text NOT NULL)";
}

/// The first accounts.
#[migration(on = pooled, irreversible = "the accounts would be gone")]
pub mod m0020_open_accounts {
    pub const UP: &str = "
        INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 100 FROM generate_series(1, 50) AS n;
        INSERT INTO tally VALUES ('0020')";
    pub const VERIFY: &str = "SELECT count(*) = 50 FROM accounts";
}

/// Interest, which nobody may be paid twice.
#[migration(on = pooled, irreversible = "who was paid what is not written down")]
pub mod m0021_pay_interest {
    use super::*;
    use whimbrel::sqlx;

    pub async fn up(step: &mut PostgresStep) -> whimbrel::Result<()> {
        for id in 1_i64..=3 {
            let paid = sqlx::query("UPDATE accounts SET balance = balance + $1 WHERE id = $1");
            paid.bind(id).execute(&mut *step).await?;
        }
        sqlx::query("INSERT INTO tally VALUES ('0021')").execute(&mut *step).await?;
        Ok(())
    }
}

/// A table that exists is altered, under a setting that the pooler's next client must not have.
#[migration(on = pooled)]
pub mod m0022_add_notes {
    pub const UP: &str = "
        SET search_path = public, pg_temp;
        ALTER TABLE accounts ADD COLUMN note text";
    pub const DOWN: &str = "ALTER TABLE accounts DROP COLUMN note";
}

/// What would not be the same a second time.
#[migration(on = pooled, irreversible = "the balances from before are not written down")]
pub mod m0023_write_notes {
    pub const UP: &str = "
        UPDATE accounts SET balance = balance * 2, note = coalesce(note, '') || 'n' WHERE id <= 10;
        INSERT INTO tally VALUES ('0023')";
}

/// More tables.
#[migration(on = pooled)]
pub mod m0024_create_transfers {
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
#[migration(on = pooled, irreversible = "money has moved")]
pub mod m0025_transfer {
    pub const UP: &str = "
        INSERT INTO transfers VALUES (1, 1, 2, 50);
        UPDATE accounts SET balance = balance - 50 WHERE id = 1;
        UPDATE accounts SET balance = balance + 50 WHERE id = 2;
        INSERT INTO tally VALUES ('0025')";
}
