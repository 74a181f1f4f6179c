use crate::postgres::read;
use crate::statement::{ActKind, TypeName};

/// Types as they may be written, and as PostgreSQL 15's `format_type` prints a column of each.
const TYPES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("integer", "integer"),
    ("int8", "bigint"),
    ("bigint", "bigint"),
    ("int2", "smallint"),
    ("smallint", "smallint"),
    ("float", "double precision"),
    ("float(24)", "real"),
    ("float(25)", "double precision"),
    ("float(1)", "real"),
    ("real", "real"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("double precision", "double precision"),
    ("decimal", "numeric"),
    ("decimal(10)", "numeric(10,0)"),
    ("numeric(10,2)", "numeric(10,2)"),
    ("dec(5,1)", "numeric(5,1)"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("char", "character(1)"),
    ("character(3)", "character(3)"),
    ("char(5)", "character(5)"),
    ("varchar", "character varying"),
    ("varchar(8)", "character varying(8)"),
    ("character varying(9)", "character varying(9)"),
    ("nchar(2)", "character(2)"),
    ("national character varying(4)", "character varying(4)"),
    (r#""char""#, r#""char""#),
    ("bpchar", "bpchar"),
    ("bpchar(3)", "character(3)"),
    ("pg_catalog.bpchar", "bpchar"),
    ("bit", "bit(1)"),
    ("bit(4)", "bit(4)"),
    ("bit varying", "bit varying"),
    ("bit varying(3)", "bit varying(3)"),
    ("varbit", "bit varying"),
    ("varbit(3)", "bit varying(3)"),
    ("time", "time without time zone"),
    ("time(3)", "time(3) without time zone"),
    ("time with time zone", "time with time zone"),
    ("timetz", "time with time zone"),
    ("timetz(2)", "time(2) with time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timestamp(3)", "timestamp(3) without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp(9) with time zone", "timestamp(6) with time zone"),
    ("interval", "interval"),
    ("interval(3)", "interval(3)"),
    ("interval year", "interval year"),
    ("interval day to second(2)", "interval day to second(2)"),
    ("interval second(2)", "interval second(2)"),
    ("interval hour to minute", "interval hour to minute"),
    ("text[]", "text[]"),
    ("int array", "integer[]"),
    ("int array[3]", "integer[]"),
    ("int[][]", "integer[]"),
    ("timestamp(3)[]", "timestamp(3) without time zone[]"),
    ("varchar(3)[]", "character varying(3)[]"),
    ("pg_catalog.int4", "integer"),
    (r#"pg_catalog."bit""#, r#""bit""#),
    ("pg_catalog.varchar(3)", "character varying(3)"),
    (r#""int4""#, "integer"),
    (r#""varchar""#, "character varying"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("uuid", "uuid"),
    ("name", "name"),
    ("oid", "oid"),
    ("regclass", "regclass"),
    ("tsvector", "tsvector"),
    ("pg_catalog.timestamptz(3)", "timestamp(3) with time zone"),
    (r#""timestamp""#, "timestamp without time zone"),
    (r#""time""#, "time without time zone"),
    ("nchar varying(3)", "character varying(3)"),
    (r#""numeric"(5)"#, "numeric(5,0)"),
    (r#""bool""#, "boolean"),
    ("numeric(5,0)", "numeric(5,0)"),
    ("numeric(4,-2)", "numeric(4,-2)"),
    ("character", "character(1)"),
    (r#"pg_catalog."char""#, r#""char""#),
    (r#""timestamptz"(3)"#, "timestamp(3) with time zone"),
    (r#"pg_catalog."varchar""#, "character varying"),
    (r#""bit"(3)"#, "bit(3)"),
    (r#""bpchar"(3)"#, "character(3)"),
    ("interval day to second", "interval day to second"),
    ("interval minute to second(4)", "interval minute to second(4)"),
    ("char varying(3)", "character varying(3)"),
    ("xml", "xml"),
    (r#""text""#, "text"),
    ("int8range", "int8range"),
    ("inet", "inet"),
    ("money", "money"),
    (r#""float8""#, "double precision"),
    (r#""int8""#, "bigint"),
    ("timestamp without time zone", "timestamp without time zone"),
    ("time(2) without time zone", "time(2) without time zone"),
];

#[test]
fn types_are_named_as_the_server_names_them() {
    for (written, printed) in TYPES {
        assert_eq!(print(&column(written)), *printed, "{written}");
    }
}

#[test]
fn serials_are_integers_with_a_sequence() {
    for (written, integer) in [("serial", "integer"), ("BIGSERIAL", "bigint"), ("smallserial", "smallint")] {
        let ty = column(written);
        assert!(ty.serial && ty.name == integer, "{written}");
    }
    assert!(!column("integer").serial);
}

#[test]
fn types_of_an_author_keep_their_names() {
    for (written, schema, name) in [
        ("Mood", None, "mood"),
        (r#""Mood""#, None, "Mood"),
        ("app.mood", Some("app"), "mood"),
        (r#"app."integer""#, Some("app"), "integer"),
        (r#""integer""#, None, "integer"),
        ("vector(3)", None, "vector"),
    ] {
        let ty = column(written);
        assert_eq!((ty.schema.map(|schema| schema.text).as_deref(), ty.name.as_str()), (schema, name), "{written}");
    }
}

fn column(ty: &str) -> TypeName {
    let reading = read(&format!("CREATE TABLE t (c {ty})"));
    assert_eq!(reading.errors, [], "{ty}");
    match reading.statements[0].acts[0].kind.clone() {
        ActKind::CreateTable(table) => table.columns[0].ty.clone().unwrap(),
        kind => panic!("{kind:?}"),
    }
}

fn print(ty: &TypeName) -> String {
    let arguments = if ty.arguments.is_empty() { String::new() } else { format!("({})", ty.arguments.join(",")) };
    let (before, after) = match ty.name.split_once(" with") {
        Some((before, after)) => (before, format!(" with{after}")),
        None => (ty.name.as_str(), String::new()),
    };
    format!("{before}{arguments}{after}{}", if ty.array { "[]" } else { "" })
}
