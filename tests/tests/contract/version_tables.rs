//! Taking over what another tool has recorded, from tables made exactly as that tool makes them.

use crate::adopting::{baseline, by_hand, has_ledger, shop};
use crate::{Server, apply, contract, ids};
use whimbrel::{Baseline, DatabaseKind, Obstacle};

contract!(
    sqlx_and_refinery,
    diesel,
    flyway,
    flyway_undone_baselined_and_repeated,
    prisma,
    a_table_of_ones_own,
    what_failed_is_refused,
    what_is_not_known_is_told,
    one_table_is_found_by_itself_and_several_are_not,
    a_gap_is_filled_later,
    a_negative_version_is_refused,
);

/// The statements by which a tool makes its table, on SQLite, on PostgreSQL and on MySQL.
struct Tool {
    table: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    mysql: &'static str,
}

/// sqlx 0.9.0, `migrate.rs` of both drivers.
const SQLX: Tool = Tool {
    table: "_sqlx_migrations",
    sqlite: "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
             execution_time BIGINT NOT NULL)",
    postgres: "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
               installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
               execution_time BIGINT NOT NULL)",
    mysql: "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
            installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
            execution_time BIGINT NOT NULL)",
};

/// refinery 0.8 and 0.9, `traits/mod.rs`: the same text for both.
const REFINERY: Tool = Tool {
    table: "refinery_schema_history",
    sqlite: "CREATE TABLE IF NOT EXISTS refinery_schema_history(version INT4 PRIMARY KEY, name VARCHAR(255), \
             applied_on VARCHAR(255), checksum VARCHAR(255))",
    postgres: "CREATE TABLE IF NOT EXISTS refinery_schema_history(version INT4 PRIMARY KEY, name VARCHAR(255), \
               applied_on VARCHAR(255), checksum VARCHAR(255))",
    mysql: "CREATE TABLE IF NOT EXISTS refinery_schema_history(version INT4 PRIMARY KEY, name VARCHAR(255), \
            applied_on VARCHAR(255), checksum VARCHAR(255))",
};

/// diesel 2, `setup_migration_table.sql`: the same text for both.
const DIESEL: Tool = Tool {
    table: "__diesel_schema_migrations",
    sqlite: "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    postgres: "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
               run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    mysql: "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
            run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
};

/// Flyway 10, `PostgreSQLDatabase.java` and `SQLiteDatabase.java`.
const FLYWAY: Tool = Tool {
    table: "flyway_schema_history",
    sqlite: "CREATE TABLE \"flyway_schema_history\" (\"installed_rank\" INT NOT NULL PRIMARY KEY, \"version\" VARCHAR(50), \
             \"description\" VARCHAR(200) NOT NULL, \"type\" VARCHAR(20) NOT NULL, \"script\" VARCHAR(1000) NOT NULL, \
             \"checksum\" INT, \"installed_by\" VARCHAR(100) NOT NULL, \"installed_on\" TEXT NOT NULL DEFAULT \
             (strftime('%Y-%m-%d %H:%M:%f','now')), \"execution_time\" INT NOT NULL, \"success\" BOOLEAN NOT NULL); \
             CREATE INDEX \"flyway_schema_history_s_idx\" ON \"flyway_schema_history\" (\"success\")",
    postgres: "CREATE TABLE \"public\".\"flyway_schema_history\" (\"installed_rank\" INT NOT NULL, \"version\" VARCHAR(50), \
               \"description\" VARCHAR(200) NOT NULL, \"type\" VARCHAR(20) NOT NULL, \"script\" VARCHAR(1000) NOT NULL, \
               \"checksum\" INTEGER, \"installed_by\" VARCHAR(100) NOT NULL, \"installed_on\" TIMESTAMP NOT NULL DEFAULT now(), \
               \"execution_time\" INTEGER NOT NULL, \"success\" BOOLEAN NOT NULL); \
               ALTER TABLE \"public\".\"flyway_schema_history\" ADD CONSTRAINT \"flyway_schema_history_pk\" PRIMARY KEY (\"installed_rank\"); \
               CREATE INDEX \"flyway_schema_history_s_idx\" ON \"public\".\"flyway_schema_history\" (\"success\")",
    mysql: "CREATE TABLE `flyway_schema_history` (`installed_rank` INT NOT NULL, `version` VARCHAR(50), `description` VARCHAR(200) \
            NOT NULL, `type` VARCHAR(20) NOT NULL, `script` VARCHAR(1000) NOT NULL, `checksum` INT, `installed_by` VARCHAR(100) \
            NOT NULL, `installed_on` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, `execution_time` INT NOT NULL, `success` BOOL \
            NOT NULL, CONSTRAINT `flyway_schema_history_pk` PRIMARY KEY (`installed_rank`)) ENGINE=InnoDB; \
            CREATE INDEX `flyway_schema_history_s_idx` ON `flyway_schema_history` (`success`)",
};

/// Prisma's schema engine, `create_migrations_table` of each flavour.
const PRISMA: Tool = Tool {
    table: "_prisma_migrations",
    sqlite: "CREATE TABLE \"_prisma_migrations\" (\"id\" TEXT PRIMARY KEY NOT NULL, \"checksum\" TEXT NOT NULL, \
             \"finished_at\" DATETIME, \"migration_name\" TEXT NOT NULL, \"logs\" TEXT, \"rolled_back_at\" DATETIME, \
             \"started_at\" DATETIME NOT NULL DEFAULT current_timestamp, \"applied_steps_count\" INTEGER UNSIGNED NOT NULL DEFAULT 0)",
    postgres: "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, \
               finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, \
               started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)",
    mysql: "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at \
            DATETIME(3), migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3), started_at DATETIME(3) NOT \
            NULL DEFAULT CURRENT_TIMESTAMP(3), applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0)",
};

/// Makes the tool's table and these rows in it: columns in brackets, then values.
async fn recorded(server: &Server, tool: &Tool, rows: &str) {
    let table = match server.kind() {
        DatabaseKind::Sqlite => tool.sqlite,
        DatabaseKind::Mysql => tool.mysql,
        _ => tool.postgres,
    };
    server.run(table).await;
    server.run(&format!("INSERT INTO {} {rows}", tool.table)).await;
}

/// Adopts what the table records, and looks that the table is as it was.
async fn adopt(server: &Server, table: &str, how: Baseline) -> whimbrel::Result<Vec<&'static str>> {
    let rows = format!(
        "SELECT count(*) || ' ' || coalesce(min(version), '') || ' ' || coalesce(max(version), '') FROM (SELECT CAST(version AS TEXT) AS version FROM {table}) AS t"
    );
    let rows = if server.kind() == DatabaseKind::Mysql { rows.replace("AS TEXT", "AS CHAR") } else { rows };
    let rows = if table == PRISMA.table { rows.replace("CAST(version AS", "CAST(migration_name AS") } else { rows };
    let before = server.column(&rows).await;
    let report = baseline(server, shop(server).registry(), how).await;
    assert_eq!(server.column(&rows).await, before);
    report.map(|report| ids(&report))
}

const BOTH: [&str; 2] = ["0001_users", "0002_orders"];
const SQLX_ROWS: &str = "(version, description, success, checksum, execution_time) VALUES";
const REFINERY_ROWS: &str = "(version, name, applied_on, checksum) VALUES";
const FLYWAY_ROWS: &str =
    "(installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) VALUES";
const PRISMA_ROWS: &str = "(id, checksum, finished_at, migration_name, rolled_back_at, started_at) VALUES";

async fn sqlx_and_refinery(server: &Server) {
    by_hand(server).await;
    recorded(server, &SQLX, &format!("{SQLX_ROWS} (1, 'users', TRUE, 'a', 1200), (2, 'orders', TRUE, 'b', -1)")).await;
    assert_eq!(adopt(server, SQLX.table, Baseline::Detect).await.unwrap(), BOTH);
    assert_eq!(ids(&apply(server, shop(server).registry()).await.unwrap()), ["0003_notes"]);

    server.run("DELETE FROM whimbrel_history WHERE registry = 'chain'; DROP TABLE notes").await;
    recorded(server, &REFINERY, &format!("{REFINERY_ROWS} (1, 'users', '2024-05-01T10:00:00.5Z', '123'), (2, 'orders', '2024-05-01T10:00:00Z', '456')")).await;
    assert_eq!(adopt(server, REFINERY.table, Baseline::recorded_by("refinery")).await.unwrap(), BOTH);
}

async fn diesel(server: &Server) {
    by_hand(server).await;
    recorded(server, &DIESEL, "(version) VALUES ('0001'), ('0002')").await;
    assert_eq!(adopt(server, DIESEL.table, Baseline::Detect).await.unwrap(), BOTH);
}

async fn flyway(server: &Server) {
    by_hand(server).await;
    let rows = "(1, '1', 'users', 'SQL', 'V1__users.sql', 1996767037, 'axel', 546, TRUE), (2, '1.1', 'orders', 'SQL', 'V1_1__orders.sql', NULL, 'axel', 1, TRUE)";
    recorded(server, &FLYWAY, &format!("{FLYWAY_ROWS} {rows}")).await;
    assert_eq!(adopt(server, FLYWAY.table, Baseline::Detect).await.unwrap(), BOTH);
}

async fn flyway_undone_baselined_and_repeated(server: &Server) {
    by_hand(server).await;
    let rows = "(1, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '\"app\"', NULL, 'axel', 0, TRUE), \
                (2, '1', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'axel', 0, TRUE), \
                (3, '2', 'orders', 'SQL', 'V2__orders.sql', 5, 'axel', 1, TRUE), \
                (4, '3', 'notes', 'SQL', 'V3__notes.sql', 6, 'axel', 1, TRUE), \
                (5, '3', 'notes', 'UNDO_SQL', 'U3__notes.sql', 7, 'axel', 1, TRUE), \
                (6, NULL, 'some views', 'SQL', 'R__some_views.sql', 8, 'axel', 1, TRUE)";
    recorded(server, &FLYWAY, &format!("{FLYWAY_ROWS} {rows}")).await;
    assert_eq!(adopt(server, FLYWAY.table, Baseline::Detect).await.unwrap(), BOTH);
}

async fn prisma(server: &Server) {
    by_hand(server).await;
    let rows = "('a', 'x', '2024-05-01 10:00:01', '0001_users', NULL, '2024-05-01 10:00:00'), \
                ('b', 'y', NULL, '0002_orders', '2024-05-01 11:00:00', '2024-05-01 10:30:00'), \
                ('c', 'z', '2024-05-01 12:00:01', '0002_orders', NULL, '2024-05-01 12:00:00')";
    recorded(server, &PRISMA, &format!("{PRISMA_ROWS} {rows}")).await;
    assert_eq!(adopt(server, PRISMA.table, Baseline::Detect).await.unwrap(), BOTH);
}

async fn a_table_of_ones_own(server: &Server) {
    by_hand(server).await;
    let place = if server.kind() == DatabaseKind::Postgres { "cm." } else { "" };
    if server.kind() == DatabaseKind::Postgres {
        server.run("CREATE SCHEMA cm").await;
    }
    let now = if server.kind() == DatabaseKind::Sqlite { "CURRENT_TIMESTAMP" } else { "now()" };
    let table = format!("{place}schema_version");
    server
        .run(&format!(
            "CREATE TABLE {table} (version INTEGER PRIMARY KEY, applied_at TIMESTAMP DEFAULT {now}, description TEXT)"
        ))
        .await;
    let empty = adopt(server, &table, Baseline::Table(table.clone())).await.unwrap_err();
    assert!(matches!(empty.obstacles(), [Obstacle::Empty { .. }]), "{empty:?}");
    assert!(!has_ledger(server).await);

    server.run(&format!("INSERT INTO {table} (version, description) VALUES (2, 'orders')")).await;
    assert_eq!(adopt(server, &table, Baseline::Table("schema_version".into())).await.unwrap(), BOTH, "how far it is");
    server.run("DELETE FROM whimbrel_history WHERE registry = 'chain'").await;
    server.run(&format!("INSERT INTO {table} (version, description) VALUES (1, 'users')")).await;
    assert_eq!(adopt(server, &table, Baseline::Table(table.clone())).await.unwrap(), BOTH, "each by itself");
}

async fn what_failed_is_refused(server: &Server) {
    by_hand(server).await;
    let cases = [
        (&SQLX, format!("{SQLX_ROWS} (1, 'users', TRUE, 'a', 1), (2, 'orders', FALSE, 'b', -1)"), "`2` (orders)"),
        (&FLYWAY, format!("{FLYWAY_ROWS} (1, '2', 'orders', 'SQL', 'V2.sql', 1, 'axel', 1, FALSE)"), "`2` (orders)"),
        (
            &PRISMA,
            format!("{PRISMA_ROWS} ('a', 'x', NULL, '0002_orders', NULL, '2024-05-01 10:00:00')"),
            "`0002_orders`",
        ),
    ];
    for (tool, rows, failed) in cases {
        recorded(server, tool, &rows).await;
        let error = adopt(server, tool.table, Baseline::Table(tool.table.into())).await.unwrap_err();
        assert!(matches!(error.obstacles(), [Obstacle::Failed { version, .. }] if version == failed), "{error:?}");
        assert!(error.to_string().contains("mend it with the tool that ran it"), "{error}");
    }
    server.run("CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, dirty BOOLEAN NOT NULL); INSERT INTO schema_migrations VALUES (2, TRUE)").await;
    let error = adopt(server, "schema_migrations", Baseline::Table("schema_migrations".into())).await.unwrap_err();
    assert!(matches!(error.obstacles(), [Obstacle::Failed { .. }]), "{error:?}");
    assert!(!has_ledger(server).await);
}

async fn what_is_not_known_is_told(server: &Server) {
    by_hand(server).await;
    recorded(
        server,
        &SQLX,
        &format!(
            "{SQLX_ROWS} (1, 'users', TRUE, 'a', 1), (9, 'later', TRUE, 'b', 1), (20240501100000, 'last', TRUE, 'c', 1)"
        ),
    )
    .await;
    let error = adopt(server, SQLX.table, Baseline::Detect).await.unwrap_err();
    let told: Vec<_> = error.obstacles().iter().map(ToString::to_string).collect();
    let table = if server.kind() == DatabaseKind::Postgres { "public._sqlx_migrations" } else { "_sqlx_migrations" };
    let unknown = |version| format!("`{table}` records {version}, and no migration has that id, number or name");
    assert_eq!(told, [unknown("`9` (later)"), unknown("`20240501100000` (last)")]);
    let error = baseline(server, shop(server).registry(), Baseline::Table("users".into())).await.unwrap_err();
    assert!(
        matches!(error.obstacles(), [Obstacle::NotAVersionTable { columns, .. }] if columns == &["id"]),
        "{error:?}"
    );
    let error = baseline(server, shop(server).registry(), Baseline::Table("nowhere".into())).await.unwrap_err();
    assert!(matches!(error.obstacles(), [Obstacle::NoVersionTable { table: Some(_), .. }]), "{error:?}");
    assert!(!has_ledger(server).await);
}

async fn one_table_is_found_by_itself_and_several_are_not(server: &Server) {
    by_hand(server).await;
    let error = baseline(server, shop(server).registry(), Baseline::Detect).await.unwrap_err();
    assert!(matches!(error.obstacles(), [Obstacle::NoVersionTable { table: None, .. }]), "{error:?}");
    recorded(server, &DIESEL, "(version) VALUES ('0001')").await;
    recorded(server, &REFINERY, &format!("{REFINERY_ROWS} (1, 'users', '', '')")).await;
    let error = baseline(server, shop(server).registry(), Baseline::Detect).await.unwrap_err();
    assert!(
        matches!(error.obstacles(), [Obstacle::SeveralVersionTables { tables, .. }] if tables.len() == 2),
        "{error:?}"
    );
    assert!(!has_ledger(server).await);
    assert_eq!(adopt(server, DIESEL.table, Baseline::recorded_by("diesel")).await.unwrap(), ["0001_users"]);
}

async fn a_negative_version_is_refused(server: &Server) {
    by_hand(server).await;
    recorded(server, &SQLX, &format!("{SQLX_ROWS} (-1, 'users', TRUE, 'a', 1)")).await;
    let error = adopt(server, SQLX.table, Baseline::Detect).await.unwrap_err();
    assert!(matches!(error.obstacles(), [Obstacle::Negative { .. }]), "{error:?}");
    assert!(
        error.to_string().ends_with(
            "records `-1` (users), and no migration has a negative number; correct the table, or baseline to an id"
        ),
        "{error}"
    );
    assert!(!has_ledger(server).await);
}

async fn a_gap_is_filled_later(server: &Server) {
    server.run("CREATE TABLE users (id INTEGER); CREATE TABLE notes (id INTEGER)").await;
    recorded(server, &DIESEL, "(version) VALUES ('1'), ('3')").await;
    assert_eq!(adopt(server, DIESEL.table, Baseline::Detect).await.unwrap(), ["0001_users", "0003_notes"]);
    assert_eq!(ids(&apply(server, shop(server).registry()).await.unwrap()), ["0002_orders"]);
}
