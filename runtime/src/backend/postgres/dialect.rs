//! PostgreSQL's words.

use crate::backend::capabilities::{Backslash, Capabilities, Dialect, Limits, LockName, Log, Opening, SessionLock};
use crate::error::Result;
use crate::ledger::{SELF, quote};
use std::time::Duration;

/// Holds PostgreSQL's words.
pub(crate) static DIALECT: Dialect = Dialect {
    backslash: Backslash::Escape,
    mark: '"',
    database: "database",
    schemas: true,
    create_schema,
    text: "text",
    key: "text",
    cast: "text",
    timestamp: "timestamptz",
    array: "text[]",
    sequence: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    storage: ["", ""],
    indexed: false,
    insert_new: ["INSERT INTO", " ON CONFLICT DO NOTHING"],
    now: "clock_timestamp()",
    began: Some("transaction_timestamp()"),
    actor: Some("session_user"),
    rfc3339: |column| format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"),
    moment: str::to_owned,
    elapsed: |since| format!("(extract(epoch FROM clock_timestamp() - {since}) * 1000)::bigint"),
    statements: |items| {
        let items: Result<Vec<_>> = items.iter().map(|item| string(item)).collect();
        Ok(format!("ARRAY[{}]::text[]", items?.join(", ")))
    },
    joined: |column| format!("array_to_string({column}, chr(30))"),
    parted: quote::parted,
    readable,
    create_view: "CREATE OR REPLACE VIEW",
    tables: "SELECT n.nspname, c.relname, (SELECT string_agg(a.attname, chr(31) ORDER BY a.attnum) FROM \
             pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) FROM \
             pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN \
             ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2",
    is_called,
    glance: |table, registry, database| {
        format!(
            "SELECT count(*), (SELECT coalesce(max(ordinal), 0) FROM {table} WHERE registry = '{SELF}'), \
             encode(sha256(convert_to(string_agg(id || ' ' || checksum, chr(10) ORDER BY ordinal, id COLLATE \"C\"), 'UTF8')), 'hex'), \
             count(rollback_started_at) FROM {table} WHERE registry = {registry} AND database = {database}"
        )
    },
};

/// Says what PostgreSQL can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    language: &DIALECT,
    transactions: true,
    rolls_back: true,
    partial: |_, _| false,
    savepoints: true,
    begin: "BEGIN",
    transactional_ddl: true,
    lock: Some(SessionLock { opening: Some(Opening { take, whole }), poll, holder, release }),
    guard: None,
    session: true,
    hashes: true,
    log: Some(Log {
        relax: "SET LOCAL synchronous_commit = off",
        // Only a commit that has written something waits.
        flush: "SELECT pg_catalog.pg_logical_emit_message(true, 'whimbrel', '')",
    }),
    reset: &["SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE", "RESET ALL"],
    limits,
    unlimited: &["RESET lock_timeout", "RESET statement_timeout"],
    local_limits: true,
    queues: false,
    blocker: Some(blocker),
    index,
    gone: |name| Ok(format!("SELECT to_regclass({}) IS NULL", string(name)?)),
    missing: Some(missing),
    examine,
    leftovers: Some("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"),
    drop_leftover,
};

/// Says what PostgreSQL can do through a pooler that hands out another connection for each transaction.
pub(crate) const POOLED: Capabilities = Capabilities { lock: None, guard: Some(guard), session: false, ..CAPABILITIES };

fn string(text: &str) -> Result<String> {
    quote::string(text, Backslash::Escape)
}

fn identifier(name: &str) -> Result<String> {
    quote::identifier(name, '"')
}

// Whatever default privileges say of new tables.
fn readable(names: &[String], role: &str, schema: &str) -> Result<Vec<String>> {
    let (role, schema, names) = (identifier(role)?, identifier(schema)?, names.join(", "));
    Ok(vec![
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        format!("REVOKE ALL ON {names} FROM {role}"),
        format!("GRANT SELECT ON {names} TO {role}"),
    ])
}

// CREATE SCHEMA IF NOT EXISTS asks for the permission to create one before it looks whether it has to.
fn create_schema(schema: &str) -> Result<Option<String>> {
    if schema == "public" {
        return Ok(None);
    }
    let identifier = identifier(schema)?;
    let create = string(&format!("CREATE SCHEMA {identifier}"))?;
    let name = string(schema)?;
    Ok(Some(format!(
        "DO $whimbrel$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = {name}) THEN \
         EXECUTE {create}; END IF; END $whimbrel$"
    )))
}

/// Longer names are cut off.
const NAME_BYTES: usize = 63;

fn is_called(written: &str, name: &str) -> bool {
    let kept = |written: &str| written.get(..written.floor_char_boundary(NAME_BYTES)).is_some_and(|kept| kept == name);
    kept(written) || kept(&written.to_ascii_lowercase())
}

// An error ends the batch that this begins, so that one round trip takes the lock and goes on only with it.
fn take(name: &LockName<'_>) -> String {
    let key = name.key;
    attempt("pg_try_advisory_lock", key)
}

fn guard(name: &LockName<'_>) -> String {
    let key = name.key;
    attempt("pg_try_advisory_xact_lock", key)
}

fn attempt(function: &str, key: i64) -> String {
    format!(
        "DO $whimbrel$ BEGIN IF NOT pg_catalog.{function}({key}) THEN RAISE EXCEPTION USING ERRCODE = \
         'lock_not_available', MESSAGE = 'whimbrel waits: another process migrates'; END IF; END $whimbrel$"
    )
}

// So is a history that is missing beside its events found in the round trip that would create it.
fn whole(history: &str, events: &str) -> Result<String> {
    let (history, events) = (string(history)?, string(events)?);
    Ok(format!(
        "DO $whimbrel$ BEGIN IF to_regclass({history}) IS NULL AND to_regclass({events}) IS NOT NULL THEN RAISE EXCEPTION \
         USING ERRCODE = 'undefined_table', MESSAGE = 'whimbrel has events without a history'; END IF; END $whimbrel$"
    ))
}

fn missing(extensions: &[&str]) -> Result<String> {
    let names = extensions.iter().map(|name| string(name)).collect::<Result<Vec<_>>>()?.join(", ");
    Ok(format!(
        "SELECT n FROM unnest(ARRAY[{names}]) n WHERE n NOT IN (SELECT name FROM pg_catalog.pg_available_extensions)"
    ))
}

fn holder(name: &LockName<'_>) -> String {
    let key = name.key;
    let (high, low) = ((key as u64) >> 32, key as u64 & 0xffff_ffff);
    format!(
        "SELECT {SESSION} FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.locktype \
         = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = \
         current_database()) AND l.classid = {high}::oid AND l.objid = {low}::oid AND l.objsubid = 1 LIMIT 1"
    )
}

fn poll(name: &LockName<'_>) -> String {
    let key = name.key;
    format!("SELECT pg_try_advisory_lock({key})")
}

/// How a session is shown: pid, application, user, address, since when, what it does, and its statement.
const SESSION: &str = "a.pid, a.application_name, a.usename, host(a.client_addr), \
    to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), a.state, \
    left(a.query, 500)";

// The transaction that is open longest, of those that hold a relation which the statement mentions.
fn blocker(statement: &str) -> Result<String> {
    let statement = string(&statement.replace('\0', ""))?;
    Ok(format!(
        "SELECT {SESSION} FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid JOIN \
         pg_catalog.pg_class c ON c.oid = l.relation WHERE l.granted AND l.pid <> pg_backend_pid() AND l.database = \
         (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND c.relnamespace <> \
         'pg_catalog'::regnamespace AND strpos(lower({statement}), lower(c.relname)) > 0 ORDER BY a.xact_start LIMIT 1"
    ))
}

fn limits(limits: Limits) -> Vec<String> {
    let local = if limits.inside { "LOCAL " } else { "" };
    let set = |name: &str, limit: Duration| format!("SET {local}{name} = {}", limit.as_millis());
    let lock = limits.lock.map(|limit| match limits.is_declared {
        true => set("lock_timeout", limit),
        // Whoever has a limit of their own keeps it.
        false => format!(
            "SELECT set_config('lock_timeout', '{}', true) WHERE current_setting('lock_timeout') = '0'",
            limit.as_millis()
        ),
    });
    lock.into_iter().chain(limits.statement.map(|limit| set("statement_timeout", limit))).collect()
}

fn index(table: &str, name: &str) -> Result<String> {
    let (table, name) = (string(table)?, string(name)?);
    Ok(format!(
        "SELECT i.indisvalid, i.indexrelid::regclass FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = \
         i.indexrelid WHERE i.indrelid = to_regclass({table}) AND c.relname = {name}"
    ))
}

fn examine(schema: &str) -> Result<String> {
    let schema = string(schema)?;
    Ok(format!(
        "SELECT 'PostgreSQL ' || current_setting('server_version'), session_user || CASE WHEN current_user <> session_user \
         THEN ', working as ' || current_user ELSE '' END, pg_is_in_recovery() OR current_setting('transaction_read_only') = \
         'on', CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = {schema}) THEN \
         has_schema_privilege({schema}, 'CREATE') ELSE has_database_privilege(current_database(), 'CREATE') END, \
         (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    ))
}

fn release(name: &LockName<'_>) -> String {
    let key = name.key;
    format!("SELECT pg_advisory_unlock({key})")
}

// What somebody is building right now is invalid too, until it is ready.
fn drop_leftover(index: &str) -> String {
    let name = string(index).unwrap_or_default();
    format!(
        "SELECT 'DROP INDEX CONCURRENTLY IF EXISTS ' || i.indexrelid::regclass FROM pg_index i WHERE i.indexrelid = \
         to_regclass({name}) AND NOT i.indisvalid AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE \
         p.index_relid = i.indexrelid)"
    )
}
