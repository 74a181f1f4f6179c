//! PostgreSQL: the process is killed, or the connection cut, at every message of the protocol, both ways.

use crate::count::Count;
use crate::place::Place;
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::sample::Sample;
use crate::victim::{End, Status, end, kill, next, run, victim};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;
use whimbrel_tests::Server;

const VERSIONS: [&str; 3] = ["12", "15", "18"];

#[tokio::test]
async fn a_run_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL, killed or cut off at a message";
    let mut sample = Sample::of(test);
    let (mut work, mut undisturbed) = (Vec::new(), HashMap::new());
    for (n, version) in VERSIONS.into_iter().enumerate() {
        let mut place = Place::new(version).await;
        let proxy = Proxy::new(place.server.url(), None).await;
        let whole = run(&mut victim(&place.server, proxy.url())).await;
        assert_eq!(whole.status, Status::Applied(9), "{}", whole.said);
        undisturbed.insert(version, place.state().await);
        for way in [Way::ToServer, Way::ToClient] {
            // Each version has its own share of a sample.
            let some = sample.take(points(way, proxy.messages(way)), 3 * 15).into_iter().enumerate();
            let takes_all = sample.takes_all();
            let mine = some.filter(|(at, _)| takes_all || at % VERSIONS.len() == n);
            work.extend(mine.map(|(_, point)| (version, point)));
        }
    }
    let mut count = Count::default();
    for Tried { version, point, first, second, found } in try_all(work).await {
        let name = format!("PostgreSQL {version}, {point}");
        if let (Some(End { status: Status::Applied(_), .. }), Status::Applied(1..)) = (&first, second.status) {
            count.lose(&name, "the first run said that it had applied everything");
        }
        count.add(&name, &second, &found, &undisturbed[version]);
    }
    count.close(test);
}

fn points(way: Way, messages: usize) -> impl Iterator<Item = Point> {
    (1..=messages).flat_map(move |number| {
        [(false, Fault::Hold), (true, Fault::Hold), (false, Fault::Cut), (true, Fault::Cut)]
            .map(|(after, fault)| Point { way, at: At::Number(number), after, fault })
    })
}

struct Tried {
    version: &'static str,
    point: Point,
    first: Option<End>,
    second: End,
    found: Vec<String>,
}

/// Tries each point, some at the same time.
async fn try_all(work: Vec<(&'static str, Point)>) -> Vec<Tried> {
    let (mut workers, work) = (JoinSet::new(), Arc::new(Mutex::new(work)));
    for _ in 0..3 {
        let work = Arc::clone(&work);
        workers.spawn(async move {
            let (mut places, mut tried) = (HashMap::new(), Vec::new());
            loop {
                let Some((version, point)) = work.lock().unwrap().pop() else { return tried };
                if !places.contains_key(version) {
                    places.insert(version, Place::new(version).await);
                }
                let place = places.get_mut(version).unwrap();
                place.clear().await;
                let first = disturbed(&place.server, point).await;
                let second = next(&place.server).await;
                tried.push(Tried { version, point, first, second, found: place.state().await });
            }
        });
    }
    workers.join_all().await.into_iter().flatten().collect()
}

/// Runs into a point; gives how it ended, unless it was killed there.
async fn disturbed(server: &Server, point: Point) -> Option<End> {
    let proxy = Proxy::new(server.url(), Some(point)).await;
    let mut process = victim(server, proxy.url()).spawn().unwrap();
    if point.fault == Fault::Cut {
        return Some(end(process).await);
    }
    tokio::select! {
        () = proxy.reached() => {}
        // One message less than in the undisturbed run.
        _ = process.wait() => return Some(end(process).await),
    }
    kill(process).await;
    None
}
