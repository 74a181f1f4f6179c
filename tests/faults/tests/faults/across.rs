//! One plan over a server and a file: the process is killed at a message or at an operation on the file, wherever in the plan
//! that is, and the next run goes on in both.

use crate::by_operation::file;
use crate::count::Count;
use crate::place::Place;
use crate::points::points;
use crate::proxy::{Fault, Proxy, Way};
use crate::state::state;
use crate::victim::{End, Status, applying, end, kill, run};
use tokio::process::Command;
use whimbrel_tests::Sample;
use whimbrel_tests::Server;

struct Both {
    place: Place,
    file: Server,
}

impl Both {
    async fn new() -> Both {
        Both { place: Place::new("15").await, file: file("wal").await }
    }

    /// Makes the command of a run that reaches the server at a URL.
    fn command(&self, url: &str) -> Command {
        let mut command = applying("both", url);
        command.arg(self.file.url());
        command
    }

    async fn next(&self) -> End {
        run(&mut self.command(self.place.server.url())).await
    }

    async fn state(&mut self) -> Vec<String> {
        let (server, file) = (self.place.state().await, state(&self.file).await);
        let named =
            |name: &'static str, lines: Vec<String>| lines.into_iter().map(move |line| format!("{name} {line}"));
        named("server", server).chain(named("file", file)).collect()
    }

    async fn clear(&mut self) {
        self.place.clear().await;
        self.file = file("wal").await;
    }
}

#[tokio::test]
async fn a_run_over_both_that_is_killed_at_a_message_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL and SQLite in one plan, killed or cut off at a message";
    let (mut sample, mut both, mut count) = (Sample::of(test), Both::new().await, Count::default());
    let proxy = Proxy::new(both.place.server.url(), None).await;
    let whole = run(&mut both.command(proxy.url())).await;
    assert_eq!(whole.status, Status::Applied(18), "{}", whole.said);
    let undisturbed = both.state().await;
    for way in [Way::ToServer, Way::ToClient] {
        for point in sample.take(points(way, proxy.messages(way)), 20) {
            both.clear().await;
            let proxy = Proxy::new(both.place.server.url(), Some(point)).await;
            let mut process = both.command(proxy.url()).spawn().unwrap();
            if point.fault == Fault::Cut {
                end(process).await;
            } else {
                tokio::select! {
                    () = proxy.reached() => kill(process).await,
                    _ = process.wait() => {}
                }
            }
            // Nobody holds the dead one's connection open.
            drop(proxy);
            let second = both.next().await;
            count.add(&point.to_string(), &second, &both.state().await, &undisturbed);
        }
    }
    count.close(test);
}

#[tokio::test]
async fn a_run_over_both_that_dies_at_an_operation_on_the_file_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL and SQLite in one plan, killed at an operation on the file";
    let (mut sample, mut both, mut count) = (Sample::of(test), Both::new().await, Count::default());
    let faulty = |both: &Both, fault: &str| {
        let files = both.file.url().strip_prefix("sqlite:").expect("the URL of a file").to_owned();
        let mut command = both.command(both.place.server.url());
        command.env("FAULT_FILES", files).env("FAULT", fault);
        command
    };
    let whole = run(&mut faulty(&both, "count:0")).await;
    assert_eq!(whole.status, Status::Applied(18), "{}", whole.said);
    let (operations, undisturbed) = (whole.number("operations").expect("they are counted"), both.state().await);
    let all = (1..=operations).flat_map(|number| ["before", "within", "after"].map(|kind| format!("{kind}:{number}")));
    for fault in sample.take(all, 40) {
        both.clear().await;
        let first = run(&mut faulty(&both, &fault)).await;
        match first.status {
            Status::Killed => {}
            // Closing the file makes its last operations, and the process may end before them.
            Status::Applied(18) => continue,
            _ => count.lose(&fault, &format!("was not killed: {first:?}")),
        }
        let second = both.next().await;
        count.add(&fault, &second, &both.state().await, &undisturbed);
    }
    count.close(test);
}
