//! The types that every PostgreSQL has, under the names that it prints.

/// Tells whether the server has a type of its own of this name, as it prints it.
pub(crate) fn is_type(printed: &str) -> bool {
    TYPES.binary_search(&printed).is_ok() || printed.starts_with("interval ") || printed.starts_with("pg_")
}

/// Those of `pg_type` on 12, 15 and 18.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "\"any\"", "\"char\"", "aclitem", "anyarray", "anycompatible", "anycompatiblearray", "anycompatiblemultirange",
    "anycompatiblenonarray", "anycompatiblerange", "anyelement", "anyenum", "anymultirange", "anynonarray",
    "anyrange", "bigint", "bit", "bit varying", "boolean", "box", "bpchar", "bytea", "character", "character varying",
    "cid", "cidr", "circle", "cstring", "date", "datemultirange", "daterange", "double precision", "event_trigger",
    "fdw_handler", "gtsvector", "index_am_handler", "inet", "int2vector", "int4multirange", "int4range",
    "int8multirange", "int8range", "integer", "internal", "interval", "json", "jsonb", "jsonpath", "language_handler",
    "line", "lseg", "macaddr", "macaddr8", "money", "name", "numeric", "nummultirange", "numrange", "oid",
    "oidvector", "opaque", "path", "pg_lsn", "pg_node_tree", "pg_snapshot", "point", "polygon", "real", "record",
    "refcursor", "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator",
    "regproc", "regprocedure", "regrole", "regtype", "smallint", "table_am_handler", "text", "tid",
    "time with time zone", "time without time zone", "timestamp with time zone", "timestamp without time zone",
    "trigger", "tsm_handler", "tsmultirange", "tsquery", "tsrange", "tstzmultirange", "tstzrange", "tsvector",
    "txid_snapshot", "unknown", "uuid", "varbit", "void", "xid", "xid8", "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_as_they_are_printed() {
        assert!(is_type("timestamp with time zone") && is_type("\"char\"") && is_type("interval day to second"));
        assert!(!is_type("datetime") && !is_type("citext") && !is_type("int4"));
    }

    #[test]
    fn the_list_can_be_searched() {
        assert!(TYPES.is_sorted());
    }
}
