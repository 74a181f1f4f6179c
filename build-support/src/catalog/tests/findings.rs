//! Mistakes, each with what is said of it.

use super::told;

/// A schema that the mistakes are made in.
const BASE: &str = "
    CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, age int CHECK (age > 0));
    CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users, title text, CONSTRAINT titled CHECK (title <> ''));
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE notes (m mood, a int, b int);
    CREATE INDEX notes_a ON notes (a);
    CREATE VIEW names AS SELECT email FROM users;
    CREATE SEQUENCE numbers;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER t BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TABLE old (id int);
    DROP TABLE old;
    ALTER TABLE notes RENAME COLUMN b TO c;";

fn say(script: &str) -> Vec<String> {
    let (_, found) = told(&[BASE, script]);
    found.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

#[test]
fn each_mistake_is_said_once() {
    for (script, said) in [
        ("ALTER TABLE userz ADD a int; ALTER TABLE userz ADD b int", "unknown_table: there is no table `userz`"),
        ("ALTER TABLE users DROP emial", "unknown_column: table `users` has no column `emial`"),
        ("ALTER TABLE users DROP CONSTRAINT nope", "unknown_constraint: table `users` has no constraint `nope`"),
        ("DROP INDEX notes_b", "unknown_index: there is no index `notes_b`"),
        ("CREATE TABLE a (m moood)", "unknown_type: there is no type `moood`"),
        (
            "CREATE TABLE a (m citext)",
            "missing_extension: type `citext` comes with the extension `citext`, which isn't created",
        ),
        ("CREATE TABLE app.a (m int)", "unknown_schema: there is no schema `app`"),
        ("DROP VIEW namez", "unknown_view: there is no view `namez`"),
        ("DROP SEQUENCE number", "unknown_sequence: there is no sequence `number`"),
        ("DROP TRIGGER tt ON notes", "unknown_trigger: table `notes` has no trigger `tt`"),
        ("DROP FUNCTION g()", "unknown_function: there is no function `g`"),
        ("DROP FUNCTION f(int)", "unknown_function: there is no function `f(integer)`"),
        ("ALTER TYPE mood RENAME VALUE 'good' TO 'fine'", "unknown_value: enum `mood` has no value `good`"),
        ("CREATE TABLE users (id int)", "duplicate_table: there is a table `users` already"),
        ("CREATE TABLE mood (id int)", "duplicate_type: `mood` is a type already, and each table is one too"),
        ("ALTER TABLE users ADD email text", "duplicate_column: table `users` has a column `email` already"),
        ("CREATE TABLE a (b int, b text)", "duplicate_column: column `b` is named twice"),
        (
            "ALTER TABLE posts ADD CONSTRAINT titled CHECK (id > 0)",
            "duplicate_constraint: table `posts` has a constraint `titled` already",
        ),
        ("CREATE INDEX notes_a ON notes (c)", "duplicate_index: there is an index `notes_a` already"),
        ("CREATE TYPE mood AS ENUM ()", "duplicate_type: there is a type `mood` already"),
        ("ALTER TYPE mood ADD VALUE 'ok'", "duplicate_value: enum `mood` has a value `ok` already"),
        ("ALTER TABLE posts ADD PRIMARY KEY (author)", "duplicate_constraint: table `posts` has a primary key already"),
        ("DROP VIEW users", "wrong_kind: `users` is a table, not a view"),
        ("DROP TABLE names", "wrong_kind: `names` is a view, not a table"),
        ("ALTER TABLE names ADD a int", "wrong_kind: `names` is a view, not a table"),
        (
            "DROP TABLE users",
            "still_needed: view `names` and foreign key `posts_author_fkey` of `posts` need table `users`",
        ),
        ("ALTER TABLE users DROP email", "still_needed: view `names` needs column `email` of `users`"),
        (
            "ALTER TABLE users ALTER email TYPE varchar",
            "still_needed: view `names` needs the type of column `email` of `users`",
        ),
        (
            "ALTER TABLE users DROP CONSTRAINT users_pkey",
            "still_needed: foreign key `posts_author_fkey` of `posts` needs constraint `users_pkey` of `users`",
        ),
        ("DROP INDEX users_pkey", "still_needed: constraint `users_pkey` of `users` needs index `users_pkey`"),
        ("DROP TYPE mood", "still_needed: column `m` of `notes` needs type `mood`"),
        ("DROP FUNCTION f", "still_needed: trigger `t` of `notes` needs function `f`"),
        (
            "ALTER TABLE notes ADD FOREIGN KEY (a) REFERENCES posts (author)",
            "missing_key: no unique constraint of `posts` is over column `author`",
        ),
        (
            "ALTER TABLE users ALTER id DROP NOT NULL",
            "still_needed: constraint `users_pkey` of `users` needs `NOT NULL` of column `id`",
        ),
        (
            "CREATE INDEX ON notes USING gin (m gin_trgm_ops)",
            "missing_extension: `gin_trgm_ops` comes with the extension `pg_trgm`, which isn't created",
        ),
        (
            "CREATE TABLE a (b text GENERATED ALWAYS AS IDENTITY)",
            "wrong_type: an identity has to be `smallint`, `integer` or `bigint`, and `b` is `text`",
        ),
        (
            "CREATE TABLE a (b serial DEFAULT 1)",
            "duplicate_default: column `b` can't have a default: `serial` has one already",
        ),
        (
            "CREATE TABLE a (b uuid REFERENCES users)",
            "wrong_type: column `b` is `uuid`, and can't refer to `users.id`, which is `integer`",
        ),
        (
            "CREATE UNLOGGED TABLE a (b int PRIMARY KEY); CREATE TABLE c (b int REFERENCES a)",
            "wrong_kind: `c` can't refer to `a`, which is unlogged",
        ),
        (
            "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE UNIQUE INDEX ON p (b)",
            "incomplete_key: a key of `p` has to contain `a`, by which rows are distributed",
        ),
        (
            "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p DEFAULT; ALTER TABLE q ADD b int",
            "wrong_kind: `q` is a partition: its columns are those of its parent",
        ),
        (
            "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE TRIGGER x BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION g()",
            "wrong_kind: there is no function `g()` without arguments",
        ),
        (
            "CREATE FUNCTION g(a int) RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "wrong_kind: function `g` is for triggers, which pass no arguments",
        ),
        (
            "CREATE SCHEMA s; ALTER SEQUENCE users_id_seq SET SCHEMA s",
            "still_needed: sequence `users_id_seq` goes with `users`",
        ),
        (
            "CREATE TABLE p (a int CONSTRAINT c CHECK (a > 0)); CREATE TABLE q () INHERITS (p);
             ALTER TABLE q RENAME CONSTRAINT c TO d",
            "still_needed: constraint `c` of `q` can't be renamed: a parent table has it too",
        ),
        (
            "CREATE TABLE p (a int); CREATE TABLE q () INHERITS (p); ALTER TABLE q RENAME a TO d",
            "still_needed: column `a` of `q` can't be renamed: a parent table has it too",
        ),
        (
            "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q () INHERITS (p)",
            "wrong_kind: `p` has to do with partitions, and can't be inherited from",
        ),
        (
            "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE OR REPLACE FUNCTION g(b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "changed_function: function `g` can't be replaced: its parameter `a` would become `b`",
        ),
        (
            "CREATE OR REPLACE VIEW names AS SELECT id FROM users",
            "changed_view: view `names` can't be replaced: its column `email` would become `id`",
        ),
        ("CREATE EXTENSION pg_trmg", "unknown_extension: there is no extension `pg_trmg`"),
        ("SELECT lowr(email) FROM users", "unknown_function: there is no function `lowr`"),
        ("COMMENT ON COLUMN users.nmae IS ''", "unknown_column: table `users` has no column `nmae`"),
    ] {
        assert_eq!(say(script), [said], "{script}");
    }
}

#[test]
fn what_is_right_is_left_alone() {
    for script in [
        "DROP TABLE IF EXISTS nothing; DROP INDEX IF EXISTS nope.x; ALTER TABLE IF EXISTS nothing ADD a int",
        "CREATE TABLE IF NOT EXISTS users (x int); ALTER TABLE users ADD COLUMN IF NOT EXISTS email int",
        "DROP TABLE users, posts CASCADE; CREATE VIEW names AS SELECT 1",
        "DROP VIEW names; DROP TABLE posts, users",
        "ALTER TABLE notes ADD x int, DROP a, ADD a text; CREATE INDEX notes_a ON notes (a)",
        "ALTER TABLE notes DROP a; ALTER TABLE notes ADD a int; CREATE INDEX notes_a ON notes (a)",
        "CREATE TEMP TABLE users (x int); ALTER TABLE users ADD email int; DROP TABLE users; ALTER TABLE users ADD x int",
        "CREATE SCHEMA app; SET search_path = app; CREATE TABLE users (id int); ALTER TABLE users ADD email int",
        "CREATE EXTENSION citext; CREATE TABLE a (m citext, n citext[])",
        "ALTER TABLE users RENAME TO people; CREATE TABLE users (id int); DROP TABLE users; DROP VIEW names",
        "CREATE TABLE n (LIKE notes INCLUDING ALL); DROP INDEX n_a_idx",
        "ALTER TABLE users DROP CONSTRAINT users_age_check, DROP CONSTRAINT users_email_key",
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (2);
         CREATE INDEX ON p (id); ALTER INDEX c_id_idx RENAME TO x; ALTER TABLE p DROP CONSTRAINT p_pkey; DROP TABLE p",
        "DROP SEQUENCE users_id_seq CASCADE; ALTER TABLE users ALTER id ADD GENERATED ALWAYS AS IDENTITY",
        "CREATE UNIQUE INDEX u ON notes (a); ALTER TABLE notes ADD CONSTRAINT notes_pkey PRIMARY KEY USING INDEX u;
         ALTER TABLE notes DROP CONSTRAINT notes_pkey",
        "CREATE TABLE a (id numeric PRIMARY KEY); CREATE TABLE b (a int REFERENCES a)",
        "CREATE TABLE a (id date PRIMARY KEY); CREATE TABLE b (a timestamptz REFERENCES a)",
        "CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT; CREATE TABLE a (id uuid PRIMARY KEY);
         CREATE TABLE b (a text REFERENCES a)",
        "CREATE UNLOGGED TABLE a (id int PRIMARY KEY); ALTER TABLE a SET LOGGED; CREATE TABLE b (a int REFERENCES a)",
        "CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES users;
         CREATE TABLE q PARTITION OF p DEFAULT; ALTER TABLE q RENAME CONSTRAINT fk TO fk_q",
        "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE UNIQUE INDEX ON p (b, a)",
        "CREATE SCHEMA s; CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION s.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; SET search_path = public, s;
         CREATE TRIGGER x BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION g()",
        "SET check_function_bodies = off; CREATE FUNCTION g(a int) RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "DELETE FROM _sqlx_migrations; DO $$ BEGIN IF EXISTS (SELECT FROM __diesel_schema_migrations) THEN PERFORM 1; END IF; END $$;
         ALTER TABLE _prisma_migrations ADD a int",
        "CREATE TYPE ty AS (a int); CREATE TABLE c OF ty; ALTER TYPE ty ADD ATTRIBUTE z int CASCADE; SELECT z FROM c;
         ALTER TYPE ty RENAME ATTRIBUTE a TO b CASCADE; INSERT INTO c (b) VALUES (1); CREATE INDEX ON c (z)",
        "CREATE TYPE fr AS RANGE (subtype = float8, multirange_type_name = fmr); CREATE TABLE a (b fmr);
         CREATE TYPE r1s AS RANGE (subtype = int, MULTIRANGE_TYPE_NAME = 'r2s'); CREATE TABLE b (b r2s)",
        "CREATE SCHEMA s; ALTER SEQUENCE users_id_seq OWNED BY NONE; ALTER SEQUENCE users_id_seq SET SCHEMA s",
        "SELECT set_config('a.b', 'c', false); ALTER TABLE pg_temp.x ADD a int",
    ] {
        let expected: &[&str] = if script.contains("pg_temp.x") { &["unknown_table: there is no table `x`"] } else { &[] };
        assert_eq!(say(script), expected, "{script}");
    }
}

#[test]
fn where_it_went_is_told() {
    let (_, found) =
        told(&[BASE, "ALTER TABLE old ADD a int; ALTER TABLE notes DROP b; ALTER TABLE users ADD age int"]);
    let related: Vec<(usize, &str)> =
        found.iter().flat_map(|finding| &finding.related).map(|(site, words)| (site.script, words.as_str())).collect();
    assert_eq!(related, [(0, "dropped here"), (0, "renamed to `c` here"), (0, "made here")]);
}

#[test]
fn what_is_put_together_at_run_time_is_done_to_what_fits() {
    let dynamic = "DO $$ BEGIN
        EXECUTE format('CREATE TABLE logs_%s (id int PRIMARY KEY)', now());
        EXECUTE format('ALTER TABLE %I ADD COLUMN seen int', current_user);
        EXECUTE 'DROP INDEX ' || current_user;
        EXECUTE format('CREATE SCHEMA tenant_%s', 1);
        EXECUTE format('CREATE TRIGGER up BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION f()', current_user);
    END $$;";
    let say = |script: &str| {
        let (_, found) = told(&[BASE, dynamic, script]);
        found.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect::<Vec<_>>()
    };
    for script in [
        "ALTER TABLE logs_2020 ADD a int; DROP INDEX logs_2021_pkey; CREATE TABLE tenant_1.a (id int)",
        "ALTER TABLE users DROP seen; ALTER TABLE posts ADD seen int",
        "CREATE INDEX notes_a ON notes (c); DROP TRIGGER up ON users; DROP TRIGGER up ON posts",
    ] {
        assert_eq!(say(script), [""; 0], "{script}");
    }
    for (script, said) in [
        ("ALTER TABLE log_2020 ADD a int", "unknown_table: there is no table `log_2020`"),
        ("ALTER TABLE users DROP sen", "unknown_column: table `users` has no column `sen`"),
        ("CREATE TABLE owner.a (id int)", "unknown_schema: there is no schema `owner`"),
        ("DROP TRIGGER upp ON users", "unknown_trigger: table `users` has no trigger `upp`"),
    ] {
        assert_eq!(say(script), [said], "{script}");
    }
}

#[test]
fn tables_in_a_circle_are_no_endless_loop() {
    for script in [
        "CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p ATTACH PARTITION p DEFAULT; ALTER TABLE p ADD b int",
        "CREATE TABLE x (a int); CREATE TABLE y () INHERITS (x); ALTER TABLE x INHERIT y; ALTER TABLE x ADD b int",
        "CREATE TABLE x (a int); CREATE TABLE y () INHERITS (x); DROP TABLE IF EXISTS z, x; CREATE TABLE x () INHERITS (y);
         ALTER TABLE x ADD b int",
    ] {
        assert!(!say(script).is_empty(), "{script}");
    }
}

#[test]
fn what_the_values_cannot_be_is_said() {
    for (script, said) in [
        ("TRUNCATE users", "still_needed: table `posts` needs the rows of `users`"),
        ("CREATE TABLE a (m mood DEFAULT 'good')", "unknown_value: enum `mood` has no value `good`"),
        ("ALTER TABLE notes ALTER m SET DEFAULT 'Ok'", "unknown_value: enum `mood` has no value `Ok`"),
        ("ALTER TABLE notes ADD n mood DEFAULT ''", "unknown_value: enum `mood` has no value ``"),
        (
            "ALTER TABLE posts ALTER title TYPE int",
            "wrong_type: column `title` of `posts` is `text`, which does not become `integer` by itself",
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY, b int) PARTITION BY LIST (id); CREATE TABLE q (id int NOT NULL, b int PRIMARY KEY); \
             ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1)",
            "duplicate_constraint: `q` has a primary key (b), and would get that of `p` (id) besides",
        ),
    ] {
        assert_eq!(say(script), [said], "{script}");
    }
}

#[test]
fn what_the_server_takes_is_not_said_of_values() {
    for script in [
        "TRUNCATE users, posts; TRUNCATE users CASCADE; TRUNCATE posts",
        "CREATE TABLE s (id int PRIMARY KEY, p int REFERENCES s); TRUNCATE s",
        "CREATE TABLE k (x int REFERENCES users) PARTITION BY LIST (x); CREATE TABLE k1 PARTITION OF k DEFAULT; \
         TRUNCATE users, posts, k",
        "CREATE TABLE u () INHERITS (users); TRUNCATE u",
        "ALTER TABLE posts DROP CONSTRAINT posts_author_fkey; TRUNCATE users",
        "CREATE TABLE l (x int); ALTER TABLE l ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES posts NOT ENFORCED; TRUNCATE posts",
        "ALTER TABLE posts ALTER CONSTRAINT posts_author_fkey NOT ENFORCED; TRUNCATE users",
        "CREATE TABLE a (m mood DEFAULT 'ok', n mood[] DEFAULT '{ok}', o mood DEFAULT ('good'::text)::mood, p mood DEFAULT NULL)",
        "ALTER TYPE mood ADD VALUE 'good'; CREATE TABLE a (m mood DEFAULT 'good')",
        "ALTER TABLE posts ALTER title TYPE int USING title::int",
        "ALTER TABLE posts ALTER title TYPE varchar(8)",
        "ALTER TABLE notes ALTER a TYPE text",
        "CREATE CAST (text AS integer) WITH INOUT AS ASSIGNMENT; ALTER TABLE posts ALTER title TYPE int",
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE q (id int PRIMARY KEY); \
         ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1)",
        "CREATE TABLE a (b int NOT NULL NOT NULL, c int NULL)",
    ] {
        assert_eq!(say(script), [""; 0], "{script}");
    }
}
