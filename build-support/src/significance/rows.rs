//! Which change is what, each with a schema before and after.

use super::Significance::{self, Additive, Breaking, Patch};
use super::widening::is_wider;
use crate::catalog::{Aspect, Change, Kind, What};

/// A kind of change.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "the examples are what the tests hold it to"))]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) significance: Significance,
    /// A schema, and a script that changes it so.
    pub(crate) old: &'static str,
    pub(crate) new: &'static str,
    pub(crate) fits: fn(&Change) -> bool,
}

/// All of them; the first that fits counts.
pub(crate) static ROWS: &[Row] = &[
    Row {
        name: "column, table, view, type, function, sequence, schema or enum value renamed",
        significance: Breaking,
        old: "CREATE TABLE t (a int);",
        new: "ALTER TABLE t RENAME COLUMN a TO b;",
        fits: |change| {
            matches!(change.what, What::Renamed { .. })
                && matches!(
                    change.object.kind,
                    Kind::Column
                        | Kind::Attribute
                        | Kind::Table
                        | Kind::View
                        | Kind::MaterializedView
                        | Kind::Value
                        | Kind::Type
                        | Kind::Function
                        | Kind::Sequence
                        | Kind::Schema
                )
        },
    },
    Row {
        name: "column dropped",
        significance: Breaking,
        old: "CREATE TABLE t (a int, b int);",
        new: "ALTER TABLE t DROP COLUMN b;",
        fits: |change| dropped(change, &[Kind::Column, Kind::Attribute]),
    },
    Row {
        name: "column added",
        significance: Additive,
        old: "CREATE TABLE t (a int);",
        new: "ALTER TABLE t ADD COLUMN b int;",
        fits: |change| added(change, &[Kind::Column, Kind::Attribute]),
    },
    Row {
        name: "type widened",
        significance: Additive,
        old: "CREATE TABLE t (a varchar(8));",
        new: "ALTER TABLE t ALTER COLUMN a TYPE varchar(80);",
        fits: |change| changed(change, Aspect::Type).is_some_and(|(before, after)| is_wider(before, after)),
    },
    Row {
        name: "type changed",
        significance: Breaking,
        old: "CREATE TABLE t (a text);",
        new: "ALTER TABLE t ALTER COLUMN a TYPE integer USING a::integer;",
        fits: |change| changed(change, Aspect::Type).is_some(),
    },
    Row {
        name: "table or view dropped",
        significance: Breaking,
        old: "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;",
        new: "DROP VIEW v;",
        fits: |change| dropped(change, &[Kind::Table, Kind::View, Kind::MaterializedView]),
    },
    Row {
        name: "table or view added",
        significance: Additive,
        old: "",
        new: "CREATE TABLE t (a int);",
        fits: |change| added(change, &[Kind::Table, Kind::View, Kind::MaterializedView]),
    },
    Row {
        name: "columns of a view added at its end",
        significance: Additive,
        old: "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;",
        new: "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;",
        fits: |change| changed(change, Aspect::Columns).is_some_and(|(before, after)| after.starts_with(before)),
    },
    Row {
        name: "columns of a view changed",
        significance: Breaking,
        old: "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;",
        new: "DROP VIEW v; CREATE VIEW v AS SELECT b FROM t;",
        fits: |change| changed(change, Aspect::Columns).is_some(),
    },
    Row {
        name: "enum value dropped",
        significance: Breaking,
        old: "CREATE TYPE mood AS ENUM ('sad', 'glad');",
        new: "DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad');",
        fits: |change| dropped(change, &[Kind::Value]),
    },
    Row {
        name: "enum value added",
        significance: Additive,
        old: "CREATE TYPE mood AS ENUM ('sad');",
        new: "ALTER TYPE mood ADD VALUE 'glad';",
        fits: |change| added(change, &[Kind::Value]),
    },
    Row {
        name: "type, function, sequence, schema or extension dropped",
        significance: Breaking,
        old: "CREATE SEQUENCE s;",
        new: "DROP SEQUENCE s;",
        fits: |change| dropped(change, &[Kind::Type, Kind::Function, Kind::Sequence, Kind::Schema, Kind::Extension]),
    },
    Row {
        name: "type, function, sequence, schema or extension added",
        significance: Additive,
        old: "",
        new: "CREATE TYPE mood AS ENUM ('sad');",
        fits: |change| added(change, &[Kind::Type, Kind::Function, Kind::Sequence, Kind::Schema, Kind::Extension]),
    },
    Row {
        name: "index, constraint, trigger, default, nullability or comment",
        significance: Patch,
        old: "CREATE TABLE t (a int);",
        new: "CREATE INDEX t_a ON t (a); ALTER TABLE t ADD CHECK (a > 0), ALTER COLUMN a SET NOT NULL, ALTER COLUMN a SET DEFAULT 1;",
        fits: |_| true,
    },
];

fn dropped(change: &Change, kinds: &[Kind]) -> bool {
    change.what == What::Dropped && kinds.contains(&change.object.kind)
}

fn added(change: &Change, kinds: &[Kind]) -> bool {
    change.what == What::Added && kinds.contains(&change.object.kind)
}

/// Gives what a thing was and is in one respect.
fn changed(change: &Change, wanted: Aspect) -> Option<(&str, &str)> {
    match &change.what {
        What::Changed { aspect, before, after } if *aspect == wanted => Some((before, after)),
        _ => None,
    }
}
