//! SQLite's schema in the catalog's words.

use super::{chain, steps};
use crate::catalog::{Default, IndexPart, KeyKind, Relation, Table, Voice};
use crate::sqlite::{Proof, prove};

fn table(proof: &Proof, name: &str) -> Table {
    match &proof.catalog().schemas["main"].relations.get(name).unwrap() {
        Relation::Table(table) => table.as_ref().clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_with_everything() {
    let proof = chain(&[
        ("CREATE TABLE users (id INTEGER PRIMARY KEY, Name TEXT COLLATE NOCASE UNIQUE)", ""),
        (
            "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author INT NOT NULL DEFAULT 0 REFERENCES users (id) ON DELETE \
             CASCADE, title VARCHAR(20) CHECK (title IS NOT NULL), n AS (id + 1), CONSTRAINT short CHECK (length(title) < 20), \
             CONSTRAINT once UNIQUE (author, title));
             CREATE UNIQUE INDEX by_title ON posts (lower(title), author DESC) WHERE  title <> '';
             CREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END;
             CREATE VIEW v AS SELECT id, title AS t FROM posts;",
            "",
        ),
    ]);
    let (users, posts) = (table(&proof, "users"), table(&proof, "posts"));
    assert_eq!((users.columns[1].name.as_str(), users.columns[1].ty.as_str()), ("Name", "TEXT COLLATE NOCASE"));
    assert_eq!(users.keys["unique (Name)"].kind, KeyKind::Unique);
    assert_eq!(posts.columns[0].default, Default::Sequence("main.sqlite_sequence".into()));
    let author = &posts.columns[1];
    assert!(author.not_null && matches!(&author.default, Default::Expression(text) if text.text == "0"));
    let Default::Generated { expression, stored: false } = &posts.columns[3].default else { panic!("{posts:?}") };
    assert_eq!((expression.text.as_str(), expression.columns.as_slice()), ("id + 1", &["id".to_owned()][..]));
    let reference = &posts.references["foreign key (author) to users"];
    assert_eq!((reference.table.as_str(), reference.on_delete.as_str()), ("main.users", "CASCADE"));
    assert_eq!(posts.checks["check (title IS NOT NULL)"].proves_not_null.as_deref(), Some("title"));
    assert_eq!(posts.checks["short"].expression.columns, ["title"]);
    assert_eq!(posts.keys["once"].columns, ["author", "title"]);
    let index = &posts.indexes["by_title"];
    assert!(matches!(&index.keys[0].part, IndexPart::Expression(text) if text.text == "lower(title)"));
    assert_eq!(
        (index.keys[1].part.clone(), index.keys[1].options.as_str()),
        (IndexPart::Column("author".into()), "DESC")
    );
    assert_eq!(index.predicate.as_ref().map(|predicate| predicate.text.as_str()), Some("title <> ''"));
    assert!(posts.triggers.contains_key("t"));
    let catalog = proof.catalog();
    let Some(Relation::View(view)) = catalog.schemas["main"].relations.get("v") else { panic!() };
    assert_eq!(view.columns.as_ref().unwrap().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["id", "t"]);
}

#[test]
fn a_rollback_is_held_against_what_was_there_before() {
    let proof = chain(&[
        ("CREATE TABLE t (a INT, b TEXT)", "DROP TABLE t"),
        ("ALTER TABLE t ADD COLUMN c TEXT", "ALTER TABLE t DROP COLUMN c"),
        ("ALTER TABLE t DROP COLUMN b", "ALTER TABLE t ADD COLUMN b INT"),
        ("ALTER TABLE t RENAME TO u", "ALTER TABLE u RENAME TO t"),
        ("CREATE VIEW v AS SELECT a FROM u; CREATE INDEX i ON u (a)", "DROP VIEW v"),
        ("rust", ""),
        ("DROP TABLE u", "CREATE TABLE u (a INT)"),
    ]);
    let restored: Vec<Option<bool>> =
        proof.steps.iter().map(|step| Some(*step.touched.after_down.as_ref()? == step.touched.before)).collect();
    assert_eq!(restored, [Some(true), Some(true), Some(false), Some(true), Some(false), None, Some(false)]);
    assert_eq!(proof.steps[1].touched.after.schemas["main"].relations.len(), 1);
}

#[test]
fn another_way_to_write_the_same_is_no_difference() {
    let proof = chain(&[
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a varchar(8) DEFAULT NULL, b int default current_timestamp, CHECK (b is not null)); \
             CREATE VIEW v AS SELECT a FROM t WHERE b > 1",
            "",
        ),
        (
            "DROP VIEW v; ALTER TABLE t ADD COLUMN c",
            "CREATE TABLE u (id INTEGER PRIMARY KEY, a VARCHAR(8), b INT DEFAULT CURRENT_TIMESTAMP, CHECK (b IS NOT NULL) /* x */);\n\
             DROP TABLE t; ALTER TABLE u RENAME TO t;\n\
             CREATE VIEW v AS\n  select a -- all\n  from t\n  where b > 1;",
        ),
    ]);
    assert_eq!(proof.steps[1].touched.after_down.as_ref(), Some(&proof.steps[1].touched.before));
}

#[test]
fn a_new_name_is_one_change() {
    const USERS: &str = "CREATE TABLE Users (id INTEGER PRIMARY KEY, Mail TEXT NOT NULL UNIQUE CHECK (length(mail) > 3), \
         boss INT REFERENCES users); CREATE TABLE posts (author TEXT REFERENCES users (mail)); \
         CREATE INDEX by_mail ON users (lower(mail)) WHERE mail <> ''; \
         CREATE VIEW mails AS SELECT mail AS address FROM users WHERE mail > ''; \
         CREATE TRIGGER watch AFTER UPDATE OF mail ON users BEGIN UPDATE posts SET author = new.mail; END;";
    for (script, words) in [
        ("ALTER TABLE users RENAME COLUMN MAIL TO Email", &["renames column `Users.Mail` to `Email`"][..]),
        ("ALTER TABLE users RENAME TO people", &["renames table `Users` to `people`"]),
        (
            "ALTER TABLE users RENAME mail TO m; ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME m TO email; \
             ALTER TABLE people ADD age INT",
            &[
                "renames table `Users` to `people`",
                "renames column `people.Mail` to `email`",
                "adds column `people.age`",
            ],
        ),
        (
            "DROP TRIGGER watch; CREATE TABLE n (author TEXT); DROP TABLE posts; ALTER TABLE n RENAME TO posts",
            &["drops trigger `watch` of `Users`", "drops foreign key `foreign key (author) to users` of `posts`"],
        ),
        ("SAVEPOINT s; ALTER TABLE posts RENAME TO p; ROLLBACK TO s", &[]),
    ] {
        let scripts = [(USERS, ""), (script, "")];
        let proof = chain(&scripts);
        let said = |proof: &Proof| {
            let changes = proof.steps[1].differences.changes.iter();
            changes.map(|change| change.words(Voice::Deed)).collect::<Vec<_>>()
        };
        assert_eq!(said(&proof), words, "{script}");
        assert_eq!(said(&prove(steps(&scripts), &proof.kept)), words, "{script}");
    }
}

#[test]
fn kept_catalogs_are_the_same() {
    let scripts = [("CREATE TABLE t (a INT, b TEXT UNIQUE)", "DROP TABLE t"), ("CREATE INDEX i ON t (a)", "")];
    let (fresh, kept) = (chain(&scripts), chain(&scripts).kept);
    let again = prove(steps(&scripts), &kept);
    assert_eq!(again.catalog(), fresh.catalog());
    assert_eq!(again.steps[1].touched.before, fresh.steps[1].touched.before);
    assert_ne!(fresh.steps[1].touched.before, fresh.steps[1].touched.after);
}
