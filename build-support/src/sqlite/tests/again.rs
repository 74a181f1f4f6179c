//! What is kept changes nothing: a proof with it is the proof without it, whatever was edited in between.

use super::{said, steps};
use crate::sqlite::kept::Reader;
use crate::sqlite::prove;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// Writes a statement about a few tables that may or may not be there.
    fn statement(&mut self) -> String {
        let (a, b) = (self.pick(&["a", "b", "c", "d"]), self.pick(&["a", "b", "c", "d"]));
        let (x, y) = (self.pick(&["x", "y", "z"]), self.pick(&["x", "y", "z"]));
        match self.below(22) {
            0..=4 => format!("CREATE TABLE {a} (x INT, {y} TEXT, z REFERENCES {b} (x))"),
            5 => format!("CREATE TABLE IF NOT EXISTS {a} (x INTEGER PRIMARY KEY AUTOINCREMENT, y)"),
            6 | 7 => format!("DROP TABLE IF EXISTS {a}"),
            8 => format!("DROP TABLE {a}"),
            9 => format!("ALTER TABLE {a} RENAME TO {b}"),
            10 => format!("ALTER TABLE {a} RENAME COLUMN {x} TO {y}"),
            11 => format!("ALTER TABLE {a} DROP COLUMN {x}"),
            12 => format!("ALTER TABLE {a} ADD COLUMN {x} INT"),
            13 => format!("CREATE INDEX i{x} ON {a} ({y})"),
            14 | 15 => format!("CREATE VIEW v{a} AS SELECT {x}, {y} FROM {a}"),
            16 => format!("DROP VIEW IF EXISTS v{a}"),
            17 => format!("CREATE TRIGGER t{a} AFTER INSERT ON {a} BEGIN UPDATE {b} SET {x} = new.{y}; END"),
            18 => format!("INSERT INTO {a} ({x}) SELECT {y} FROM v{b}"),
            19 => format!("UPDATE {a} SET {x} = f({y})"),
            20 => "DELETE FROM sqlite_sequence".to_owned(),
            _ => self.pick(&["SELECT f('a')", "CREATE TABEL a (x)", "ANALYZE", "CREATE TEMP TABLE a (x)"]).to_owned(),
        }
    }

    fn migration(&mut self) -> (String, String) {
        if self.below(25) == 0 {
            return ("rust".to_owned(), String::new());
        }
        let mut script = |most| (0..=self.below(most)).map(|_| self.statement() + ";\n").collect::<String>();
        (script(3), script(2))
    }
}

#[test]
fn a_proof_with_what_was_kept_is_the_proof_without() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut sound, mut wrong, mut reused, mut judged) = (0, 0, 0, 0);
    for _ in 0..20 {
        let mut chain: Vec<(String, String)> = (0..14).map(|_| random.migration()).collect();
        let mut kept = Vec::new();
        for _ in 0..8 {
            let scripts: Vec<(&str, &str)> = chain.iter().map(|(up, down)| (up.as_str(), down.as_str())).collect();
            let fresh = prove(steps(&scripts), &[]);
            let again = prove(steps(&scripts), &kept);
            assert_eq!(said(&again, &scripts), said(&fresh, &scripts), "{scripts:#?}");
            assert_eq!(again.catalog(), fresh.catalog(), "{scripts:#?}");
            assert!(again.kept == fresh.kept, "{scripts:#?}");
            let mut entries = Reader::new(&fresh.kept, &prove([], &[]).kept).unwrap();
            assert_eq!(std::iter::from_fn(|| entries.next()).count(), scripts.len(), "{scripts:#?}");
            for (again, fresh) in again.steps.iter().zip(&fresh.steps) {
                let (own, other) = (&again.touched, &fresh.touched);
                assert_eq!(
                    (&own.before, &own.after, &own.after_down),
                    (&other.before, &other.after, &other.after_down)
                );
                assert_eq!(again.differences, fresh.differences);
                let verdicts = [&again.verdicts, &fresh.verdicts].map(|verdicts| format!("{verdicts:?}"));
                assert!(verdicts[0] == verdicts[1] && again.touches == fresh.touches, "{scripts:#?}");
                judged += fresh.verdicts.len();
                *(if fresh.findings.is_empty() { &mut sound } else { &mut wrong }) += 1;
            }
            reused += usize::from(!kept.is_empty());
            kept = fresh.kept;
            let at = random.below(chain.len());
            match random.below(6) {
                0 => drop(chain.remove(at)),
                1 => chain.insert(at, random.migration()),
                2 => chain.push(random.migration()),
                _ => chain[at] = random.migration(),
            }
        }
    }
    assert!(sound > 200 && wrong > 200 && reused > 100 && judged > 100, "{sound} {wrong} {reused} {judged}");
}

#[test]
fn what_cannot_be_understood_counts_for_nothing() {
    let chain = [
        (
            "CREATE TABLE t (a, b INT DEFAULT 1, UNIQUE (a)); CREATE VIEW v AS SELECT a FROM t",
            "DROP VIEW v; DROP TABLE t",
        ),
        (
            "CREATE TABLE new (a); INSERT INTO new SELECT a FROM t; DROP VIEW v; DROP TABLE t; ALTER TABLE new RENAME TO t",
            "",
        ),
        ("INSERT INTO t VALUES (1)", "SELECT x FROM nothing"),
    ];
    let fresh = prove(steps(&chain), &[]);
    let cut = (0..fresh.kept.len()).map(|end| fresh.kept[..end].to_vec());
    let long = [&prove([], &[]).kept, &[0xff; 9][..], &[0x7f]].concat();
    for kept in cut.chain([long, b"x".to_vec(), [b"0", fresh.kept.as_slice()].concat()]) {
        let again = prove(steps(&chain), &kept);
        assert_eq!(said(&again, &chain), said(&fresh, &chain), "{kept:?}");
        assert!(again.kept == fresh.kept && again.catalog() == fresh.catalog(), "{kept:?}");
    }
}

#[test]
fn no_byte_that_is_kept_makes_a_proof_panic() {
    let chain =
        [("CREATE TABLE t (a, b CHECK (b > 1)); CREATE INDEX i ON t (a)", "DROP TABLE t"), ("DROP TABLE t", "")];
    let kept = prove(steps(&chain), &[]).kept;
    for at in 0..kept.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, kept[at] ^ 1] {
            let mut other = kept.clone();
            other[at] = byte;
            let _ = prove(steps(&chain), &other).catalog();
        }
    }
}
