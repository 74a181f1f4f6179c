//! The schema that the compiler followed, held against the server's.

use std::collections::BTreeSet;

/// How alike two schemas are in one kind of line.
#[derive(Debug, Default)]
pub(crate) struct Likeness {
    /// How many the server has.
    pub(crate) real: usize,
    pub(crate) equal: usize,
    /// What only one of them has, `-` for the server's.
    pub(crate) differences: Vec<String>,
}

/// How alike they are in columns, constraints and indexes.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) columns: Likeness,
    pub(crate) constraints: Likeness,
    pub(crate) indexes: Likeness,
}

/// Compares the compiler's lines (`col public.t.c text notnull`, `con public.t.name p`, `idx public.name`) with the
/// server's.
pub(crate) fn compare(followed: &str, digest: &[String]) -> Comparison {
    // What a view gives is the server's to find out; the compiler knows its columns by name where it can.
    let views: BTreeSet<String> = digest.iter().filter_map(|line| view(line)).collect();
    let of_table = |line: &String| !views.contains(relation(line));
    let likeness = |simulated: &dyn Fn(&str) -> Option<String>, real: &dyn Fn(&str) -> Option<String>| {
        let simulated: BTreeSet<String> = followed.lines().filter_map(simulated).collect();
        let real: BTreeSet<String> = digest.iter().filter_map(|line| real(line)).collect();
        let missing = real.difference(&simulated).map(|line| format!("- {line}"));
        let unknown = simulated.difference(&real).map(|line| format!("+ {line}"));
        Likeness {
            real: real.len(),
            equal: real.intersection(&simulated).count(),
            differences: missing.chain(unknown).collect(),
        }
    };
    Comparison {
        columns: likeness(&|line| line.strip_prefix("col ").map(str::to_owned).filter(of_table), &|line| {
            column(line).filter(of_table)
        }),
        constraints: likeness(&constraint, &constraint),
        indexes: likeness(&|line| line.strip_prefix("idx ").map(str::to_owned), &index),
    }
}

/// A column with its type and whether it may be null; expressions of defaults are the server's own wording.
fn column(line: &str) -> Option<String> {
    let line = line.strip_prefix("col ")?;
    let end = [" default ", " generated ", " identity "].iter().filter_map(|word| line.find(word)).min();
    line.get(..end.unwrap_or(line.len())).map(str::to_owned)
}

/// `public.t.name`, without what it demands.
fn constraint(line: &str) -> Option<String> {
    line.strip_prefix("con ")?.split(' ').next().map(str::to_owned)
}

/// `public.name` of `CREATE UNIQUE INDEX name ON public.t …`.
fn index(line: &str) -> Option<String> {
    let (head, table) = line.strip_prefix("idx CREATE ")?.split_once(" ON ")?;
    let schema = table.trim_start_matches("ONLY ").split('.').next()?;
    Some(format!("{schema}.{}", head.rsplit(' ').next()?))
}

/// `public.t` of `public.t.column text`.
fn relation(column: &str) -> &str {
    let path = column.split(' ').next().unwrap_or_default();
    path.rsplit_once('.').map_or(path, |(relation, _)| relation)
}

/// `public.v` of a view, materialized or not.
fn view(line: &str) -> Option<String> {
    let rest = line.strip_prefix("view ").or_else(|| line.strip_prefix("matview "))?;
    rest.split(' ').next().map(str::to_owned)
}
