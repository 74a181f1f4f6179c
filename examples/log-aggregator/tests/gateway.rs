//! The two databases on real servers. FerretDB stands in for MongoDB where there is none: it keeps documents and indexes, and refuses
//! validators, so what needs one is shown on MongoDB alone.

use log_aggregator::Tenant;
use log_aggregator::migrations::MIGRATIONS;
use whimbrel::mongodb::bson::{Document, doc};
use whimbrel::mongodb::{Client, Database};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use whimbrel::{Access, Databases, Migrator, Report, Result, Target, Urls, validator};

/// Two databases of a test's own.
struct Place {
    server: String,
    name: String,
    urls: Urls,
    logs: String,
    tenants: Database,
}

fn server(name: &str) -> String {
    let variable = format!("WHIMBREL_TEST_{name}_URL");
    std::env::var(&variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: `tests/run -- -p log-aggregator` starts the servers"))
}

impl Place {
    async fn new(mongodb: &str, test: &str) -> Self {
        let (server, gateway) = (server("POSTGRES_15"), server(mongodb));
        let name = format!("log_aggregator_{test}_{}", std::process::id());
        let (base, _) = server.rsplit_once('/').unwrap();
        let logs = format!("{base}/{name}");
        send(&server, &format!("CREATE DATABASE {name}")).await;
        let (address, options) = gateway.split_once('?').unwrap_or((&gateway, ""));
        let gateway = format!("{}/{name}?{options}", address.trim_end_matches('/'));
        let tenants = Client::with_uri_str(&gateway).await.unwrap().database(&name);
        let urls = Urls::new().with("main", &logs).with("gateway", &gateway);
        Place { server, name, urls, logs, tenants }
    }

    async fn open(&self) -> Databases {
        Databases::connect(&MIGRATIONS, &self.urls, Access::ReadWrite).await.unwrap()
    }

    async fn apply(&self, target: Target) -> Result<Report> {
        Migrator::new(&MIGRATIONS).apply(&mut self.open().await, &target).await
    }

    async fn roll_back(&self, target: Target) -> Result<Report> {
        Migrator::new(&MIGRATIONS).rollback(&mut self.open().await, &target).await
    }

    async fn sql(&self, query: &str) -> String {
        let mut connection = PgConnection::connect(&self.logs).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut connection).await.unwrap()
    }

    async fn insert(&self, document: Document) -> bool {
        self.tenants.collection::<Document>("tenants").insert_one(document).await.is_ok()
    }

    async fn remove(self) {
        self.tenants.drop().await.unwrap();
        send(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

async fn send(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.done.iter().map(|outcome| outcome.id).collect()
}

fn tenant(email: &str) -> Document {
    let now = whimbrel::mongodb::bson::DateTime::now();
    doc! { "organizationName": "Acme", "contactEmail": email, "status": "active", "createdAt": now, "updatedAt": now }
}

const SEVERITY: &str =
    "SELECT count(*)::text FROM information_schema.columns WHERE table_name = 'logs' AND column_name = 'severity'";

#[tokio::test]
async fn logs_and_tenants_have_one_history() {
    let place = Place::new("FERRETDB", "history").await;
    let report = place.apply(Target::Id("0003_create_tenants".into())).await.unwrap();
    assert_eq!(ids(&report), ["0001_create_logs", "0002_create_alerts", "0003_create_tenants"]);
    assert!(place.insert(tenant("a@example.org")).await);
    assert!(!place.insert(tenant("a@example.org")).await, "an address belongs to one tenant");

    assert_eq!(ids(&place.apply(Target::Only("0005_add_severity".into())).await.unwrap()), ["0005_add_severity"]);
    assert_eq!(place.sql(SEVERITY).await, "1");
    assert_eq!(ids(&place.roll_back(Target::Only("0005_add_severity".into())).await.unwrap()), ["0005_add_severity"]);
    assert_eq!(place.sql(SEVERITY).await, "0");
    let copied = "SELECT string_agg(id, ' ') FROM whimbrel_history WHERE database = 'gateway'";
    assert_eq!(place.sql(copied).await, "0003_create_tenants");
    place.remove().await;
}

#[tokio::test]
async fn what_a_server_refuses_leaves_the_rest_as_it_was() {
    let place = Place::new("FERRETDB", "refused").await;
    let error = place.apply(Target::Latest).await.unwrap_err();
    let told = format!("{error:?}");
    assert!(told.contains("0004_validate_tenants") && told.contains("gateway"), "{told}");
    let status = Migrator::new(&MIGRATIONS).status(&mut place.open().await).await.unwrap();
    let pending: Vec<_> = status.pending().map(|row| row.id.clone()).collect();
    assert_eq!(pending, ["0004_validate_tenants", "0005_add_severity", "0006_add_tier"]);
    place.remove().await;
}

/// The struct says it all: names, what is required, values, descriptions.
#[test]
fn the_validator_is_the_type() {
    let schema = validator::of::<Tenant>().unwrap();
    let schema = schema.get_document("$jsonSchema").unwrap();
    let required: Vec<_> = schema.get_array("required").unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(required, ["organizationName", "contactEmail", "status", "tier", "createdAt", "updatedAt"]);
    let of = |name: &str| schema.get_document("properties").unwrap().get_document(name).unwrap();
    assert_eq!(of("createdAt").get_str("bsonType").unwrap(), "date");
    assert_eq!(of("tier").get_str("description").unwrap(), "What it pays for.");
    let states: Vec<_> = of("status").get_array("enum").unwrap().iter().filter_map(|state| state.as_str()).collect();
    assert_eq!(states, ["active", "inactive"]);
}

mod mongodb {
    use super::*;

    #[tokio::test]
    #[ignore = "needs a MongoDB, which only Docker has: tests/run runs it there"]
    async fn a_tier_is_required_once_every_tenant_has_one() {
        let place = Place::new("MONGODB", "tier").await;
        place.apply(Target::Id("0003_create_tenants".into())).await.unwrap();
        assert!(place.insert(tenant("a@example.org")).await);
        assert!(place.insert(doc! { "organizationName": 7, "contactEmail": "b@example.org" }).await);
        let error = place.apply(Target::Latest).await.unwrap_err();
        assert!(format!("{error:?}").contains("1 documents of `tenants` would be refused"), "{error:?}");
        place.tenants.collection::<Document>("tenants").delete_one(doc! { "organizationName": 7 }).await.unwrap();

        place.apply(Target::Latest).await.unwrap();
        let filled = doc! { "contactEmail": "a@example.org", "tier": "basic" };
        assert_eq!(place.tenants.collection::<Document>("tenants").count_documents(filled).await.unwrap(), 1);
        assert!(!place.insert(tenant("c@example.org")).await, "a tier is required");
        let mut complete = tenant("c@example.org");
        complete.insert("tier", "gold");
        assert!(place.insert(complete).await);

        // The way back: the validator from before, which asks for no tier.
        place.roll_back(Target::Id("0005_add_severity".into())).await.unwrap();
        assert!(place.insert(tenant("d@example.org")).await);
        place.remove().await;
    }
}
