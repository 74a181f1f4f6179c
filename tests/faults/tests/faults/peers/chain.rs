//! The chain that every library applies: in no transaction is only what PostgreSQL takes in none, one statement a migration.

/// One migration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
    /// PostgreSQL refuses it inside a transaction.
    pub(crate) alone: bool,
}

const fn step(name: &'static str, sql: &'static str) -> Step {
    Step { name, sql, alone: false }
}

const fn alone(name: &'static str, sql: &'static str) -> Step {
    Step { name, sql, alone: true }
}

/// For PostgreSQL.
pub(crate) const POSTGRES: [Step; 9] = [
    step(
        "create_accounts",
        "CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, balance bigint NOT NULL);
CREATE TABLE tally (step text NOT NULL);
",
    ),
    step(
        "open_accounts",
        "INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 100 FROM generate_series(1, 50) AS n;
INSERT INTO tally VALUES ('open_accounts');
",
    ),
    step(
        "pay_interest",
        "UPDATE accounts SET balance = balance + id WHERE id <= 3;
INSERT INTO tally VALUES ('pay_interest');
",
    ),
    alone("index_balances", "CREATE INDEX CONCURRENTLY accounts_balance ON accounts (balance);\n"),
    alone("index_emails", "CREATE UNIQUE INDEX CONCURRENTLY accounts_email ON accounts (email);\n"),
    step(
        "keep_notes",
        "CREATE TABLE notes (account bigint NOT NULL, note text NOT NULL);
INSERT INTO notes SELECT id, 'n' FROM accounts WHERE id <= 10;
UPDATE accounts SET balance = balance * 2 WHERE id <= 20;
INSERT INTO tally VALUES ('keep_notes');
",
    ),
    alone("drop_balances", "DROP INDEX CONCURRENTLY accounts_balance;\n"),
    step(
        "create_transfers",
        "CREATE TABLE transfers (
    id bigint PRIMARY KEY,
    debit bigint NOT NULL REFERENCES accounts (id),
    credit bigint NOT NULL REFERENCES accounts (id),
    amount bigint NOT NULL CHECK (amount > 0)
);
CREATE INDEX transfers_debit ON transfers (debit);
",
    ),
    step(
        "transfer",
        "INSERT INTO transfers VALUES (1, 1, 2, 50);
UPDATE accounts SET balance = balance - 50 WHERE id = 1;
UPDATE accounts SET balance = balance + 50 WHERE id = 2;
INSERT INTO tally VALUES ('transfer');
",
    ),
];

/// For SQLite, where everything is allowed in a transaction.
pub(crate) const SQLITE: [Step; 7] = [
    step(
        "create_accounts",
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE tally (step TEXT NOT NULL);
",
    ),
    step(
        "open_accounts",
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200)
INSERT INTO accounts SELECT n, 'a' || n || '@example.org', 100 FROM numbers;
INSERT INTO tally VALUES ('open_accounts');
",
    ),
    step(
        "pay_interest",
        "UPDATE accounts SET balance = balance + id WHERE id <= 3;
INSERT INTO tally VALUES ('pay_interest');
",
    ),
    step(
        "check_balances",
        "CREATE TABLE accounts_new (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0)
);
INSERT INTO accounts_new (id, email, balance) SELECT id, email, balance FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_new RENAME TO accounts;
",
    ),
    step("index_emails", "CREATE UNIQUE INDEX accounts_email ON accounts (email);\n"),
    step(
        "keep_notes",
        "CREATE TABLE notes (account INTEGER NOT NULL, note TEXT NOT NULL);
INSERT INTO notes SELECT id, 'n' FROM accounts WHERE id <= 10;
UPDATE accounts SET balance = balance * 2 WHERE id <= 20;
INSERT INTO tally VALUES ('keep_notes');
",
    ),
    step(
        "transfer",
        "UPDATE accounts SET balance = balance - 50 WHERE id = 1;
UPDATE accounts SET balance = balance + 50 WHERE id = 2;
INSERT INTO tally VALUES ('transfer');
",
    ),
];
