//! For MySQL and MariaDB, where each statement that changes a schema commits.

use whimbrel::prelude::*;

/// Accounts, and a tally of what was done to them.
#[migration(on = maria, irreversible = "the accounts would be gone", transaction = false)]
pub mod m0026_create_accounts {
    pub const UP: &str = "
        CREATE TABLE accounts (id bigint PRIMARY KEY, email varchar(100) NOT NULL, balance bigint NOT NULL);
        CREATE TABLE tally (step varchar(100) NOT NULL)";
}

/// The first accounts: rows alone, so one transaction.
#[migration(on = maria, irreversible = "the accounts would be gone")]
pub mod m0027_open_accounts {
    pub const UP: &str = "
        INSERT INTO accounts VALUES (1, 'a1@example.org', 100), (2, 'a2@example.org', 100), (3, 'a3@example.org', 100);
        INSERT INTO accounts SELECT id + 3, CONCAT('a', id + 3, '@example.org'), balance FROM accounts;
        INSERT INTO tally VALUES ('0027')";
    pub const VERIFY: &str = "SELECT count(*) = 6 FROM accounts";
}

/// Interest, which nobody may be paid twice.
#[migration(on = maria, irreversible = "who was paid what is not written down")]
pub mod m0028_pay_interest {
    use super::*;
    use whimbrel::sqlx;

    pub async fn up(step: &mut MysqlStep) -> whimbrel::Result<()> {
        for id in 1_i64..=3 {
            let paid = sqlx::query("UPDATE accounts SET balance = balance + ? WHERE id = ?");
            paid.bind(id).bind(id).execute(&mut *step).await?;
        }
        sqlx::query("INSERT INTO tally VALUES ('0028')").execute(&mut *step).await?;
        Ok(())
    }
}

/// Everything at once.
#[migration(on = maria, transaction = false, irreversible = "the balances from before are not written down")]
pub mod m0029_keep_notes {
    pub const UP: &str = "
        UPDATE accounts SET balance = balance * 2 WHERE id <= 2;
        INSERT INTO tally VALUES ('0029 first');
        ALTER TABLE accounts ADD COLUMN note varchar(100), ADD INDEX accounts_balance (balance);
        SET @note = 'n';
        UPDATE accounts SET note = CONCAT(coalesce(note, ''), @note) WHERE id <= 4;
        CREATE UNIQUE INDEX accounts_email ON accounts (email);
        CREATE TABLE notes (account bigint NOT NULL, note varchar(100) NOT NULL);
        INSERT INTO notes SELECT id, note FROM accounts WHERE note IS NOT NULL;
        INSERT INTO tally VALUES (CONCAT('0029 ', @note));
        ALTER TABLE notes MODIFY note varchar(200) NOT NULL;
        DROP INDEX accounts_balance ON accounts;
        INSERT INTO tally VALUES ('0029 last')";
    pub const VERIFY: &str = "SELECT count(*) = 4 FROM notes";
}

/// Tables that come and go, and a trigger.
#[migration(on = maria, transaction = false, irreversible = "there is nothing to take back")]
pub mod m0030_log_notes {
    pub const UP: &str = "
        CREATE TABLE old_log (id bigint PRIMARY KEY);
        CREATE TABLE log (account bigint NOT NULL);
        CREATE TRIGGER notes_logged AFTER INSERT ON notes FOR EACH ROW INSERT INTO log VALUES (NEW.account);
        DROP TABLE old_log;
        INSERT INTO notes VALUES (9, 'late');
        CREATE VIEW logged AS SELECT account FROM log;
        RENAME TABLE log TO notes_log;
        DROP VIEW logged";
}
