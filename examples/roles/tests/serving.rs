//! The whole of it, as the README has it: an administrator, a deployment, a program that serves.

use std::process::{Command, Output};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection};

const DATABASE: &str = "whimbrel_example_roles";

/// Runs one of the programs.
fn run(program: &str, words: &[&str], url: &str) -> Output {
    let program = match program {
        "serve" => env!("CARGO_BIN_EXE_serve"),
        _ => env!("CARGO_BIN_EXE_roles"),
    };
    Command::new(program).args(words).env("DATABASE_URL", url).env_remove("MAIN_URL").output().unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn execute(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn each_role_does_its_part_and_no_other() {
    let admin = std::env::var("WHIMBREL_TEST_POSTGRES_18_URL").expect("`tests/run -p roles` starts a server");
    let (server, _) = admin.rsplit_once('/').unwrap();
    let place = server.split_once('@').unwrap().1;
    let roles = "shop_app, shop_deploy, shop_owner";
    execute(&admin, &format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")).await;
    execute(&admin, &format!("DROP ROLE IF EXISTS {roles}")).await;
    execute(&admin, &format!("CREATE DATABASE {DATABASE}")).await;
    execute(&format!("{server}/{DATABASE}"), include_str!("../roles.sql")).await;
    let deploy = format!("postgres://shop_deploy:change%20me@{place}/{DATABASE}?options=-c%20role%3Dshop_owner");
    let app = format!("postgres://shop_app:change%20me@{place}/{DATABASE}");

    assert!(run("roles", &["init", "--reader", "shop_app"], &deploy).status.success());
    let early = run("roles", &["check"], &app);
    assert_eq!(early.status.code(), Some(6), "{}", told(&early));
    let applied = run("roles", &["apply"], &deploy);
    assert!(applied.status.success(), "{}", told(&applied));

    let served = run("serve", &[], &app);
    assert!(served.status.success(), "{}", told(&served));
    assert_eq!(String::from_utf8_lossy(&served.stdout), "ready: everything is applied\n1 feathers ordered\n");
    assert!(run("roles", &["status", "--check"], &app).status.success());

    let refused = run("roles", &["rollback", "--yes"], &app);
    assert!(!refused.status.success() && told(&refused).contains("permission denied"), "{}", told(&refused));
    let still = run("serve", &[], &app);
    assert!(String::from_utf8_lossy(&still.stdout).ends_with("2 feathers ordered\n"), "{}", told(&still));

    assert!(run("roles", &["rollback", "--all", "--yes"], &deploy).status.success());
    assert!(told(&run("roles", &["check"], &app)).contains("still to be applied"));
    execute(&admin, &format!("DROP DATABASE {DATABASE} WITH (FORCE)")).await;
    execute(&admin, &format!("DROP ROLE {roles}")).await;
}
