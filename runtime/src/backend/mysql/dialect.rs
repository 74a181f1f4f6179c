//! MySQL's words, which MariaDB takes too.
//!
//! What only one of them knows is in a comment that only that one reads: `/*!50708 … */` MySQL, `/*M!100101 … */` MariaDB.

use crate::backend::capabilities::{Backslash, Capabilities, Dialect, Limits, LockName, SessionLock};
use crate::error::Result;
use crate::ledger::{SELF, quote};
use std::time::Duration;

const STORAGE: &str = " ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/// Holds MySQL's and MariaDB's words.
pub(crate) static DIALECT: Dialect = Dialect {
    backslash: Backslash::Bytes,
    mark: '`',
    database: "`database`",
    schemas: false,
    create_schema: |_| Ok(None),
    text: "longtext",
    // Three of them are as long as a key may be: 3,072 bytes.
    key: "varchar(255)",
    cast: "char",
    timestamp: "datetime(6)",
    array: "json",
    sequence: "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY",
    storage: [STORAGE, STORAGE],
    indexed: true,
    insert_new: ["INSERT IGNORE INTO", ""],
    now: "UTC_TIMESTAMP(6)",
    began: None,
    actor: Some("USER()"),
    rfc3339: |column| format!("CONCAT(LEFT(DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')"),
    moment: |literal| format!("CAST(REPLACE(REPLACE({literal}, 'T', ' '), 'Z', '') AS datetime(6))"),
    elapsed: |since| format!("TIMESTAMPDIFF(MICROSECOND, {since}, UTC_TIMESTAMP(6)) DIV 1000"),
    statements: |items| string(&quote::json(items)),
    joined: str::to_owned,
    parted: super::array::strings,
    readable,
    create_view: "CREATE OR REPLACE VIEW",
    // So long a list is cut off where nobody asks for more.
    tables: "SELECT /*+ SET_VAR(group_concat_max_len = 1048576) */ c.table_schema, c.table_name, GROUP_CONCAT(c.column_name \
             ORDER BY c.ordinal_position SEPARATOR 0x1F) FROM information_schema.columns c JOIN information_schema.tables t \
             ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = DATABASE() AND \
             t.table_type = 'BASE TABLE' GROUP BY c.table_schema, c.table_name ORDER BY 1, 2",
    // Whether case counts is a matter of the server's file system.
    is_called: |written, name| written.eq_ignore_ascii_case(name),
    // Where the list is cut off all the same, the rows are read instead.
    glance: |table, registry, database| {
        format!(
            "SELECT /*+ SET_VAR(group_concat_max_len = 1073741824) */ count(*), (SELECT coalesce(max(ordinal), 0) FROM \
             {table} WHERE registry = '{SELF}'), SHA2(GROUP_CONCAT(CONCAT(id, ' ', checksum) ORDER BY ordinal SEPARATOR \
             '\n'), 256), count(rollback_started_at) FROM {table} WHERE registry = {registry} AND `database` = {database}"
        )
    },
};

/// Says what MySQL and MariaDB can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    savepoints: true,
    begin: "START TRANSACTION",
    transactional_ddl: false,
    lock: Some(SessionLock { opening: None, poll, holder, release }),
    hashes: true,
    reset: &[
        "SET SESSION sql_mode = DEFAULT, SESSION time_zone = DEFAULT, SESSION foreign_key_checks = DEFAULT, SESSION \
         unique_checks = DEFAULT, SESSION sql_safe_updates = DEFAULT, SESSION sql_select_limit = DEFAULT",
        "SET NAMES utf8mb4",
    ],
    limits,
    unlimited: &[
        "SET SESSION lock_wait_timeout = CAST(COALESCE(@whimbrel_lock_wait, @@SESSION.lock_wait_timeout) AS UNSIGNED), \
                  SESSION innodb_lock_wait_timeout = CAST(COALESCE(@whimbrel_row_wait, @@SESSION.innodb_lock_wait_timeout) AS \
                  UNSIGNED) /*!50708 , SESSION max_execution_time = DEFAULT */ /*M!100101 , SESSION max_statement_time = DEFAULT */",
    ],
    local_limits: false,
    queues: true,
    examine: |_| Ok(EXAMINE.into()),
    ..Capabilities::plain(&DIALECT)
};

// A permission that comes by a role or a pattern is not seen, so nothing is said of it.
const EXAMINE: &str = "SELECT CONCAT(IF(VERSION() LIKE '%MariaDB%', 'MariaDB ', 'MySQL '), SUBSTRING_INDEX(VERSION(), '-', 1)), \
    USER(), @@GLOBAL.read_only, IF(EXISTS (SELECT 1 FROM information_schema.user_privileges WHERE grantee = CONCAT('''', \
    REPLACE(CURRENT_USER(), '@', '''@'''), '''') AND privilege_type = 'CREATE') OR EXISTS (SELECT 1 FROM \
    information_schema.schema_privileges WHERE table_schema = DATABASE() AND grantee = CONCAT('''', \
    REPLACE(CURRENT_USER(), '@', '''@'''), '''') AND privilege_type = 'CREATE'), 1, NULL), \
    CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS UNSIGNED)";

fn string(text: &str) -> Result<String> {
    quote::string(text, Backslash::Bytes)
}

/// Reads `user`, or `user@host` as the server has it.
fn readable(names: &[String], role: &str, _: &str) -> Result<Vec<String>> {
    let role = match role.rsplit_once('@') {
        Some((user, host)) => format!("{}@{}", string(user)?, string(host)?),
        None => string(role)?,
    };
    Ok(names.iter().map(|name| format!("GRANT SELECT ON {name} TO {role}")).collect())
}

/// Names the lock. It is the server's, so the database's name is a part of it, and no name may have more than 64 characters.
fn name(key: i64) -> String {
    format!("CONCAT('whimbrel:', LEFT(SHA2(DATABASE(), 256), 32), ':{key:016x}')")
}

fn poll(lock: &LockName<'_>) -> String {
    let key = lock.key;
    format!("SELECT IF(GET_LOCK({}, 0) = 1, 't', 'f')", name(key))
}

fn release(lock: &LockName<'_>) -> String {
    let key = lock.key;
    format!("SELECT RELEASE_LOCK({})", name(key))
}

fn holder(lock: &LockName<'_>) -> String {
    let key = lock.key;
    format!(
        "SELECT p.id, '', p.user, SUBSTRING_INDEX(p.host, ':', 1), DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL p.time SECOND, \
         '%Y-%m-%dT%H:%i:%sZ'), LOWER(p.command), LEFT(p.info, 500) FROM information_schema.processlist p WHERE p.id = \
         IS_USED_LOCK({})",
        name(key)
    )
}

/// The longest that both servers take.
const FOR_EVER: u64 = 31_536_000;

fn limits(limits: Limits) -> Vec<String> {
    let mut set = Vec::new();
    if let Some(limit) = limits.lock {
        let seconds = match limit.as_millis().div_ceil(1000) {
            0 => FOR_EVER,
            seconds => u64::try_from(seconds).unwrap_or(FOR_EVER).min(FOR_EVER),
        };
        let limit = |kept: &str| match limits.is_declared {
            true => seconds.to_string(),
            // Whoever has a shorter limit of their own keeps it.
            false => format!("LEAST(CAST({kept} AS UNSIGNED), {seconds})"),
        };
        let (lock, row) = (limit("@whimbrel_lock_wait"), limit("@whimbrel_row_wait"));
        set.push(format!("SESSION lock_wait_timeout = {lock}, SESSION innodb_lock_wait_timeout = {row}"));
    }
    if let Some(limit) = limits.statement {
        let milliseconds = limit.as_millis();
        let seconds = Duration::as_secs_f64(&limit);
        set.push(format!("/*!50708 SESSION max_execution_time = {milliseconds} */ /*M!100101 SESSION max_statement_time = {seconds} */"));
    }
    if set.is_empty() {
        return set;
    }
    let keep = "SET @whimbrel_lock_wait = COALESCE(@whimbrel_lock_wait, @@SESSION.lock_wait_timeout), @whimbrel_row_wait = \
                COALESCE(@whimbrel_row_wait, @@SESSION.innodb_lock_wait_timeout)";
    vec![keep.to_owned(), format!("SET {}", set.join(", "))]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn limits_are_whole_seconds_and_zero_is_none() {
        let set = |lock: u64, is_declared| {
            let lock = Some(Duration::from_millis(lock));
            limits(Limits { lock, is_declared, statement: None, inside: true }).pop().unwrap()
        };
        assert_eq!(set(1500, true), "SET SESSION lock_wait_timeout = 2, SESSION innodb_lock_wait_timeout = 2");
        assert_eq!(
            set(0, true),
            "SET SESSION lock_wait_timeout = 31536000, SESSION innodb_lock_wait_timeout = 31536000"
        );
        assert!(set(2000, false).contains("LEAST(CAST(@whimbrel_lock_wait AS UNSIGNED), 2)"));
        let none = Limits { lock: None, is_declared: false, statement: None, inside: true };
        assert!(limits(none).is_empty());
        let statement = limits(Limits { statement: Some(Duration::from_millis(1500)), ..none }).pop().unwrap();
        assert_eq!(
            statement,
            "SET /*!50708 SESSION max_execution_time = 1500 */ /*M!100101 SESSION max_statement_time = 1.5 */"
        );
    }

    #[test]
    fn a_reader_may_be_one_of_a_host() {
        let grants = |role| readable(&["`h`".into(), "`e`".into()], role, "").unwrap();
        assert_eq!(grants("app"), ["GRANT SELECT ON `h` TO 'app'", "GRANT SELECT ON `e` TO 'app'"]);
        assert_eq!(grants("it's@10.%").first().unwrap(), "GRANT SELECT ON `h` TO 'it''s'@'10.%'");
    }
}
