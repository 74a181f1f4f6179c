//! The database as it was before whimbrel: adopted, brought up to date, brought back, and up to date again.

use contramind::migrations::MIGRATIONS;
use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use whimbrel::{Access, Baseline, Databases, Migrator, Obstacle, Report, Target, Urls};

/// What was run by hand, and two hundred days of changes by seven people.
const BY_HAND: [&str; 4] = [
    include_str!("../src/migrations/0001_create_contracts.sql"),
    include_str!("../src/migrations/0002_add_parties.sql"),
    include_str!("../src/migrations/0003_add_contract_log.sql"),
    "INSERT INTO cm.contracts (title) SELECT 'Lease ' || n FROM generate_series(1, 50) AS n;
     INSERT INTO cm.parties (name, country) VALUES ('Acme', 'NL'), ('Umbrella', 'GB');
     INSERT INTO cm.contract_parties SELECT id, 1 + id % 2 FROM cm.contracts;
     INSERT INTO cm.contract_log (contract_id, changed_at, changed_by, change)
     SELECT 1 + n % 50, timestamptz '2026-01-01 08:00Z' + n * interval '1 hour', 'user' || n % 7, 'edited'
     FROM generate_series(1, 4800) AS n;",
];

const ADOPTED: [&str; 3] = ["0001_create_contracts", "0002_add_parties", "0003_add_contract_log"];
const NEW: [&str; 4] =
    ["0004_add_audit_log", "0005_move_contract_log", "0006_index_audit_log", "0007_create_audit_by_day"];

#[tokio::test]
async fn the_existing_database_is_adopted_and_goes_up_down_and_up() {
    let existing = Existing::create().await;
    let migrator = Migrator::new(&MIGRATIONS);
    let mut databases = existing.open().await;
    let before = existing.figures("cm.contract_log", "changed_at", "changed_by").await;

    let report = migrator.baseline(&mut databases, &Baseline::Table("cm.schema_version".into())).await.unwrap();
    assert_eq!(ids(&report), ADOPTED);
    assert_eq!(
        existing.one("SELECT string_agg(version::text, ' ' ORDER BY version) FROM cm.schema_version").await,
        "1 2 3"
    );

    assert_eq!(ids(&migrator.apply(&mut databases, &Target::Latest).await.unwrap()), NEW);
    assert_eq!(migrator.verify(&mut databases).await.unwrap(), [NEW[0], NEW[1], NEW[2]]);
    existing.is_as_declared(&before).await;
    assert!(migrator.status(&mut databases).await.unwrap().is_current());

    let down = migrator.rollback(&mut databases, &Target::Id(ADOPTED[2].into())).await.unwrap();
    assert_eq!(ids(&down), [NEW[3], NEW[2], NEW[1], NEW[0]]);
    assert_eq!(existing.one("SELECT coalesce(to_regclass('cm.audit_log')::text, 'gone')").await, "gone");
    assert_eq!(existing.figures("cm.contract_log", "changed_at", "changed_by").await, before);
    assert_eq!(existing.one("SELECT count(*)::text FROM cm.contract_parties").await, "50");

    assert_eq!(ids(&migrator.apply(&mut databases, &Target::Latest).await.unwrap()), NEW);
    migrator.verify(&mut databases).await.unwrap();
    existing.is_as_declared(&before).await;
    drop(databases);
    existing.remove().await;
}

#[tokio::test]
async fn a_database_that_lacks_a_table_is_not_adopted() {
    let existing = Existing::create().await;
    existing.run("DROP TABLE cm.contract_log").await;
    let mut databases = existing.open().await;
    let table = Baseline::Table("cm.schema_version".into());
    let error = Migrator::new(&MIGRATIONS).baseline(&mut databases, &table).await.unwrap_err();
    assert!(error.is_baseline_mismatch(), "{error:?}");
    assert!(
        matches!(error.obstacles(), [Obstacle::MissingTable { table, .. }] if table == "cm.contract_log"),
        "{error:?}"
    );
    assert_eq!(existing.one("SELECT coalesce(to_regclass('whimbrel_history')::text, 'nothing')").await, "nothing");
    drop(databases);
    existing.remove().await;
}

#[tokio::test]
async fn a_new_database_needs_no_adopting() {
    let new = Existing::empty().await;
    let mut databases = new.open().await;
    let report = whimbrel::apply(&MIGRATIONS, &mut databases).await.unwrap();
    assert_eq!(report.done.len(), ADOPTED.len() + NEW.len());
    Migrator::new(&MIGRATIONS).verify(&mut databases).await.unwrap();
    drop(databases);
    new.remove().await;
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.done.iter().map(|outcome| outcome.id).collect()
}

/// A database of its own on the test server.
struct Existing {
    server: String,
    name: String,
    url: String,
}

impl Existing {
    async fn empty() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let variable = "WHIMBREL_TEST_POSTGRES_15_URL";
        let server = std::env::var(variable)
            .unwrap_or_else(|_| panic!("{variable} is not set: run `tests/run`, which starts the servers"));
        let name = format!("contramind_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        send(&server, &format!("DROP DATABASE IF EXISTS {name}")).await;
        send(&server, &format!("CREATE DATABASE {name}")).await;
        Existing { server, name, url }
    }

    async fn create() -> Self {
        let existing = Self::empty().await;
        for script in BY_HAND {
            existing.run(script).await;
        }
        existing
    }

    async fn open(&self) -> Databases {
        Databases::connect(&MIGRATIONS, &Urls::new().with("main", &self.url), Access::ReadWrite).await.unwrap()
    }

    async fn run(&self, sql: &str) {
        send(&self.url, sql).await;
    }

    async fn one(&self, sql: &str) -> String {
        let mut db = PgConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut db).await.unwrap()
    }

    /// Gives row count, distinct users, first and last time.
    async fn figures(&self, table: &str, time: &str, user: &str) -> String {
        self.one(&format!("SELECT (count(*), count(DISTINCT {user}), min({time}), max({time}))::text FROM {table}"))
            .await
    }

    /// Looks at structure and data of the audit log with its own eyes: not with those of the migrations.
    async fn is_as_declared(&self, before: &str) {
        assert_eq!(self.figures("cm.audit_log", "ts", "user_id").await, before);
        let indexes = "SELECT string_agg(i.relname || (CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END), ' ' ORDER BY i.relname) \
                       FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = 'cm.audit_log'::regclass";
        assert_eq!(self.one(indexes).await, "audit_log_action audit_log_pkey audit_log_ts audit_log_user_id");
        let required = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'cm.audit_log'::regclass AND attnum > 0 AND attnotnull";
        assert_eq!(self.one(required).await, "id action");
        self.run("ANALYZE cm.audit_log").await;
        let mut db = PgConnection::connect(&self.url).await.unwrap();
        let last_day = "EXPLAIN SELECT * FROM cm.audit_log WHERE ts >= timestamptz '2026-07-19 08:00Z'";
        let plan: Vec<String> = sqlx::query_scalar(last_day).fetch_all(&mut db).await.unwrap();
        assert!(plan.iter().any(|line| line.contains("audit_log_ts")), "{plan:#?}");
        assert_eq!(self.one("SELECT sum(changes)::text FROM cm.audit_by_day").await, "4800");
    }

    async fn remove(self) {
        send(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

async fn send(url: &str, sql: &str) {
    let mut db = PgConnection::connect(url).await.unwrap_or_else(|error| panic!("{error}"));
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut db)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
