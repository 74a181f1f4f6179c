use super::rule::never;
use super::{Level, Rule};
use crate::effect::Work;

pub(crate) static RULE: Rule = Rule {
    name: "unconditional-delete",
    edition: 3,
    level: Level::Error,
    dialects: &[],
    versions: "Neo4j: all",
    finds: "nodes that are deleted without a condition",
    condition: "`DETACH DELETE` in a statement whose `MATCH` has no `WHERE` and no property: every node of a label, or of the database.",
    lock: None,
    work: Work::Nothing,
    effect: "The nodes are gone, and every relationship that they had. In one transaction it needs memory for all of them.",
    rewrite: "Say which nodes are meant. Where all of them are, say why by excusing it, and delete many in batches: \
              `MATCH (n:Session) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS`.",
    bad: &[("0001_sessions.cypher", "MATCH (s:Session) DETACH DELETE s;")],
    good: &[(
        "0001_sessions.cypher",
        "// allow: unconditional-delete, sessions are made again at the next sign-in\nMATCH (s:Session) DETACH DELETE s;",
    )],
    judge: never,
};
