//! What is in a database: schema, rows and ledger, without the times.

use crate::place::{rows, rows_of_mysql};
use whimbrel::DatabaseKind;
use whimbrel::sqlx::{Connection, MySqlConnection, PgConnection};
use whimbrel_tests::Server;

/// Lists everything that two runs have to agree in, a line each, sorted.
pub(crate) async fn state(server: &Server) -> Vec<String> {
    match server.kind() {
        DatabaseKind::Sqlite => of_file(server).await,
        DatabaseKind::Mysql => of_mysql(&mut MySqlConnection::connect(server.url()).await.unwrap()).await,
        _ => of_server(&mut PgConnection::connect(server.url()).await.unwrap()).await,
    }
}

const SCHEMA: &str = "
    SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT concat_ws(' ', 'invalid index', indexrelid::regclass) FROM pg_index
    WHERE NOT (indisvalid AND indisready AND indislive)
    UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace";

/// The times in the ledgers of other libraries.
const TIMES: &str = "ARRAY['installed_on', 'execution_time', 'applied_on', 'run_on']";

/// Does that on an open connection.
pub(crate) async fn of_server(connection: &mut PgConnection) -> Vec<String> {
    let mut parts = vec![SCHEMA.to_owned()];
    for table in rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").await {
        parts.push(match table.as_str() {
            "whimbrel_history" => {
                format!("SELECT concat_ws(' ', 'ledger', to_jsonb(t) - 'applied_at' - 'duration_ms') FROM {table} t")
            }
            "whimbrel_events" => {
                format!("SELECT concat_ws(' ', 'event', id, event) FROM {table} WHERE event = 'applied'")
            }
            _ => format!("SELECT concat_ws(' ', 'row', '{table}', to_jsonb(t) - {TIMES}) FROM {table} t"),
        });
    }
    let mut lines = rows(connection, &parts.join(" UNION ALL ")).await;
    lines.sort();
    lines
}

const MYSQL_SCHEMA: &str = "
    SELECT CONCAT_WS(' ', 'column', table_name, ordinal_position, column_name, column_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = DATABASE()
    UNION ALL
    SELECT CONCAT_WS(' ', 'index', table_name, index_name, seq_in_index, column_name, non_unique)
    FROM information_schema.statistics WHERE table_schema = DATABASE()
    UNION ALL
    SELECT CONCAT_WS(' ', 'trigger', trigger_name, event_object_table, action_statement)
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()";

/// Does that on MySQL and MariaDB.
pub(crate) async fn of_mysql(connection: &mut MySqlConnection) -> Vec<String> {
    let mut lines = rows_of_mysql(connection, MYSQL_SCHEMA).await;
    let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";
    for table in rows_of_mysql(connection, tables).await {
        let unequal = "('applied_at', 'duration_ms', 'seq', 'at', 'run', 'statement', 'message', 'detail', 'applied_by', 'actor')";
        let columns = format!(
            "SELECT CONCAT('`', column_name, '`') FROM information_schema.columns WHERE table_schema = DATABASE() AND \
             table_name = '{table}' AND column_name NOT IN {unequal} ORDER BY ordinal_position"
        );
        let columns = rows_of_mysql(connection, &columns).await.join(", ");
        // In the middle of a run a view may be there whose table has another name by now.
        if columns.is_empty() {
            lines.push(format!("broken view {table}"));
            continue;
        }
        let which = if table == "whimbrel_events" { "event = 'applied'" } else { "true" };
        lines.extend(
            rows_of_mysql(
                connection,
                &format!("SELECT CONCAT_WS(' ', 'row', '{table}', {columns}) FROM `{table}` WHERE {which}"),
            )
            .await,
        );
    }
    lines.sort();
    lines
}

async fn of_file(server: &Server) -> Vec<String> {
    let mut parts = vec!["SELECT 'schema ' || sql FROM sqlite_master WHERE sql IS NOT NULL".to_owned()];
    let everything = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    for table in server.column(everything).await {
        let unequal = "('applied_at', 'duration_ms', 'seq', 'at', 'run', \
                       'installed_on', 'execution_time', 'applied_on', 'run_on')";
        let columns =
            format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}') WHERE name NOT IN {unequal}");
        let columns = server.column(&columns).await.join(", ");
        let which = if table == "whimbrel_events" { "event = 'applied'" } else { "true" };
        parts.push(format!("SELECT 'row {table} ' || json_array({columns}) FROM {table} WHERE {which}"));
    }
    parts.push("SELECT 'integrity ' || integrity_check FROM pragma_integrity_check".to_owned());
    let mut lines = server.column(&parts.join(" UNION ALL ")).await;
    lines.sort();
    lines
}
