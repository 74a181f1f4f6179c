use crate::catalog::Simulator;
use crate::catalog::{Voice, difference_since};
use crate::postgres;

/// Says what a script does after another one.
fn done(before: &str, script: &str) -> Vec<String> {
    let mut simulator = Simulator::new(false);
    let follow = |simulator: &mut Simulator, text: &str| {
        assert_eq!(postgres::read(text).errors, [], "{text}");
        for statement in &postgres::read(text).statements {
            assert_eq!(simulator.follow(text, statement), [], "{text}");
        }
    };
    follow(&mut simulator, before);
    let (first, mark) = (simulator.catalog.clone(), simulator.mark());
    follow(&mut simulator, script);
    let changes = difference_since(&first, &simulator.catalog, &simulator.renames(mark));
    changes.iter().map(|change| change.words(Voice::Deed)).collect()
}

const USERS: &str = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b int);
    CREATE TABLE users (id serial PRIMARY KEY, mail text NOT NULL UNIQUE CONSTRAINT short CHECK (length(mail) < 80), feels mood);
    CREATE TABLE posts (id int PRIMARY KEY, author text REFERENCES users (mail));
    CREATE INDEX by_mail ON users (lower(mail)) WHERE mail <> ''; CREATE SEQUENCE numbers;
    CREATE VIEW mails AS SELECT mail FROM users; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';";

#[test]
fn a_new_name_is_one_change_and_nothing_that_goes_by_it_is_another() {
    for (script, words) in [
        ("ALTER TABLE users RENAME COLUMN mail TO email", "renames column `users.mail` to `email`"),
        ("ALTER TABLE users RENAME TO people", "renames table `users` to `people`"),
        ("ALTER INDEX by_mail RENAME TO by_email", "renames index `by_mail` of `users` to `by_email`"),
        ("ALTER TABLE users RENAME CONSTRAINT short TO brief", "renames check `short` of `users` to `brief`"),
        ("ALTER TABLE users RENAME CONSTRAINT users_pkey TO pk", "renames primary key `users_pkey` of `users` to `pk`"),
        ("ALTER TYPE mood RENAME TO feeling", "renames type `mood` to `feeling`"),
        ("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", "renames value `ok` of `mood` to `fine`"),
        ("ALTER TYPE pair RENAME ATTRIBUTE a TO c", "renames attribute `pair.a` to `c`"),
        ("ALTER VIEW mails RENAME TO addresses", "renames view `mails` to `addresses`"),
        ("ALTER VIEW mails RENAME COLUMN mail TO address", "renames column `mails.mail` to `address`"),
        ("ALTER SEQUENCE numbers RENAME TO counts", "renames sequence `numbers` to `counts`"),
        ("ALTER SEQUENCE users_id_seq RENAME TO people_id_seq", "renames sequence `users_id_seq` to `people_id_seq`"),
        ("ALTER FUNCTION f RENAME TO g", "renames function `f` to `g`"),
        ("ALTER SCHEMA public RENAME TO app", "renames schema `public` to `app`"),
    ] {
        assert_eq!(done(USERS, script), [words], "{script}");
    }
    let app = format!("CREATE SCHEMA app; {USERS}");
    assert_eq!(done(&app, "ALTER TABLE posts SET SCHEMA app"), ["moves table `posts` to schema `app`"]);
    assert_eq!(
        done(&app, "ALTER TABLE posts SET SCHEMA app; ALTER TABLE app.posts RENAME TO texts"),
        ["renames table `posts` to `app.texts`"]
    );
}

#[test]
fn what_changes_besides_is_said_by_the_new_names() {
    assert_eq!(
        done(
            USERS,
            "ALTER TABLE users RENAME COLUMN mail TO m; ALTER TABLE users RENAME TO people; \
             ALTER TABLE people RENAME m TO email; ALTER TABLE people ALTER email DROP NOT NULL, ALTER id SET DEFAULT 1, ADD age int, DROP feels"
        ),
        [
            "renames table `users` to `people`",
            "renames column `people.mail` to `email`",
            "changes the default of column `people.id` from `nextval('users_id_seq')` to `1`",
            "changes the nullability of column `people.email` from `NOT NULL` to `NULL`",
            "drops column `people.feels`",
            "adds column `people.age`"
        ]
    );
}

#[test]
fn a_name_that_stands_for_something_before_and_after_is_compared_by_that() {
    let two = "CREATE TABLE a (x int, y int); CREATE TABLE b (x int);";
    for (script, words) in [
        ("ALTER TABLE a RENAME TO c; ALTER TABLE c RENAME TO a", &[][..]),
        (
            "ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b",
            &["drops column `a.y`", "adds column `b.y`"],
        ),
        ("CREATE TABLE n (x int, y int); DROP TABLE a; ALTER TABLE n RENAME TO a", &[]),
        ("CREATE TABLE n (x int); ALTER TABLE n RENAME TO m", &["adds table `m`"]),
        ("ALTER TABLE a RENAME TO c; DROP TABLE c", &["drops table `a`"]),
        ("ALTER TABLE a RENAME x TO z; ALTER TABLE a DROP z", &["drops column `a.x`"]),
        ("ALTER TABLE a RENAME TO c; CREATE TABLE a (x int, y int); DROP TABLE c", &[]),
    ] {
        assert_eq!(done(two, script), words, "{script}");
    }
}
