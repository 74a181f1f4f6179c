//! What a ledger's texts look like.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::ledger::Known;
use crate::registry::Registry;

#[test]
fn a_prefix_that_makes_no_label_is_refused() {
    let location = |prefix: &str| Location::default().prefix(prefix);
    for prefix in ["", "__", "a\0", "a\\u0060"] {
        let location = location(prefix);
        let ledger =
            Ledger { language: &Cypher, location: &location, registry: &Registry::EMPTY, database: "graph", run: "r" };
        assert!(ledger.glance().is_err(), "{prefix}");
    }
    assert_eq!(Cypher.shown(&location("my_app"), "events"), ":MyAppEvent");
    assert_eq!(Cypher.shown(&location("1st"), "history"), ":`1stHistory`");
}

#[test]
fn what_changes_the_ledger_begins_with_the_fence() {
    let location = Location::default();
    let ledger =
        Ledger { language: &Cypher, location: &location, registry: &Registry::EMPTY, database: "it's", run: "r\\'" };
    let row: Row<'_> = vec![("registry", "a".into()), ("id", "b".into()), ("database", "c".into())];
    let fence = "MATCH (fence:WhimbrelLock {name: 'whimbrel fence'}) SET fence.seen = timestamp() WITH fence WHERE fence.run = \
                 'r\\\\\\'' ";
    let mut texts = vec![
        Cypher.delete(&ledger, "x", When::Rows(Known { rows: 2, newest: None })).unwrap(),
        Cypher.event(&ledger, &row, None).unwrap(),
        Cypher.realign(&ledger, "x", &row, Some("old")).unwrap(),
        Cypher.create(&ledger).unwrap().pop().unwrap(),
    ];
    let rows = When::Rows(Known { rows: 1, newest: None });
    texts.extend([When::Always, When::Absent, rows].map(|when| Cypher.insert(&ledger, &row, when).unwrap()));
    for text in texts {
        assert!(text.starts_with(fence) && text.contains(" AS held"), "{text}");
        assert!(!text.contains('\n'), "it would be taken apart: {text}");
    }
    assert!(Cypher.insert(&ledger, &row, When::Always).unwrap().contains("{key: 'a/b/c', registry: 'a', id: 'b'"));
}
