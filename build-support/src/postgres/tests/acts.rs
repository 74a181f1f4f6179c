//! Statements, each with what it does.

use super::told::told;
use crate::postgres::read;

/// A statement, then a line for each of its acts. `WHIMBREL_BLESS=1` writes it anew, to be looked through.
const ACTS: &str = include_str!("acts.txt");

#[test]
fn statements_do_what_they_say() {
    let mut acts = String::new();
    for statement in ACTS.lines().filter(|line| !line.starts_with(' ')) {
        let reading = read(statement);
        assert_eq!(reading.errors, [], "{statement}");
        acts.push_str(&format!("{statement}\n"));
        for act in reading.statements.iter().flat_map(|statement| &statement.acts) {
            acts.push_str(&format!("    {}\n", told(&act.kind)));
        }
    }
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/postgres/tests/acts.txt"), &acts).unwrap();
        return;
    }
    for (told, wanted) in acts.lines().zip(ACTS.lines()) {
        assert_eq!(told, wanted);
    }
    assert_eq!(acts.lines().count(), ACTS.lines().count());
}
