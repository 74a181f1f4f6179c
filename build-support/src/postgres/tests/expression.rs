//! Expressions: their text, what they name, and how often they have to be evaluated.

use crate::postgres::read;
use crate::statement::Volatility::{Constant, Null, Stable, Unknown, Volatile};
use crate::statement::{ActKind, Expression, TableChange};

/// Reads an expression as a column's default.
fn default(text: &str) -> Expression {
    let text = format!("ALTER TABLE t ADD COLUMN c int DEFAULT {text}");
    let reading = read(&text);
    assert!(reading.errors.is_empty(), "{:?}", reading.errors.first());
    let act = reading.statements.into_iter().flat_map(|statement| statement.acts).next().unwrap();
    let ActKind::AlterTable(alter) = act.kind else { panic!("{text}") };
    let TableChange::AddColumn { column, .. } = alter.change else { panic!("{text}") };
    column.default.unwrap()
}

#[test]
fn how_often_an_expression_is_evaluated() {
    for (text, volatility) in [
        ("NULL", Null),
        ("(NULL)", Null),
        ("NULL::text", Null),
        ("CAST(NULL AS text)", Null),
        ("1", Constant),
        ("-1", Constant),
        ("'a'", Constant),
        ("'now'::timestamp", Constant),
        ("timestamp 'now'", Constant),
        ("'t'::regclass", Constant),
        ("ARRAY[]::text[]", Constant),
        ("1 + 2 * 3", Constant),
        ("lower('A') || upper('b')", Constant),
        ("pg_catalog.lower('A')", Constant),
        ("coalesce(NULL, 'a')", Constant),
        ("CASE WHEN true THEN 1 ELSE 2 END", Constant),
        ("'{}'::jsonb", Constant),
        ("interval '1 day'", Constant),
        ("(('2020' || '-01-01')::timestamptz)", Stable),
        ("now()", Stable),
        ("now() - interval '1 day'", Stable),
        ("current_timestamp", Stable),
        ("current_timestamp(3)", Stable),
        ("CURRENT_DATE", Stable),
        ("localtimestamp", Stable),
        ("current_user", Stable),
        ("statement_timestamp()", Stable),
        ("timezone('utc', now())", Stable),
        ("(now() AT TIME ZONE 'utc')", Stable),
        ("txid_current()", Stable),
        ("clock_timestamp()", Volatile),
        ("timeofday()", Volatile),
        ("random()", Volatile),
        ("nextval('s')", Volatile),
        ("gen_random_uuid()", Volatile),
        ("uuid_generate_v4()", Volatile),
        ("now() + random() * interval '1 day'", Volatile),
        ("(SELECT random())", Volatile),
        ("(SELECT now() FROM t JOIN u ON random() > 0.5)", Volatile),
        ("own()", Unknown),
        ("lower(own('a'))", Unknown),
        ("app.lower('A')", Unknown),
    ] {
        assert_eq!(default(text).volatility, volatility, "{text}");
    }
}

#[test]
fn text_is_folded_outside_of_literals() {
    for (written, text) in [
        ("1  +\n\t2", "1 + 2"),
        ("'a  b'", "'a  b'"),
        ("lower ( 'A' /* why */ ) -- so", "lower ( 'A' )"),
        ("$$a  b$$ || E'\\n  '", "$$a  b$$ || E'\\n  '"),
    ] {
        assert_eq!(default(written).text, text);
    }
}

#[test]
fn a_long_chain_of_operators_is_read() {
    let text = (0..2_000).map(|n| format!("f(a{n})")).collect::<Vec<_>>().join(" OR ");
    let uses = default(&format!("({text})")).uses;
    assert_eq!((uses.columns.len(), uses.functions.len()), (2_000, 2_000));
    assert_eq!((uses.columns[0].name.text.as_str(), uses.columns[1_999].name.text.as_str()), ("a0", "a1999"));
}
