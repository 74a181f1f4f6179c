//! What statements name and isn't there.

use super::{follow, mysql, wrong};

const FIRST: &str = "CREATE TABLE users (id bigint AUTO_INCREMENT PRIMARY KEY, Email varchar(255) NOT NULL, age int, \
                     UNIQUE KEY users_email (email));
                     CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, body text,
                       CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id));";

#[test]
fn names_that_are_not_there() {
    for (script, said) in [
        ("ALTER TABLE usrs ADD a int", "unknown_table `usrs`: there is no table `usrs` (did you mean `users`?)"),
        ("DROP TABLE user", "unknown_table `user`: there is no table `user` (did you mean `users`?)"),
        (
            "ALTER TABLE users DROP COLUMN emial",
            "unknown_column `emial`: table `users` has no column `emial` (did you mean `Email`?)",
        ),
        (
            "ALTER TABLE users MODIFY aeg int",
            "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)",
        ),
        (
            "ALTER TABLE users ADD b int AFTER aeg",
            "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)",
        ),
        ("ALTER TABLE users ADD INDEX (nme)", "unknown_column `nme`: table `users` has no column `nme`"),
        (
            "CREATE INDEX i ON users (aeg)",
            "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)",
        ),
        (
            "DROP INDEX users_emial ON users",
            "unknown_index `users_emial`: table `users` has no index `users_emial` (did you mean `users_email`?)",
        ),
        (
            "ALTER TABLE posts DROP FOREIGN KEY post_user",
            "unknown_constraint `post_user`: table `posts` has no foreign key `post_user` (did you mean `posts_user`?)",
        ),
        (
            "ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES user (id)",
            "unknown_table `user`: there is no table `user` (did you mean `users`?)",
        ),
        (
            "ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users (uid)",
            "unknown_column `uid`: table `users` has no column `uid` (did you mean `id`?)",
        ),
        (
            "INSERT INTO users (email, agee) VALUES ('a', 1)",
            "unknown_column `agee`: table `users` has no column `agee` (did you mean `age`?)",
        ),
        ("UPDATE users SET aeg = 1", "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)"),
        (
            "DELETE FROM users WHERE aeg > 3",
            "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)",
        ),
        ("SELECT u.aeg FROM users u", "unknown_column `aeg`: table `users` has no column `aeg` (did you mean `age`?)"),
        ("SELECT p.id FROM users u", "unknown_table `p`: `p` is none of the tables here"),
        ("CREATE VIEW v AS SELECT titel FROM posts", "unknown_column `titel`: table `posts` has no column `titel`"),
        ("CREATE TABLE users (id int)", "duplicate_table `users`: there is a table `users` already"),
        ("ALTER TABLE users ADD EMAIL text", "duplicate_column `EMAIL`: table `users` has a column `EMAIL` already"),
        (
            "ALTER TABLE users ADD UNIQUE users_email (age)",
            "duplicate_index `users_email`: table `users` has an index `users_email` already",
        ),
        (
            "ALTER TABLE users ADD PRIMARY KEY (age)",
            "duplicate_constraint `PRIMARY KEY (age)`: table `users` has a primary key already",
        ),
        ("CREATE TABLE t (a int, A int)", "duplicate_column `A`: column `A` is named twice"),
        (
            "DROP TABLE users",
            "still_needed `users`: table `posts` needs table `users`: it has a foreign key to it (drop that foreign key first, or that table)",
        ),
        (
            "ALTER TABLE posts DROP user_id",
            "still_needed `user_id`: foreign key `posts_user` needs column `user_id` of `posts` (drop that first, or in the same statement)",
        ),
    ] {
        assert_eq!(wrong(&[FIRST, script]), [said], "{script}");
    }
}

#[test]
fn what_is_of_another_database_for_certain() {
    let script = "USE a; CREATE TABLE b.t (a int); ALTER TABLE t ADD b int";
    assert_eq!(wrong(&[script]), ["unknown_table `t`: there is no table `t`"]);
}

#[test]
fn where_it_went_is_shown() {
    let (findings, _) = follow(
        &[
            FIRST,
            "RENAME TABLE posts TO notes; ALTER TABLE users CHANGE age years int",
            "SELECT 1 FROM posts; UPDATE users SET age = 1",
        ],
        mysql(),
    );
    let last = &findings[2];
    assert_eq!(last[0].help, ["it is called `notes` since then"]);
    assert_eq!(last[0].related[0].1, "renamed to `notes` here");
    assert_eq!(last[1].help, ["it is called `years` since then"]);
}
