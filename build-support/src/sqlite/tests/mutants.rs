//! Chains with a slip in them: what SQLite refuses is found, and what it accepts is not refused.

use super::corpus::authelia;
use super::steps;
use crate::sql::{Dialect, Script, TokenKind};
use crate::sqlite::prove;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// A chain with all that SQLite has: rebuilt tables, views, triggers, full-text search, partial and expression indexes.
const OWN: [&str; 8] = [
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE COLLATE NOCASE, created_at TEXT DEFAULT CURRENT_TIMESTAMP);
     CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, title TEXT CHECK (length(title) > 0), body TEXT);
     CREATE INDEX posts_author ON posts (author_id, title DESC) WHERE body IS NOT NULL;",
    "CREATE VIEW authors AS SELECT u.id, u.email, count(p.id) AS written FROM users u LEFT JOIN posts p ON p.author_id = u.id GROUP BY u.id;
     INSERT INTO users (email) VALUES ('a@example.org'), ('b@example.org');",
    "ALTER TABLE posts ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
     UPDATE posts SET published = 1 WHERE body <> '';",
    "CREATE TABLE audit (post_id INTEGER, happened TEXT);
     CREATE TRIGGER posts_audit AFTER UPDATE OF title ON posts WHEN old.title <> new.title BEGIN
       INSERT INTO audit (post_id, happened) VALUES (new.id, 'renamed ' || old.title);
       DELETE FROM audit WHERE post_id NOT IN (SELECT id FROM posts);
     END;",
    "DROP VIEW authors; DROP TRIGGER posts_audit;
     CREATE TABLE new_posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, title TEXT NOT NULL, body TEXT, published INTEGER NOT NULL);
     INSERT INTO new_posts (id, author_id, title, body, published) SELECT id, author_id, coalesce(title, ''), body, published FROM posts;
     DROP TABLE posts;
     ALTER TABLE new_posts RENAME TO posts;",
    "ALTER TABLE users RENAME COLUMN email TO mail;
     ALTER TABLE audit DROP COLUMN happened;
     CREATE UNIQUE INDEX users_mail ON users (lower(mail));",
    "CREATE VIRTUAL TABLE search USING fts5(title, body, content = 'posts', content_rowid = 'id');
     CREATE TRIGGER posts_search AFTER INSERT ON posts BEGIN INSERT INTO search (rowid, title, body) VALUES (new.id, new.title, new.body); END;
     INSERT INTO search (search) VALUES ('rebuild');",
    "WITH latest AS (SELECT max(id) AS id, author_id FROM posts GROUP BY author_id)
     UPDATE users SET created_at = 'now' WHERE id IN (SELECT author_id FROM latest);
     DROP INDEX users_mail; DROP TABLE audit;",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Runs everything, rows and all, in a plain database; gives the first refusal.
fn refusal(chain: &[String]) -> Option<String> {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    // Authelia brings this one along.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("BIN2B64", 1, flags, |_| Ok(rusqlite::types::Null)).unwrap();
    for (step, text) in chain.iter().enumerate() {
        let script = Script::parse(text, Dialect::Sqlite).ok()?;
        for statement in script.body() {
            let run = || -> rusqlite::Result<()> {
                let mut statement = db.prepare(&text[statement.range.clone()])?;
                let mut rows = statement.raw_query();
                while rows.next()?.is_some() {}
                Ok(())
            };
            if let Err(error) = run() {
                return Some(format!("{step} [{}] {error}", &text[statement.range.clone()]));
            }
        }
    }
    None
}

/// Slips once: a letter, a word or a statement.
fn mutate(text: &str, random: &mut Random) -> Option<String> {
    let script = Script::parse(text, Dialect::Sqlite).ok()?;
    let words: Vec<_> = script
        .tokens()
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName) && token.end - token.start > 2)
        .collect();
    let word = words.get(random.below(words.len()))?.range();
    let changed = match random.below(8) {
        0..=2 => {
            let mut letters: Vec<char> = text[word.clone()].chars().collect();
            let at = 1 + random.below(letters.len() - 2);
            match random.below(3) {
                0 => letters.swap(at - 1, at),
                1 => drop(letters.remove(at)),
                _ => letters.insert(at, letters[at]),
            }
            letters.into_iter().collect()
        }
        3 | 4 => text[words[random.below(words.len())].range()].to_owned(),
        5 => String::new(),
        other => {
            let statement = script.statements().get(random.below(script.statements().len()))?.range.clone();
            let twice = format!("{}; {}", &text[statement.clone()], &text[statement.clone()]);
            let instead = if other == 6 { String::new() } else { twice };
            return Some(format!("{}{instead}{}", &text[..statement.start], &text[statement.end..]));
        }
    };
    Some(format!("{}{changed}{}", &text[..word.start], &text[word.end..]))
}

/// Counts mutants that SQLite refuses, and those of them that are not found.
fn hold(chain: &[String], mutants: usize, random: &mut Random) -> (usize, Vec<String>) {
    assert_eq!(refusal(chain), None);
    let pairs = |chain: &[String]| chain.iter().map(|up| (up.clone(), String::new())).collect::<Vec<_>>();
    let proved = |chain: &[String], kept: &[u8]| {
        let pairs = pairs(chain);
        let scripts: Vec<(&str, &str)> = pairs.iter().map(|(up, down)| (up.as_str(), down.as_str())).collect();
        prove(steps(&scripts), kept)
    };
    let kept = proved(chain, &[]).kept;
    let (mut refused, mut missed) = (0, Vec::new());
    for _ in 0..mutants {
        let at = random.below(chain.len());
        let Some(text) = mutate(&chain[at], random).filter(|text| Script::parse(text, Dialect::Sqlite).is_ok()) else {
            continue;
        };
        let mut mutant = chain.to_vec();
        mutant[at] = text;
        let proof = proved(&mutant, &kept);
        let found: Vec<_> =
            proof.steps.iter().flat_map(|step| &step.findings).map(|(_, found)| &found.message).collect();
        match refusal(&mutant) {
            Some(why) => {
                // Rows are not looked at, and a function may be an application's own.
                let is_beyond = ["constraint failed", "no such function"].iter().any(|words| why.contains(words));
                refused += usize::from(!is_beyond);
                if found.is_empty() && !is_beyond {
                    missed.push(why);
                }
            }
            None => assert!(found.is_empty(), "{found:?}\n{}\n{}", chain[at], mutant[at]),
        }
    }
    (refused, missed)
}

#[test]
fn a_chain_with_a_slip() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (refused, missed) = hold(&OWN.map(str::to_owned), 400, &mut random);
    assert!(refused > 150, "{refused}");
    assert!(missed.len() * 100 <= refused * 3, "{} of {refused}: {missed:#?}", missed.len());
}

#[test]
fn authelia_with_a_slip() {
    let Some(chain) = authelia() else { return };
    let chain: Vec<String> = chain.into_iter().map(|(up, _)| up).collect();
    let (refused, missed) = hold(&chain, 150, &mut Random(0x2545_f491_4f6c_dd1d));
    assert!(refused > 50, "{refused}");
    assert!(missed.len() * 100 <= refused * 3, "{} of {refused}: {missed:#?}", missed.len());
}
