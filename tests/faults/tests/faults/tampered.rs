//! Somebody has changed the ledger by hand: the next run says so and does nothing.

use crate::state::state;
use crate::victim::{Status, chain, next};
use whimbrel_tests::Server;

/// What was done, and words of what is said about it.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: [Case; 5] = [
    (
        "a row from the middle is gone",
        "DELETE FROM whimbrel_history WHERE ordinal IN (5, 14) AND registry = 'whimbrel-faults'",
        &["index_emails", "its row is gone from the history"],
    ),
    (
        "the last row is gone",
        "DELETE FROM whimbrel_history WHERE ordinal IN (9, 18) AND registry = 'whimbrel-faults'",
        &["_transfer", "its row is gone from the history"],
    ),
    (
        "a checksum is another one",
        "UPDATE whimbrel_history SET checksum = 'ab' || substr(checksum, 3) WHERE ordinal IN (3, 12)",
        &["pay_interest", "was changed after it was applied"],
    ),
    ("an id is another one", "UPDATE whimbrel_history SET id = 'x' || id WHERE ordinal IN (9, 18)", &["_transfer"]),
    (
        "there is a row too many",
        "UPDATE whimbrel_history SET registry = 'whimbrel-faults', id = '0000_else', database = \
         (SELECT max(database) FROM whimbrel_history WHERE ordinal > 1) WHERE registry = 'whimbrel'",
        &["0000_else"],
    ),
];

/// The same in MySQL's words.
const MYSQL_CASES: [Case; 5] = [
    (
        "a row from the middle is gone",
        "DELETE FROM whimbrel_history WHERE ordinal = 28 AND registry = 'whimbrel-faults'",
        &["pay_interest", "its row is gone from the history"],
    ),
    (
        "the last row is gone",
        "DELETE FROM whimbrel_history WHERE ordinal = 30 AND registry = 'whimbrel-faults'",
        &["log_notes", "its row is gone from the history"],
    ),
    (
        "a checksum is another one",
        "UPDATE whimbrel_history SET checksum = CONCAT('ab', SUBSTR(checksum, 3)) WHERE ordinal = 28",
        &["pay_interest", "was changed after it was applied"],
    ),
    ("an id is another one", "UPDATE whimbrel_history SET id = CONCAT('x', id) WHERE ordinal = 30", &["log_notes"]),
    (
        "there is a row too many",
        "UPDATE whimbrel_history SET registry = 'whimbrel-faults', id = '0000_else', `database` = 'maria' WHERE registry = 'whimbrel'",
        &["0000_else"],
    ),
];

#[tokio::test]
async fn a_ledger_that_was_changed_by_hand_stops_a_run() {
    let _calm = crate::CALM.read().await;
    for case in CASES {
        for server in [Server::sqlite(), Server::postgres("18").await] {
            stops(&server, case).await;
        }
    }
    for case in MYSQL_CASES {
        stops(&Server::mysql("MARIADB").await, case).await;
    }
}

async fn stops(server: &Server, (what, change, words): Case) {
    assert_eq!(next(server).await.status, Status::Applied(chain(server).1));
    let whole = state(server).await;
    server.run(change).await;
    let before = state(server).await;
    assert_ne!(before, whole, "{what}: nothing was changed");
    let told = next(server).await;
    assert_eq!(told.status, Status::Failed, "{what}: {told:?}");
    assert!(words.iter().all(|word| told.said.contains(word)), "{what}: {told:?}");
    assert_eq!(state(server).await, before, "{what}: it was touched");
}
