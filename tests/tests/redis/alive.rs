//! Processes: several at once, killed, stopped and overtaken.

use crate::{RedisPlace, chain, code, count, fill, on_both};
use std::process::{Child, Command, Stdio};
use whimbrel::redis::cmd;
use whimbrel::{BoxFuture, RedisStep, Registry, Result};

on_both!(
    eight_processes_are_one_run,
    a_process_that_is_killed_is_made_up_for,
    who_was_stopped_and_overtaken_writes_no_more,
    who_holds_the_lease_is_named,
);

const SERVER: &str = "WHIMBREL_TEST_CHILD_SERVER";
const NAME: &str = "WHIMBREL_TEST_CHILD_NAME";
const CHAIN: &str = "WHIMBREL_TEST_CHILD_CHAIN";

fn server(place: &RedisPlace) -> &'static str {
    if place.url() == whimbrel_tests::server_url("REDIS") { "REDIS" } else { "VALKEY" }
}

fn start(place: &RedisPlace, chain: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "alive::is_a_process_of_another_test", "--nocapture"])
        .envs([(SERVER, server(place)), (NAME, place.name()), (CHAIN, chain)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn named(place: &RedisPlace, name: &str) -> &'static Registry {
    match name {
        "sum" => {
            let lines: Vec<_> = (0..40).map(|n| format!("INCRBY {} {n}", place.key("sum"))).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            chain().add("0001_a", &lines[..20]).add("0002_b", &lines[20..]).registry()
        }
        "rename" => {
            let (old, new) = (place.key("old"), place.key("new"));
            let line = format!("WHIMBREL.RENAME {old}:* TO {new}:*");
            chain().add("0001_a", &[&line, &format!("INCR {}", place.key("sum"))]).registry()
        }
        "stops" => chain().add_code("0001_a", code(waits)).registry(),
        other => panic!("{other}"),
    }
}

/// Says that it is there, and waits until it may go on.
fn waits<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&whimbrel::redis::Cmd::new().arg("INCR").arg("alive:written").clone());
        if std::env::var(SERVER).is_ok() {
            println!("waiting");
            while step.ask::<i64>(cmd("EXISTS").arg("alive:go")).await? == 0 {}
        }
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn is_a_process_of_another_test() {
    let (Ok(server), Ok(name), Ok(chain)) = (std::env::var(SERVER), std::env::var(NAME), std::env::var(CHAIN)) else {
        return;
    };
    let place = RedisPlace::named(&server, &name);
    match place.apply(named(&place, &chain)).await {
        Ok(report) => println!("applied {}", report.done.len()),
        Err(error) => println!("failed: {error:?}"),
    }
}

fn said(child: Child) -> String {
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

async fn eight_processes_are_one_run(place: &RedisPlace) {
    let children: Vec<_> = (0..8).map(|_| start(place, "sum")).collect();
    let told: Vec<_> = children.into_iter().map(said).collect();
    let done = |count| told.iter().filter(|told| told.contains(&format!("applied {count}"))).count();
    assert_eq!(done(0) + done(1) + done(2), 8, "{told:#?}");
    assert_eq!(done(1) + 2 * done(2), 2, "{told:#?}");
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("sum"))).await, 40 * 39 / 2);
}

async fn a_process_that_is_killed_is_made_up_for(place: &RedisPlace) {
    const KEYS: usize = 10_000;
    let new = place.key("new");
    fill(place, (0..KEYS).map(|n| (format!("{}:{n}", place.key("old")), n.to_string()))).await;
    let mut child = start(place, "rename");
    // It is killed in the middle, as soon as the first batch is seen.
    while place.run::<i64>(&format!("EXISTS {}:chain/0001_a/main:up:1", place.part("cursor"))).await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it came to its end before it could be killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(count(place, &format!("{new}:*")).await < KEYS);
    // Nobody waits here for the lease of the dead to run out.
    let _: i64 = place.run(&format!("PEXPIRE {} 1", place.part("lock"))).await;
    let registry = named(place, "rename");
    place.apply(registry).await.unwrap();
    assert_eq!(
        (count(place, &format!("{}:*", place.key("old"))).await, count(place, &format!("{new}:*")).await),
        (0, KEYS)
    );
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("sum"))).await, 1);
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

async fn who_was_stopped_and_overtaken_writes_no_more(place: &RedisPlace) {
    use std::io::{BufRead, BufReader};
    let _: i64 = place.run("DEL alive:written alive:go").await;
    let mut child = start(place, "stops");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().map_while(std::result::Result::ok).any(|line| line.contains("waiting")));
    signal(&child, "-STOP");
    let _: i64 = place.run(&format!("PEXPIRE {} 1", place.part("lock"))).await;
    let registry = named(place, "stops");
    assert_eq!(place.apply(registry).await.unwrap().done.len(), 1);
    let _: () = place.run("SET alive:go 1").await;
    signal(&child, "-CONT");
    let rest: String = lines.map_while(std::result::Result::ok).collect();
    assert!(rest.contains("the lease ran out or was taken over by another run"), "{rest}");
    assert!(child.wait().unwrap().success());
    assert_eq!(place.run::<i64>("GET alive:written").await, 1);
    assert_eq!(place.events(registry).await, ["0001_a started 1", "0001_a statement 1", "0001_a applied"]);
}

async fn who_holds_the_lease_is_named(place: &RedisPlace) {
    let registry = named(place, "sum");
    let held = [
        "run",
        "somebody",
        "pid",
        "4711",
        "user",
        "ada",
        "host",
        "db7",
        "application",
        "shop",
        "since",
        "2030-01-01T00:00:00.000Z",
    ];
    let _: i64 = place.ask(cmd("HSET").arg(place.part("lock")).arg(&held)).await;
    let _: i64 = place.run(&format!("PEXPIRE {} 60000", place.part("lock"))).await;
    let mut databases = place.open(registry).await.unwrap();
    let migrator = place.migrator(registry).lock_wait(std::time::Duration::from_millis(100));
    let error = migrator.apply(&mut databases, &whimbrel::Target::Latest).await.unwrap_err();
    assert!(error.is_locked(), "{error:?}");
    for part in ["4711", "ada", "shop"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let now = place.migrator(registry).check(&mut databases).await.unwrap();
    assert!(matches!(&now, whimbrel::Readiness::InProgress { holder, .. } if holder.pid == 4711), "{now}");
    // One that would last for ever runs out like any other.
    let _: i64 = place.run(&format!("PERSIST {}", place.part("lock"))).await;
    migrator.apply(&mut databases, &whimbrel::Target::Latest).await.unwrap_err();
    assert!(place.run::<i64>(&format!("PTTL {}", place.part("lock"))).await > 0);
}
