//! For PostgreSQL, to be rolled back: statement by statement, with what a transaction takes and what none does.

use whimbrel::prelude::*;

/// Accounts, and a tally of what was done to them.
#[migration(on = back, irreversible = "the accounts would be gone")]
pub mod m0045_open_accounts {
    pub const UP: &str = "
        CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, balance bigint NOT NULL);
        CREATE TABLE tally (step text NOT NULL);
        INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 96 FROM generate_series(1, 50) AS n;
        CREATE INDEX accounts_email ON accounts (email)";
}

/// Whose way back begins with what a transaction takes.
#[migration(on = back, transaction = false)]
pub mod m0046_double_balances {
    pub const UP: &str = "
        INSERT INTO tally VALUES ('0046 up');
        UPDATE accounts SET balance = balance * 2 WHERE id <= 20;
        ALTER TABLE accounts ADD COLUMN note text;
        CREATE INDEX CONCURRENTLY accounts_note ON accounts (note);
        DROP INDEX CONCURRENTLY accounts_email";
    pub const DOWN: &str = "
        INSERT INTO tally VALUES ('0046 down, first');
        CREATE INDEX CONCURRENTLY accounts_email ON accounts (email);
        UPDATE accounts SET balance = balance / 2 WHERE id <= 20;
        VACUUM accounts;
        DROP INDEX CONCURRENTLY accounts_note;
        ALTER TABLE accounts DROP COLUMN note;
        INSERT INTO tally VALUES ('0046 down, last')";
}

/// Whose way back begins with what no transaction takes, and then with what is done again.
#[migration(on = back, transaction = false)]
pub mod m0047_index_balances {
    pub const UP: &str = "
        CREATE INDEX CONCURRENTLY accounts_balance ON accounts (balance);
        INSERT INTO tally VALUES ('0047 up')";
    pub const DOWN: &str = "
        DROP INDEX CONCURRENTLY accounts_balance;
        VACUUM accounts;
        INSERT INTO tally VALUES ('0047 down')";
}
