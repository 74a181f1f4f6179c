//! What every database has from the beginning.

/// # Source
/// `pg_type` of PostgreSQL 12 to 18, under the names that it prints and those it keeps.
fn is_plain_type(name: &str) -> bool {
    matches!(
        name,
        "\"any\""
            | "\"char\""
            | "aclitem"
            | "any"
            | "anyarray"
            | "anycompatible"
            | "anycompatiblearray"
            | "anycompatiblemultirange"
            | "anycompatiblenonarray"
            | "anycompatiblerange"
            | "anyelement"
            | "anyenum"
            | "anymultirange"
            | "anynonarray"
            | "anyrange"
            | "bigint"
            | "bit"
            | "bool"
            | "boolean"
            | "box"
            | "bpchar"
            | "bytea"
            | "char"
            | "character"
            | "cid"
            | "cidr"
            | "circle"
            | "cstring"
            | "date"
            | "datemultirange"
            | "daterange"
            | "event_trigger"
            | "fdw_handler"
            | "float4"
            | "float8"
            | "gtsvector"
            | "index_am_handler"
            | "inet"
            | "int2"
            | "int2vector"
            | "int4"
            | "int4multirange"
            | "int4range"
            | "int8"
            | "int8multirange"
            | "int8range"
            | "integer"
            | "internal"
            | "interval"
            | "json"
            | "jsonb"
            | "jsonpath"
            | "language_handler"
            | "line"
            | "lseg"
            | "macaddr"
            | "macaddr8"
            | "money"
            | "name"
            | "numeric"
            | "nummultirange"
            | "numrange"
            | "oid"
            | "oidvector"
            | "opaque"
            | "path"
            | "point"
            | "polygon"
            | "real"
            | "record"
            | "refcursor"
            | "regclass"
            | "regcollation"
            | "regconfig"
            | "regdatabase"
            | "regdictionary"
            | "regnamespace"
            | "regoper"
            | "regoperator"
            | "regproc"
            | "regprocedure"
            | "regrole"
            | "regtype"
            | "smallint"
            | "table_am_handler"
            | "text"
            | "tid"
            | "trigger"
            | "tsm_handler"
            | "tsmultirange"
            | "tsquery"
            | "tsrange"
            | "tstzmultirange"
            | "tstzrange"
            | "tsvector"
            | "timestamptz"
            | "timetz"
            | "txid_snapshot"
            | "unknown"
            | "uuid"
            | "varbit"
            | "varchar"
            | "void"
            | "xid"
            | "xid8"
            | "xml"
    )
}

/// Gives the names that types are usually written by, for a misspelt one.
pub(super) fn plain_types() -> [&'static str; 18] {
    [
        "bigint",
        "boolean",
        "bytea",
        "char",
        "date",
        "inet",
        "integer",
        "interval",
        "json",
        "jsonb",
        "numeric",
        "serial",
        "smallint",
        "text",
        "timestamp",
        "timestamptz",
        "uuid",
        "varchar",
    ]
}

/// Tells whether the server has a type of this name itself.
pub(super) fn is_type(name: &str) -> bool {
    // Those of several words: `timestamp with time zone`, `interval day to second`.
    let several = ["time", "timestamp", "interval", "double precision", "bit varying", "character varying"];
    let starts = |start: &str| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    name.starts_with("pg_")
        || several.iter().any(|start| starts(start))
        || is_plain_type(name)
        || name.strip_prefix('_').is_some_and(is_plain_type)
}

/// Tells whether a schema is the server's own; everything in it is taken to be there.
pub(super) fn is_schema(name: &str) -> bool {
    name == "information_schema" || name.starts_with("pg_") && name != super::id::TEMPORARY
}

/// Tells whether every table has a column of this name from the beginning.
pub(crate) fn is_system_column(name: &str) -> bool {
    matches!(name, "tableoid" | "xmin" | "cmin" | "xmax" | "cmax" | "ctid")
}

/// Words that the server quotes where they are names.
///
/// # Source
/// `pg_get_keywords()` of PostgreSQL 15 to 18, all that isn't `U`.
fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "all"
            | "analyse"
            | "analyze"
            | "and"
            | "any"
            | "array"
            | "as"
            | "asc"
            | "asymmetric"
            | "authorization"
            | "between"
            | "bigint"
            | "binary"
            | "bit"
            | "boolean"
            | "both"
            | "case"
            | "cast"
            | "char"
            | "character"
            | "check"
            | "coalesce"
            | "collate"
            | "collation"
            | "column"
            | "concurrently"
            | "constraint"
            | "create"
            | "cross"
            | "current_catalog"
            | "current_date"
            | "current_role"
            | "current_schema"
            | "current_time"
            | "current_timestamp"
            | "current_user"
            | "dec"
            | "decimal"
            | "default"
            | "deferrable"
            | "desc"
            | "distinct"
            | "do"
            | "else"
            | "end"
            | "except"
            | "exists"
            | "extract"
            | "false"
            | "fetch"
            | "float"
            | "for"
            | "foreign"
            | "freeze"
            | "from"
            | "full"
            | "grant"
            | "greatest"
            | "group"
            | "grouping"
            | "having"
            | "ilike"
            | "in"
            | "initially"
            | "inner"
            | "inout"
            | "int"
            | "integer"
            | "intersect"
            | "interval"
            | "into"
            | "is"
            | "isnull"
            | "join"
            | "json"
            | "json_array"
            | "json_arrayagg"
            | "json_exists"
            | "json_object"
            | "json_objectagg"
            | "json_query"
            | "json_scalar"
            | "json_serialize"
            | "json_table"
            | "json_value"
            | "lateral"
            | "leading"
            | "least"
            | "left"
            | "like"
            | "limit"
            | "localtime"
            | "localtimestamp"
            | "merge_action"
            | "national"
            | "natural"
            | "nchar"
            | "none"
            | "normalize"
            | "not"
            | "notnull"
            | "null"
            | "nullif"
            | "numeric"
            | "offset"
            | "on"
            | "only"
            | "or"
            | "order"
            | "out"
            | "outer"
            | "overlaps"
            | "overlay"
            | "placing"
            | "position"
            | "precision"
            | "primary"
            | "real"
            | "references"
            | "returning"
            | "right"
            | "row"
            | "select"
            | "session_user"
            | "setof"
            | "similar"
            | "smallint"
            | "some"
            | "substring"
            | "symmetric"
            | "system_user"
            | "table"
            | "tablesample"
            | "then"
            | "time"
            | "timestamp"
            | "to"
            | "trailing"
            | "treat"
            | "trim"
            | "true"
            | "union"
            | "unique"
            | "user"
            | "using"
            | "values"
            | "varchar"
            | "variadic"
            | "verbose"
            | "when"
            | "where"
            | "window"
            | "with"
            | "xmlattributes"
            | "xmlconcat"
            | "xmlelement"
            | "xmlexists"
            | "xmlforest"
            | "xmlnamespaces"
            | "xmlparse"
            | "xmlpi"
            | "xmlroot"
            | "xmlserialize"
            | "xmltable"
    )
}

/// Writes a name as a statement has to say it.
pub(crate) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts && name.chars().all(plain) && !is_keyword(name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}
