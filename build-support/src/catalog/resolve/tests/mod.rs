//! Queries, each with what a PostgreSQL 15 said of it.

use crate::catalog::{Finding, Simulator};
use crate::postgres;
use std::ops::Range;

const SCHEMA: &str = include_str!("schema.sql");
const ACCEPTED: &str = include_str!("accepted.sql");
const REFUSED: &str = include_str!("refused.sql");

fn follow(simulator: &mut Simulator, text: &str) -> Vec<Finding> {
    let reading = postgres::read(text);
    assert_eq!(reading.errors, [], "{text}");
    reading.statements.iter().flat_map(|statement| simulator.follow(text, statement)).collect()
}

fn schema() -> Simulator {
    let mut simulator = Simulator::new(false);
    assert_eq!(follow(&mut simulator, SCHEMA), []);
    simulator
}

fn findings(schema: &Simulator, text: &str) -> Vec<Finding> {
    follow(&mut schema.clone(), text)
}

fn queries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with("--") && !line.is_empty())
}

/// Takes the marks out and tells where they stood.
fn unmarked(query: &str) -> (String, Range<usize>) {
    let start = query.find('«').unwrap();
    let text = query.replacen('«', "", 1);
    let end = text.find('»').unwrap();
    (text.replacen('»', "", 1), start..end)
}

#[test]
fn nothing_is_unknown_in_what_the_server_accepts() {
    let schema = schema();
    let found = queries(ACCEPTED).map(|query| (query, findings(&schema, query)));
    let wrong: Vec<_> = found.filter(|(_, found)| !found.is_empty()).collect();
    assert!(queries(ACCEPTED).count() > 200);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_the_server_refuses_is_found_at_its_place() {
    let schema = schema();
    let mut wrong = Vec::new();
    for query in queries(REFUSED) {
        let (text, place) = unmarked(query);
        let found: Vec<_> = findings(&schema, &text).into_iter().map(|finding| finding.range).collect();
        if found != [place] {
            let found: Vec<_> = found.into_iter().map(|range| text.get(range).unwrap_or("?").to_owned()).collect();
            wrong.push(format!("{query}\n      {found:?}"));
        }
    }
    assert!(queries(REFUSED).count() > 100);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
