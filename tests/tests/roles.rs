//! One role logs in and migrates, another owns what is made, a third serves and can only read the ledger.

use whimbrel::{Access, Databases, Location, Migrator, Readiness, Registry, Target, Urls};
use whimbrel_tests::{Chain, Server};

struct Roles {
    deploy: String,
    owner: String,
    app: String,
    /// Logs in as `deploy`, and works as `owner`.
    migrating: Urls,
    serving: Urls,
}

/// Makes roles with names of their own: a server's databases share them.
async fn roles(server: &Server) -> Roles {
    let database = server.column("SELECT current_database()").await.remove(0);
    let [deploy, owner, app] = ["deploy", "owner", "app"].map(|role| format!("{database}_{role}"));
    let sql = format!(
        "CREATE ROLE {owner}; CREATE ROLE {deploy} LOGIN NOINHERIT PASSWORD 'secret'; GRANT {owner} TO {deploy}; \
         CREATE ROLE {app} LOGIN PASSWORD 'secret'; REVOKE ALL ON SCHEMA public FROM PUBLIC; \
         GRANT CREATE, USAGE ON SCHEMA public TO {owner}; GRANT USAGE ON SCHEMA public TO {app}"
    );
    server.run(&sql).await;
    let (scheme, rest) = server.url().split_once("://").unwrap();
    let place = rest.split_once('@').unwrap().1;
    let url = |role: &str| format!("{scheme}://{role}:secret@{place}");
    let migrating = Urls::new().with("main", format!("{}?options=-c%20role%3D{owner}", url(&deploy)));
    let serving = Urls::new().with("main", url(&app));
    Roles { deploy, owner, app, migrating, serving }
}

fn chain(server: &Server, roles: &Roles) -> &'static Registry {
    let defaults = format!(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        roles.app
    );
    Chain::new(server.kind())
        .add("0001_privileges", &[&defaults])
        .add("0002_users", &["CREATE TABLE users (name text)"])
        .add("0003_index", &["CREATE INDEX CONCURRENTLY users_name ON users (name)"])
        .without_transaction()
        .add("0004_strays", &["SET ROLE NONE", "SELECT 1"])
        .add("0005_notes", &["CREATE TABLE notes (name text)"])
        .registry()
}

#[tokio::test]
async fn each_role_can_do_its_own_and_no_more() {
    for version in ["12", "15", "18"] {
        let server = Server::postgres(version).await;
        let roles = roles(&server).await;
        let registry = chain(&server, &roles);
        let migrator = Migrator::new(registry).ledger(Location::default().reader(&roles.app));
        let mut databases = Databases::connect(registry, &roles.migrating, Access::ReadWrite).await.unwrap();
        migrator.apply(&mut databases, &Target::Latest).await.unwrap();
        let owners = server.column("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").await;
        assert_eq!(owners, [roles.owner.as_str()], "{version}: ledger and tables are the owner's");
        let by = server.column("SELECT DISTINCT applied_by FROM whimbrel_history").await;
        assert_eq!(by, [roles.deploy.as_str()], "who logged in is written down");

        let mut databases = Databases::connect(registry, &roles.serving, Access::ReadOnly).await.unwrap();
        let application = Migrator::new(registry);
        assert_eq!(application.check(&mut databases).await.unwrap(), Readiness::Ready);
        assert!(application.apply(&mut databases, &Target::Latest).await.unwrap().is_empty());
        let connection = databases.postgres("main").unwrap();
        let run = |sql: &'static str| whimbrel::sqlx::raw_sql(sql);
        run("INSERT INTO users VALUES ('a')").execute(&mut *connection).await.unwrap();
        for tampering in ["DELETE FROM whimbrel_history", "INSERT INTO whimbrel_events DEFAULT VALUES"] {
            let refused = run(tampering).execute(&mut *connection).await.unwrap_err();
            assert!(refused.to_string().contains("permission denied"), "{refused}");
        }
        let error = application.rollback(&mut databases, &Target::Latest).await.unwrap_err();
        assert!(error.is_permission_denied() || error.is_irreversible(), "{error}");
        forget(&server, &roles).await;
    }
}

#[tokio::test]
async fn a_ledger_that_is_there_is_opened_to_a_reader_by_init() {
    let server = Server::postgres("15").await;
    let roles = roles(&server).await;
    let registry = chain(&server, &roles);
    let mut databases = Databases::connect(registry, &roles.migrating, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    server.run(&format!("REVOKE ALL ON whimbrel_history, whimbrel_events FROM {}", roles.app)).await;
    let check = async || {
        let mut serving = Databases::connect(registry, &roles.serving, Access::ReadOnly).await.unwrap();
        Migrator::new(registry).check(&mut serving).await
    };
    assert!(check().await.unwrap_err().is_permission_denied());
    let reader = Migrator::new(registry).ledger(Location::default().reader(&roles.app));
    assert!(reader.init(&mut databases).await.unwrap().is_empty());
    assert_eq!(check().await.unwrap(), Readiness::Ready);
    forget(&server, &roles).await;
}

async fn forget(server: &Server, roles: &Roles) {
    let Roles { deploy, owner, app, .. } = roles;
    server
        .run(&format!(
            "DROP OWNED BY {app}; DROP OWNED BY {owner}; DROP ROLE {deploy}; DROP ROLE {owner}; DROP ROLE {app}"
        ))
        .await;
}
