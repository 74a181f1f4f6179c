//! The messages of a run, each a point at which its process dies or its connection is cut, and what comes of that.

use crate::count::{Count, difference, more_than_once};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::site::Site;
use crate::victim::{End, Status, end, kill, run};
use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;
use whimbrel_tests::sample::{Sample, say};

/// So many points are tried at the same time where each has a database of its own.
pub(crate) const AT_ONCE: usize = 3;

/// After so many points it is told how many are through.
const TOLD: usize = 200;

/// Says what is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial {
    pub(crate) test: &'static str,
    /// The migrations that an undisturbed run applies.
    pub(crate) applied: usize,
    /// So many points a sample has about, of all kinds together.
    pub(crate) about: usize,
    /// So many points are tried at the same time.
    pub(crate) at_once: usize,
    /// There are points at which only a person can know what was done.
    pub(crate) in_doubt: bool,
}

impl Trial {
    /// Begins with what holds where each point has a database of its own, and every run is to end well.
    pub(crate) fn of(test: &'static str, applied: usize, about: usize) -> Trial {
        Trial { test, applied, about, at_once: AT_ONCE, in_doubt: false }
    }
}

/// Tries the points of a run at sites of each kind, and fails if one did not end as it has to.
pub(crate) async fn all_end_well<K, M, F>(trial: Trial, kinds: &[K], make: M)
where
    K: Copy + Eq + Hash + Display + Send + 'static,
    M: Fn(K) -> F + Clone + Send + 'static,
    F: Future<Output = Site> + Send,
{
    let Trial { test, applied, about, at_once, in_doubt } = trial;
    let mut sample = Sample::of(test);
    let (mut work, mut undisturbed) = (Vec::new(), HashMap::new());
    for (n, &kind) in kinds.iter().enumerate() {
        let mut site = make(kind).await;
        site.clear().await;
        let proxy = Proxy::new(site.url(), None).await;
        let whole = run(&mut site.command(proxy.url())).await;
        assert_eq!(whole.status, Status::Applied(applied), "{}", whole.said);
        undisturbed.insert(kind, site.place.state().await);
        for way in [Way::ToServer, Way::ToClient] {
            // Each kind has its own share of a sample.
            let some = sample.take(points(way, proxy.messages(way)), about / 2).into_iter().enumerate();
            let takes_all = sample.takes_all();
            let mine = some.filter(|(at, _)| takes_all || at % kinds.len() == n);
            work.extend(mine.map(|(_, point)| (kind, point)));
        }
    }
    let (mut count, mut passed_by, tried) = (Count::default(), 0, work.len());
    for Tried { site, point, first, second, found, .. } in try_all(work, at_once, make).await {
        let name = format!("{site}, {point}");
        passed_by += usize::from(first.as_ref().is_some_and(|end| matches!(end.status, Status::Applied(_))));
        if let (Some(End { status: Status::Applied(_), .. }), Status::Applied(1..)) = (&first, second.status) {
            count.lose(&name, "the first run said that it had applied everything");
        }
        if in_doubt && second.status == Status::Asks && more_than_once(&found, &undisturbed[&site]) {
            count.lose(&name, &difference(&found, &undisturbed[&site]));
        }
        count.add(&name, &second, &found, &undisturbed[&site]);
    }
    // Near its end a run has done everything already.
    assert!(passed_by * 10 < tried, "{test}: {passed_by} of {tried} runs ended as if nothing had happened");
    if in_doubt { count.close_in_doubt(test) } else { count.close(test) }
}

/// Lists the points of so many messages that go one way.
pub(crate) fn points(way: Way, messages: usize) -> impl Iterator<Item = Point> {
    (1..=messages).flat_map(move |number| {
        [(false, Fault::Hold), (true, Fault::Hold), (false, Fault::Cut), (true, Fault::Cut)]
            .map(|(after, fault)| Point { way, at: At::Number(number), after, fault })
    })
}

/// Holds what came of a point at a site of a kind.
#[derive(Debug)]
pub(crate) struct Tried<K> {
    pub(crate) site: K,
    pub(crate) point: Point,
    /// How the run ended that was not killed.
    pub(crate) first: Option<End>,
    pub(crate) second: End,
    /// Runs after that, where it did not end well and its site gives it more.
    pub(crate) later: Vec<End>,
    pub(crate) found: Vec<String>,
}

/// Tries each point at a site of its kind, so many at the same time.
pub(crate) async fn try_all<K, M, F>(work: Vec<(K, Point)>, at_once: usize, make: M) -> Vec<Tried<K>>
where
    K: Copy + Eq + Hash + Send + 'static,
    M: Fn(K) -> F + Clone + Send + 'static,
    F: Future<Output = Site> + Send,
{
    let (mut workers, all, through) = (JoinSet::new(), work.len(), Arc::new(AtomicUsize::new(0)));
    let work = Arc::new(Mutex::new(work));
    for _ in 0..at_once {
        let (work, make, through) = (Arc::clone(&work), make.clone(), Arc::clone(&through));
        workers.spawn(async move {
            let (mut sites, mut tried) = (HashMap::new(), Vec::new());
            loop {
                let Some((kind, point)) = work.lock().unwrap().pop() else { return tried };
                let mut site: Site = match sites.remove(&kind) {
                    Some(site) => site,
                    None => make(kind).await,
                };
                site.clear().await;
                let first = disturbed(&site, point).await;
                site.place.age().await;
                let mut later = site.runs().await;
                let second = later.remove(0);
                tried.push(Tried { site: kind, point, first, second, later, found: site.place.state().await });
                sites.insert(kind, site);
                let through = through.fetch_add(1, Ordering::SeqCst) + 1;
                if through.is_multiple_of(TOLD) {
                    say(&format!("{through} of {all} points tried"));
                }
            }
        });
    }
    workers.join_all().await.into_iter().flatten().collect()
}

/// Runs into a point; gives how it ended, unless it was killed there.
async fn disturbed(site: &Site, point: Point) -> Option<End> {
    let proxy = Proxy::new(site.url(), Some(point)).await;
    let mut process = site.command(proxy.url()).spawn().unwrap();
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
