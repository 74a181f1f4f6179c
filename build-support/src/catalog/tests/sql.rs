//! A catalog as SQL gives the same catalog again.

use super::followed;
use crate::catalog::{difference, digest, sql};

#[test]
fn the_sql_of_a_catalog_gives_it_again() {
    let script = "
        CREATE SCHEMA app; CREATE EXTENSION citext;
        CREATE TYPE app.mood AS ENUM ('it''s', 'ok'); CREATE TYPE pair AS (a app.mood, b int);
        CREATE DOMAIN positive AS int DEFAULT 1 CONSTRAINT p CHECK (value > 0);
        CREATE SEQUENCE \"Numbers\" INCREMENT BY 5;
        CREATE FUNCTION app.up() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
        CREATE TABLE app.users (id serial PRIMARY KEY, \"order\" citext UNIQUE NULLS NOT DISTINCT, m app.mood[], p pair,
            n positive DEFAULT nextval('\"Numbers\"'), i int GENERATED ALWAYS AS IDENTITY, CHECK (n > 1),
            g int GENERATED ALWAYS AS (i + 1) STORED, UNIQUE (n) INCLUDE (i) DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE days (day date, x int, PRIMARY KEY (day)) PARTITION BY RANGE (day);
        CREATE TABLE d1 PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE d0 PARTITION OF days DEFAULT;
        CREATE INDEX ON days (x DESC NULLS LAST) WHERE x > 0;
        CREATE TABLE child (c int) INHERITS (app.users);
        CREATE UNLOGGED TABLE posts (u int REFERENCES app.users ON DELETE SET NULL, t text);
        ALTER TABLE posts ADD CONSTRAINT c CHECK (u > 0) NOT VALID;
        CREATE UNIQUE INDEX p ON posts ((lower(t)), u);
        CREATE TRIGGER t BEFORE UPDATE OF u ON posts FOR EACH ROW EXECUTE FUNCTION app.up();
        CREATE VIEW v AS SELECT id FROM app.users; CREATE MATERIALIZED VIEW m AS SELECT u FROM posts;
        CREATE INDEX mi ON m (u);
        COMMENT ON COLUMN posts.t IS 'it''s'; COMMENT ON SCHEMA app IS 'a'; COMMENT ON INDEX p IS 'b';";
    let made = followed(&[script]);
    let written = sql(&made.catalog);
    let again = followed(&[&written]);
    assert_eq!(difference(&made.catalog, &again.catalog), [], "{written}");
    assert_eq!(digest(&made.catalog), digest(&again.catalog), "{written}");
    assert_eq!(sql(&again.catalog), written);
}
