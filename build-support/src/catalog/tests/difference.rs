//! What a rollback leaves behind, and what a migration does.

use super::followed;
use crate::catalog::{Voice, difference};

/// Gives what differs after two scripts, in the words for rollbacks.
fn rest(before: &str, after: &str) -> Vec<String> {
    let (one, two) = (followed(&[before]), followed(&[before, after]));
    difference(&one.catalog, &two.catalog).iter().map(|change| change.words(Voice::Rest)).collect()
}

#[test]
fn a_rollback_that_undoes_everything_leaves_nothing() {
    let users = "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, age int CHECK (age > 0));
                 CREATE INDEX ON users (lower(email)); CREATE VIEW names AS SELECT email FROM users;";
    assert_eq!(
        rest(
            users,
            "DROP VIEW names; ALTER TABLE users RENAME TO people; ALTER TABLE people ADD a int, DROP CONSTRAINT users_age_check;
             ALTER TABLE people DROP a; ALTER TABLE people RENAME TO users; CREATE VIEW names AS select email from users;
             ALTER TABLE users ADD CONSTRAINT users_age_check CHECK ((age) > 0)"
        ),
        [""; 0]
    );
}

#[test]
fn what_a_rollback_leaves_is_named() {
    let users = "CREATE TABLE users (id int PRIMARY KEY, email varchar(8) DEFAULT 'a', b int);
                 CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE INDEX users_b ON users (b);";
    for (script, words) in [
        ("DROP TABLE users", "table `users` is missing"),
        ("CREATE TABLE posts (id int)", "table `posts` is left behind"),
        ("ALTER TABLE users DROP email", "column `users.email` is missing"),
        (
            "ALTER TABLE users ALTER email TYPE text",
            "column `users.email`: its type is `text`, and was `character varying(8)`",
        ),
        ("ALTER TABLE users ALTER email SET NOT NULL", "column `users.email` is NOT NULL, and was NULL"),
        ("ALTER TABLE users ALTER email DROP DEFAULT", "column `users.email` has no default, and had `'a'`"),
        ("ALTER TABLE users DROP CONSTRAINT users_pkey", "primary key `users_pkey` of `users` is missing"),
        ("DROP INDEX users_b", "index `users_b` of `users` is missing"),
        ("ALTER TYPE mood ADD VALUE 'good'", "value `good` of `mood` is left behind"),
        ("COMMENT ON TABLE users IS 'all'", "table `users` has a comment `all`, and had none"),
        ("CREATE SCHEMA app", "schema `app` is left behind"),
    ] {
        assert_eq!(rest(users, script), [words], "{script}");
    }
}

#[test]
fn what_is_not_known_is_no_difference() {
    let users = "CREATE TABLE users (id int PRIMARY KEY)";
    assert_eq!(rest(users, "DO $$ BEGIN EXECUTE current_setting('a.b'); END $$; DROP TABLE IF EXISTS users"), [""; 0]);
}
