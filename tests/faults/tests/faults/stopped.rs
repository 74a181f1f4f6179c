//! The process that migrates is stopped (`SIGSTOP`), others come meanwhile, and then it goes on.

use crate::count::Count;
use crate::place::Place;
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::state::state;
use crate::victim::{End, Status, chain, end, next, run, victim};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::process::Child;
use whimbrel_tests::Sample;
use whimbrel_tests::Server;

/// Who comes meanwhile waits so many milliseconds.
const PATIENCE: &str = "300";

/// Sends a signal to a process, unless it has ended.
fn signal(process: &Child, signal: Signal) {
    if let Some(id) = process.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
        let _ = kill_process(id, signal);
    }
}

#[tokio::test]
async fn a_stopped_holder_keeps_others_out_and_is_named() {
    let _calm = crate::CALM.read().await;
    keeps_others_out("PostgreSQL, the holder stopped and continued", Place::new("18").await, "whimbrel").await;
}

#[tokio::test]
async fn a_stopped_holder_on_mariadb_keeps_others_out_and_is_named() {
    keeps_others_out("MariaDB, the holder stopped and continued", Place::mariadb().await, "of user root").await;
}

async fn keeps_others_out(test: &str, mut place: Place, name: &str) {
    let (mut sample, mut count, mut kept_out) = (Sample::of(test), Count::default(), 0);
    let proxy = Proxy::new(place.server.url(), None).await;
    let whole = Status::Applied(chain(&place.server).1);
    assert_eq!(run(&mut victim(&place.server, proxy.url())).await.status, whole);
    let undisturbed = place.state().await;
    for number in sample.take(1..=proxy.messages(Way::ToServer), 12) {
        place.clear().await;
        // With the message passed on, the server is at work while the holder is stopped.
        let after = number % 2 == 0;
        let point = Point { way: Way::ToServer, at: At::Number(number), after, fault: Fault::Hold };
        let proxy = Proxy::new(place.server.url(), Some(point)).await;
        let mut holder = victim(&place.server, proxy.url()).spawn().unwrap();
        tokio::select! {
            () = proxy.reached() => signal(&holder, Signal::STOP),
            _ = holder.wait() => {}
        }
        let before = place.state().await;
        let other = meanwhile(&place.server).await;
        match other.status {
            Status::Locked => {
                kept_out += 1;
                let named = other.said.contains("by process ") && other.said.contains(name);
                if !named || (!after && place.state().await != before) {
                    count.lose(&point.to_string(), &format!("not named, or not left as it was: {}", other.said));
                }
            }
            Status::Applied(_) | Status::Asks => {}
            Status::Failed | Status::Killed | Status::HalfRolledBack => {
                count.lose(&point.to_string(), &format!("meanwhile: {other:?}"))
            }
        }
        proxy.go_on();
        signal(&holder, Signal::CONT);
        let holder = end(holder).await;
        let last = if matches!(holder.status, Status::Applied(_)) { next(&place.server).await } else { holder };
        count.add(&point.to_string(), &last, &place.state().await, &undisturbed);
    }
    assert!(kept_out > 0, "{test}: nobody was kept out");
    count.close(test);
}

#[tokio::test]
async fn a_stopped_holder_whose_session_was_ended_does_nothing_twice() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL, the holder stopped, its session ended, another run, the holder continued";
    does_nothing_twice(test, Place::new("15").await).await;
}

#[tokio::test]
async fn a_stopped_holder_on_mariadb_whose_session_was_ended_does_nothing_twice() {
    let test = "MariaDB, the holder stopped, its session ended, another run, the holder continued";
    does_nothing_twice(test, Place::mariadb().await).await;
}

async fn does_nothing_twice(test: &str, mut place: Place) {
    let (mut sample, mut count) = (Sample::of(test), Count::default());
    let proxy = Proxy::new(place.server.url(), None).await;
    let whole = Status::Applied(chain(&place.server).1);
    assert_eq!(run(&mut victim(&place.server, proxy.url())).await.status, whole);
    let undisturbed = place.state().await;
    for number in sample.take(1..=proxy.messages(Way::ToServer), 12) {
        place.clear().await;
        let point = Point { way: Way::ToServer, at: At::Number(number), after: true, fault: Fault::Hold };
        let proxy = Proxy::new(place.server.url(), Some(point)).await;
        let mut holder = victim(&place.server, proxy.url()).spawn().unwrap();
        tokio::select! {
            () = proxy.reached() => signal(&holder, Signal::STOP),
            _ = holder.wait() => {}
        }
        place.end_others().await;
        let other = next(&place.server).await;
        proxy.go_on();
        signal(&holder, Signal::CONT);
        // Its connection is gone, which it says, unless it had nothing more to do.
        let holder = end(holder).await;
        if matches!(holder.status, Status::Applied(1..)) && matches!(other.status, Status::Applied(1..)) {
            count.lose(&point.to_string(), &format!("both say that they did it: {holder:?}, {other:?}"));
        }
        count.add(&point.to_string(), &other, &place.state().await, &undisturbed);
    }
    count.close(test);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_process_stopped_at_a_file_does_nothing_twice() {
    let test = "SQLite, the holder stopped and continued";
    let (mut sample, mut count) = (Sample::of(test), Count::default());
    let alone = Server::sqlite();
    let whole = run(&mut crate::by_operation::faulty(&alone, "count:0")).await;
    let undisturbed = state(&alone).await;
    for number in sample.take(1..=whole.number("operations").unwrap(), 25) {
        let name = format!("stopped before operation {number}");
        let server = Server::sqlite();
        let holder = crate::by_operation::faulty(&server, &format!("stop:{number}")).spawn().unwrap();
        let stopped = has_stopped(&holder).await;
        // Nobody can read it now as a database.
        let before = bytes(&server);
        let other = meanwhile(&server).await;
        if other.status == Status::Locked && bytes(&server) != before {
            count.lose(&name, "not left as it was");
        }
        if matches!(other.status, Status::Failed | Status::Killed) {
            count.lose(&name, &format!("meanwhile: {other:?}"));
        }
        if stopped {
            signal(&holder, Signal::CONT);
        }
        let holder = end(holder).await;
        let last = if matches!(holder.status, Status::Applied(_)) { next(&server).await } else { holder };
        count.add(&name, &last, &state(&server).await, &undisturbed);
    }
    count.close(test);
}

/// Another run comes, and does not wait for long.
async fn meanwhile(server: &Server) -> End {
    run(victim(server, server.url()).env("LOCK_WAIT", PATIENCE)).await
}

/// Gives what is in a file and in its journal.
#[cfg(target_os = "linux")]
fn bytes(server: &Server) -> [Option<Vec<u8>>; 2] {
    let path = server.url().strip_prefix("sqlite:").expect("the URL of a file");
    [std::fs::read(path).ok(), std::fs::read(format!("{path}-journal")).ok()]
}

/// Waits until a process has stopped itself; tells whether it did, and did not end.
async fn has_stopped(process: &Child) -> bool {
    let Some(id) = process.id().and_then(|id| Pid::from_raw(id.cast_signed())) else { return false };
    let options = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let waited = tokio::task::spawn_blocking(move || waitid(WaitId::Pid(id), options)).await.unwrap();
    waited.is_ok_and(|status| status.is_some_and(|status| status.stopped()))
}
