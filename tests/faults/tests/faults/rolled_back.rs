//! PostgreSQL: a rollback without a transaction is killed or cut off before and after every message. Whoever applies then is told that it has
//! not ended, or is right that everything is there; and the next rollback ends it, each statement done once.

use crate::place::Place;
use crate::points::points;
use crate::proxy::{Fault, Point, Proxy, Way};
use crate::victim::{Status, applying, end, kill, rolling_back, run};
use whimbrel_tests::Server;
use whimbrel_tests::{Sample, sample::say};

/// It rolls back to this one, which are so many.
const FIRST: &str = "0045_open_accounts";
const BACK: usize = 2;

/// Leaves the ledger's events out: they tell how often something was done.
async fn state(place: &mut Place) -> Vec<String> {
    let mut lines = place.state().await;
    lines.retain(|line| !line.starts_with("event "));
    lines
}

async fn apply(server: &Server) -> Status {
    run(&mut applying("back", server.url())).await.status
}

async fn roll_back(server: &Server) -> crate::victim::End {
    run(&mut rolling_back("back", FIRST, server.url())).await
}

/// What is there when everything is applied, when it is rolled back and when it is applied once more.
async fn undisturbed(place: &mut Place) -> [Vec<String>; 3] {
    assert_eq!(apply(&place.server).await, Status::Applied(3));
    let whole = state(place).await;
    let end = roll_back(&place.server).await;
    assert_eq!(end.status, Status::Applied(BACK), "{}", end.said);
    let back = state(place).await;
    assert_eq!(apply(&place.server).await, Status::Applied(BACK));
    [whole, back, state(place).await]
}

#[tokio::test]
async fn a_rollback_that_dies_at_any_message_is_seen_and_ended_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL, a rollback killed or cut off at a message";
    let mut sample = Sample::of(test);
    let (mut tried, mut halves, mut wrong) = (0, 0, Vec::new());
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        let undisturbed = undisturbed(&mut place).await;
        place.clear().await;
        assert_eq!(apply(&place.server).await, Status::Applied(3));
        let proxy = Proxy::new(place.server.url(), None).await;
        assert_eq!(run(&mut rolling_back("back", FIRST, proxy.url())).await.status, Status::Applied(BACK));
        let all = [Way::ToServer, Way::ToClient].into_iter().flat_map(|way| points(way, proxy.messages(way)));
        for point in sample.take(all, 20) {
            place.clear().await;
            assert_eq!(apply(&place.server).await, Status::Applied(3));
            disturbed(&place.server, point).await;
            tried += 1;
            match ended(&mut place, &undisturbed).await {
                Ok(half) => halves += usize::from(half),
                Err(why) => wrong.push(format!("PostgreSQL {version}, {point}: {why}")),
            }
        }
    }
    say(&format!("{test}: {tried} points tried, {halves} seen half rolled back, {} lost", wrong.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(halves * 4 > tried, "{halves} of {tried} runs died on their way");
}

/// Kills a rollback at a point, or cuts it off there.
async fn disturbed(server: &Server, point: Point) {
    let proxy = Proxy::new(server.url(), Some(point)).await;
    let mut process = rolling_back("back", FIRST, proxy.url()).spawn().unwrap();
    if point.fault == Fault::Hold {
        tokio::select! {
            () = proxy.reached() => return kill(process).await,
            // One message less than in the undisturbed run.
            _ = process.wait() => {}
        }
    }
    end(process).await;
}

/// Applies, and rolls back what that refuses to go behind; tells whether there was such a one.
async fn ended(place: &mut Place, undisturbed: &[Vec<String>; 3]) -> Result<bool, String> {
    let [whole, back, again] = undisturbed;
    let next = run(&mut applying("back", place.server.url())).await;
    let found = state(place).await;
    match next.status {
        // Nothing had been undone, or all of it.
        Status::Applied(0) if found == *whole => return Ok(false),
        Status::Applied(BACK) if found == *again => return Ok(false),
        // Of two migrations the last was gone, and the other not touched yet.
        Status::Applied(1) => return has_one_back(&found, whole).map(|()| false),
        Status::HalfRolledBack => {}
        _ => return Err(format!("{next:?}\n{}", crate::count::difference(&found, whole))),
    }
    let after = run(&mut rolling_back("back", FIRST, place.server.url())).await;
    let found = state(place).await;
    // Where the last one was gone already there is one left.
    let is_back = matches!(after.status, Status::Applied(1 | BACK));
    if !is_back || found != *back {
        return Err(format!("{after:?}\n{}", crate::count::difference(&found, back)));
    }
    match apply(&place.server).await {
        Status::Applied(BACK) if state(place).await == *again => Ok(true),
        other => Err(format!("{other:?}")),
    }
}

/// Holds what is there against everything, with the last migration done, undone and done again.
fn has_one_back(found: &[String], whole: &[String]) -> Result<(), String> {
    let row = |step: &str| format!("row tally {{\"step\": \"{step}\"}}");
    let mut wanted = whole.to_vec();
    wanted.extend([row("0047 down"), row("0047 up")]);
    wanted.sort();
    let difference = crate::count::difference(found, &wanted);
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}
