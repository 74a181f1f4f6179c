use super::read;
use crate::language::Role;
use crate::sql::Retry;
use whimbrel_grammar::Language;

fn said(text: &str, role: Role) -> Vec<String> {
    read(text, role).complaints.into_iter().map(|complaint| complaint.message).collect()
}

fn retry(text: &str) -> Retry {
    let reading = read(text, Role::Work);
    assert_eq!(reading.statements.len(), 1, "{text}: {:?}", reading.complaints);
    reading.statements[0].retry.clone()
}

#[test]
fn statements_end_with_semicolons_outside_of_strings() {
    let text = "\u{feff}// a;\n/* b; */ CREATE (n {t: 'a;\\'', `x;y`: \"c;\"}); ;\nMATCH (n) RETURN n // end";
    let reading = read(text, Role::Work);
    let statements: Vec<&str> = reading.statements.iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(statements, ["CREATE (n {t: 'a;\\'', `x;y`: \"c;\"})", "MATCH (n) RETURN n"]);
}

#[test]
fn what_is_never_closed_is_shown_where_it_opens() {
    for (text, message) in [
        ("RETURN 'a", "this string is never closed"),
        ("RETURN `a", "this quoted name is never closed"),
        ("RETURN 1 /* a", "this comment is never closed"),
        ("CREATE (n {a: 1; RETURN 1", "this `{` is never closed"),
        ("CREATE (n {a: 1)", "nothing opens this `)`"),
        ("RETURN 1]", "nothing opens this `]`"),
        (":param x => 1\nRETURN $x", "`:param` is a command of cypher-shell, not Cypher"),
    ] {
        assert_eq!(said(text, Role::Work), [message], "{text}");
    }
}

#[test]
fn slips_are_found() {
    for (text, message) in [
        ("MTACH (n) RETURN n", "a statement can't begin with `MTACH`"),
        ("CREATE CONSTRIANT c FOR (n:A) REQUIRE n.a IS UNIQUE", "nothing called `CONSTRIANT` can be made or dropped"),
        ("BEGIN; CREATE (n)", "`BEGIN` inside a migration, which is one transaction already"),
        ("MATCH (n) SET n.a = 1 WHERE n.b = 2", "`WHERE` can't come after `SET`"),
        ("MERGE (n:A) ON CREATE SET n.a = 1 WHERE true", "`WHERE` can't come after `SET`"),
        ("CREATE (n:A {b: $c})", "nobody gives the parameter `$c` a value"),
        ("CREATE (n:A {b: {c: 1}})", "property `b` can't be a map"),
        ("MATCH (n) SET n.a = {b: 1}", "property `a` can't be a map"),
        ("MATCH (n) SET n += {a: {b: 1}}", "property `a` can't be a map"),
        ("MERGE (a)-[:R {x: {y: 1}}]->(b)", "property `x` can't be a map"),
    ] {
        assert_eq!(said(text, Role::Work), [message], "{text}");
    }
}

#[test]
fn what_the_server_takes_is_left_alone() {
    for text in [
        "MATCH (n) WHERE n.set = 1 SET n.where = 2",
        "MATCH (n) WITH n AS set WHERE set.a = 1 RETURN set",
        "MATCH (n:SET) SET n:Where",
        "MATCH (n) SET n.a = [x IN n.b WHERE x > 1] WITH n WHERE n.a = 1 RETURN n",
        "MATCH (n) SET n.a = 1 WITH n MATCH (m) WHERE m.a = 2 RETURN m",
        "CREATE (n:A {a: {b: 1}.b, c: point({x: 1, y: 2})})",
        "UNWIND [{a: {b: 1}}] AS row CREATE (n) SET n += row.a",
        "CREATE p = (a)-[:R]->(b) RETURN p",
        "CREATE (n {set: 1, create: 2})",
        "MATCH (a) WHERE EXISTS { MATCH (a)-->(b) WHERE b.x = 1 } SET a.y = 1",
        "FOREACH (x IN [1, 2] | CREATE (n:A {x: x}))",
        "CYPHER 5 MATCH (n) RETURN n",
        "LOAD CSV WITH HEADERS FROM 'file:///a.csv' AS row CREATE (n {a: row.a})",
        "MATCH (n) CALL (n) { SET n.a = 1 } IN TRANSACTIONS OF 100 ROWS",
        "CREATE CONSTRAINT c IF NOT EXISTS FOR (n:A) REQUIRE n.a IS UNIQUE",
    ] {
        assert_eq!(said(text, Role::Work), [""; 0], "{text}");
    }
}

#[test]
fn data_is_done_together_and_the_schema_is_known_by_names() {
    use Retry::{Again, Ask, Together};
    for (text, known) in [
        ("CREATE (n:A)", Together),
        ("MATCH (n) DETACH DELETE n", Together),
        ("create index for (n:A) on (n.a)", Ask),
        ("CREATE INDEX IF NOT EXISTS FOR (n:A) ON (n.a)", Again),
        ("DROP CONSTRAINT c IF EXISTS", Again),
        ("CREATE DATABASE d", Ask),
        ("USE other CREATE (n)", Ask),
        ("CALL db.awaitIndexes(300)", Again),
        ("CALL apoc.periodic.iterate('a', 'b', {})", Ask),
        ("MATCH (n) CALL apoc.create.addLabels(n, ['A']) YIELD node RETURN count(*)", Together),
    ] {
        assert_eq!(retry(text), known, "{text}");
    }
    let seen = |query: &str| Retry::Seen(query.to_owned());
    assert_eq!(
        retry("CREATE CONSTRAINT `it's` FOR (n:A) REQUIRE n.a IS UNIQUE"),
        seen("SHOW CONSTRAINTS YIELD name WHERE name = 'it\\'s' RETURN count(*) = 1 AS done")
    );
    assert_eq!(
        retry("CREATE FULLTEXT INDEX i FOR (n:A) ON EACH [n.a]"),
        seen(
            "CALL db.awaitIndex('i', 3600);\n// then\nSHOW INDEXES YIELD name, state WHERE name = 'i' AND state = 'ONLINE' RETURN \
             count(*) = 1 AS done"
        )
    );
    assert_eq!(retry("DROP INDEX i"), seen("SHOW INDEXES YIELD name WHERE name = 'i' RETURN count(*) = 0 AS done"));
}

#[test]
fn what_commits_in_parts_runs_again_where_that_is_harmless() {
    let batched =
        |match_: &str, body: &str| retry(&format!("MATCH {match_} CALL (*) {{ {body} }} IN TRANSACTIONS OF 10 ROWS"));
    for (match_, body) in [
        ("(n:A)", "SET n.a = 1, n.b = toLower(n.c)"),
        ("(n:A) WHERE n.a IS NULL", "SET n.a = coalesce(n.b, 'x'), n:B REMOVE n:C"),
        ("(n:A)", "DETACH DELETE n"),
        ("(a:A), (b:B)", "MERGE (a)-[:R]->(b)"),
        ("(a:A)-[r:OLD]->(b:B)", "MERGE (a)-[:NEW {w: r.w}]->(b) DELETE r"),
        ("(u:User)", "MERGE (c:City {name: u.city}) MERGE (u)-[:IN]->(c)"),
    ] {
        assert_eq!(batched(match_, body), Retry::Again, "{body}");
    }
    for (match_, body) in [
        ("(n:A)", "SET n.a = n.a + 1"),
        ("(n:A)", "SET n.b = n.a REMOVE n.a"),
        ("(n:A)", "SET n.`a` = n.b, n.b = 1"),
        ("(n:A)", "SET n += {a: 1}"),
        ("(n:A)", "SET n.a = randomUUID()"),
        ("(n:A)", "SET n.a = datetime()"),
        ("(n:A)", "SET n['a'] = 1"),
        ("(n:A)", "SET n.a = n['b']"),
        ("(n:A)", "SET n.a = size((n)--())"),
        ("(n:A)", "SET n.a = COUNT { (n)--() }"),
        ("(n:A)", "CREATE (m:B)"),
        ("(n:A)", "MERGE (m:A {k: n.k + 1})"),
        ("(n)", "MERGE (m:B {k: n.k})"),
        ("(a:A)--(b:B)", "MERGE (a)-[:R]->(b)"),
        ("(n:A)", "FOREACH (x IN [1] | SET n.a = 1)"),
        ("(n:A) WITH n LIMIT 5", "SET n.a = 1"),
    ] {
        assert_eq!(batched(match_, body), Retry::Ask, "{body}");
    }
    assert_eq!(retry("USING PERIODIC COMMIT LOAD CSV FROM 'a' AS r CREATE (n)"), Retry::Ask);
}

#[test]
fn deleting_without_a_condition_is_judged() {
    let judged = |text: &str| read(text, Role::Work).verdicts.len();
    for text in [
        "MATCH (n) DETACH DELETE n",
        "MATCH (n:A)-[r]->(m) DETACH DELETE n, m",
        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
    ] {
        assert_eq!(judged(text), 1, "{text}");
    }
    for text in [
        "MATCH (n) WHERE n.a = 1 DETACH DELETE n",
        "MATCH (n {a: 1}) DETACH DELETE n",
        "MATCH (n WHERE n.a) DETACH DELETE n",
        "MATCH (n) WITH n LIMIT 10 DETACH DELETE n",
        "MATCH (n) DELETE n",
    ] {
        assert_eq!(judged(text), 0, "{text}");
    }
}

#[test]
fn questions_only_read() {
    for text in
        ["MATCH (n:A) RETURN count(n) = 0", "SHOW INDEXES YIELD name RETURN count(*) > 1", "RETURN EXISTS { (:A) }"]
    {
        assert_eq!(said(text, Role::Question), [""; 0], "{text}");
    }
    assert_eq!(said("MATCH (n) SET n.a = 1 RETURN true", Role::Question), ["`SET` is no part of a question"]);
    assert_eq!(said("CREATE INDEX i FOR (n:A) ON (n.a)", Role::Question), ["`CREATE` is no part of a question"]);
}

#[test]
fn a_checksum_is_of_the_tokens() {
    let checksum = |text: &str| read(text, Role::Work).checksum(text, Language::Cypher, &[]);
    assert_eq!(checksum("MATCH (n) RETURN n"), checksum("// a\nMATCH  (n)\r\n/* b */RETURN n ;"));
    assert_eq!(checksum("RETURN 'a\nb'"), checksum("RETURN 'a\r\nb'"));
    assert_ne!(checksum("RETURN 'a b'"), checksum("RETURN 'a  b'"));
    assert_ne!(checksum("RETURN 1; RETURN 2"), checksum("RETURN 1 RETURN 2"));
}
