//! What comes with extensions: those that PostgreSQL is delivered with, as its servers have them, and what is best known of others.

use crate::statement::Volatility;
use crate::statement::Volatility::{Constant, Stable, Volatile};

/// Finds the extension that a function comes with, and how often it has to be evaluated.
pub(crate) fn extension_function(name: &str) -> Option<(&'static str, Volatility)> {
    let at = FUNCTIONS.binary_search_by_key(&name, |(function, ..)| function).ok()?;
    FUNCTIONS.get(at).map(|(_, extension, volatility)| (*extension, *volatility))
}

/// Finds the extension that a type comes with.
pub(crate) fn extension_type(name: &str) -> Option<&'static str> {
    find(TYPES, name)
}

/// Finds the extension that an operator class comes with.
pub(crate) fn extension_class(name: &str) -> Option<&'static str> {
    find(CLASSES, name)
}

/// Finds the extension that an index's method comes with.
pub(crate) fn extension_method(name: &str) -> Option<&'static str> {
    find(METHODS, name)
}

/// Tells whether all that an extension comes with is known here.
pub(crate) fn is_extension(name: &str) -> bool {
    KNOWN.binary_search(&name).is_ok()
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let at = table.binary_search_by_key(&name, |(known, _)| known).ok()?;
    table.get(at).map(|(_, extension)| *extension)
}

/// Those that PostgreSQL is delivered with.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "adminpack", "amcheck", "autoinc", "bloom", "bool_plperl", "bool_plperlu", "btree_gin", "btree_gist", "citext",
    "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance", "file_fdw", "fuzzystrmatch", "hstore",
    "hstore_plperl", "hstore_plperlu", "hstore_plpython2u", "hstore_plpython3u", "hstore_plpythonu",
    "insert_username", "intagg", "intarray", "isn", "jsonb_plperl", "jsonb_plperlu", "jsonb_plpython2u",
    "jsonb_plpython3u", "jsonb_plpythonu", "lo", "ltree", "ltree_plpython2u", "ltree_plpython3u", "ltree_plpythonu",
    "moddatetime", "old_snapshot", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_logicalinspect",
    "pg_prewarm", "pg_stat_statements", "pg_surgery", "pg_trgm", "pg_visibility", "pg_walinspect", "pgcrypto",
    "pgrowlocks", "pgstattuple", "plperl", "plperlu", "plpgsql", "plpython3u", "pltcl", "pltclu", "postgres_fdw",
    "refint", "seg", "spi", "sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent",
    "uuid-ossp", "xml2",
];

/// Methods of indexes.
#[rustfmt::skip]
const METHODS: &[(&str, &str)] = &[
    ("bloom", "bloom"), ("hnsw", "vector"), ("ivfflat", "vector"), ("rum", "rum"),
];

/// Types.
#[rustfmt::skip]
const TYPES: &[(&str, &str)] = &[
    ("box2d", "postgis"), ("box3d", "postgis"), ("citext", "citext"), ("cube", "cube"), ("ean13", "isn"),
    ("earth", "earthdistance"), ("geography", "postgis"), ("geometry", "postgis"), ("halfvec", "vector"),
    ("hstore", "hstore"), ("isbn", "isn"), ("isbn13", "isn"), ("ismn", "isn"), ("ismn13", "isn"), ("issn", "isn"),
    ("issn13", "isn"), ("lo", "lo"), ("lquery", "ltree"), ("ltree", "ltree"), ("ltxtquery", "ltree"),
    ("query_int", "intarray"), ("raster", "postgis_raster"), ("seg", "seg"), ("sparsevec", "vector"), ("upc", "isn"),
    ("vector", "vector"),
];

/// Operator classes that the server has none of the same name of.
#[rustfmt::skip]
const CLASSES: &[(&str, &str)] = &[
    ("bit_hamming_ops", "vector"), ("bit_jaccard_ops", "vector"), ("btree_hstore_ops", "hstore"),
    ("citext_ops", "citext"), ("citext_pattern_ops", "citext"), ("cube_ops", "cube"), ("ean13_ops", "isn"),
    ("gin__int_ops", "intarray"), ("gin_hstore_ops", "hstore"), ("gin_trgm_ops", "pg_trgm"),
    ("gist__int_ops", "intarray"), ("gist__intbig_ops", "intarray"), ("gist__ltree_ops", "ltree"),
    ("gist_bit_ops", "btree_gist"), ("gist_bool_ops", "btree_gist"), ("gist_bpchar_ops", "btree_gist"),
    ("gist_bytea_ops", "btree_gist"), ("gist_cash_ops", "btree_gist"), ("gist_cidr_ops", "btree_gist"),
    ("gist_cube_ops", "cube"), ("gist_date_ops", "btree_gist"), ("gist_enum_ops", "btree_gist"),
    ("gist_float4_ops", "btree_gist"), ("gist_float8_ops", "btree_gist"), ("gist_hstore_ops", "hstore"),
    ("gist_inet_ops", "btree_gist"), ("gist_int2_ops", "btree_gist"), ("gist_int4_ops", "btree_gist"),
    ("gist_int8_ops", "btree_gist"), ("gist_interval_ops", "btree_gist"), ("gist_ltree_ops", "ltree"),
    ("gist_macaddr8_ops", "btree_gist"), ("gist_macaddr_ops", "btree_gist"), ("gist_numeric_ops", "btree_gist"),
    ("gist_oid_ops", "btree_gist"), ("gist_seg_ops", "seg"), ("gist_text_ops", "btree_gist"),
    ("gist_time_ops", "btree_gist"), ("gist_timestamp_ops", "btree_gist"), ("gist_timestamptz_ops", "btree_gist"),
    ("gist_timetz_ops", "btree_gist"), ("gist_trgm_ops", "pg_trgm"), ("gist_uuid_ops", "btree_gist"),
    ("gist_vbit_ops", "btree_gist"), ("halfvec_cosine_ops", "vector"), ("halfvec_ip_ops", "vector"),
    ("halfvec_l1_ops", "vector"), ("halfvec_l2_ops", "vector"), ("hash_hstore_ops", "hstore"),
    ("hash_ltree_ops", "ltree"), ("isbn13_ops", "isn"), ("isbn_ops", "isn"), ("ismn13_ops", "isn"),
    ("ismn_ops", "isn"), ("issn13_ops", "isn"), ("issn_ops", "isn"), ("ltree_ops", "ltree"), ("seg_ops", "seg"),
    ("sparsevec_cosine_ops", "vector"), ("sparsevec_ip_ops", "vector"), ("sparsevec_l1_ops", "vector"),
    ("sparsevec_l2_ops", "vector"), ("upc_ops", "isn"), ("vector_cosine_ops", "vector"), ("vector_ip_ops", "vector"),
    ("vector_l1_ops", "vector"), ("vector_l2_ops", "vector"),
];

/// Functions that the server has none of the same name of.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, &str, Volatility)] = &[
    ("_int_different", "intarray", Constant), ("_int_same", "intarray", Constant), ("akeys", "hstore", Constant),
    ("armor", "pgcrypto", Constant), ("autoinc", "autoinc", Volatile),
    ("autoprewarm_dump_now", "pg_prewarm", Volatile), ("autoprewarm_start_worker", "pg_prewarm", Volatile),
    ("avals", "hstore", Constant), ("brin_metapage_info", "pageinspect", Volatile),
    ("brin_page_items", "pageinspect", Volatile), ("brin_page_type", "pageinspect", Volatile),
    ("brin_revmap_data", "pageinspect", Volatile), ("bt_index_check", "amcheck", Volatile),
    ("bt_index_parent_check", "amcheck", Volatile), ("bt_metap", "pageinspect", Volatile),
    ("bt_multi_page_stats", "pageinspect", Volatile), ("bt_page_items", "pageinspect", Volatile),
    ("bt_page_stats", "pageinspect", Volatile), ("check_foreign_key", "refint", Volatile),
    ("check_primary_key", "refint", Volatile), ("citext", "citext", Constant), ("connectby", "tablefunc", Stable),
    ("crosstab", "tablefunc", Stable), ("crosstab2", "tablefunc", Stable), ("crosstab3", "tablefunc", Stable),
    ("crosstab4", "tablefunc", Stable), ("crypt", "pgcrypto", Constant), ("cube", "cube", Constant),
    ("cube_dim", "cube", Constant), ("cube_enlarge", "cube", Constant), ("cube_inter", "cube", Constant),
    ("cube_is_point", "cube", Constant), ("cube_ll_coord", "cube", Constant), ("cube_size", "cube", Constant),
    ("cube_subset", "cube", Constant), ("cube_union", "cube", Constant), ("cube_ur_coord", "cube", Constant),
    ("daitch_mokotoff", "fuzzystrmatch", Constant), ("dblink", "dblink", Volatile),
    ("dblink_build_sql_delete", "dblink", Volatile), ("dblink_build_sql_insert", "dblink", Volatile),
    ("dblink_build_sql_update", "dblink", Volatile), ("dblink_cancel_query", "dblink", Volatile),
    ("dblink_close", "dblink", Volatile), ("dblink_connect", "dblink", Volatile),
    ("dblink_connect_u", "dblink", Volatile), ("dblink_current_query", "dblink", Volatile),
    ("dblink_disconnect", "dblink", Volatile), ("dblink_error_message", "dblink", Volatile),
    ("dblink_exec", "dblink", Volatile), ("dblink_fetch", "dblink", Volatile),
    ("dblink_get_connections", "dblink", Volatile), ("dblink_get_notify", "dblink", Volatile),
    ("dblink_get_pkey", "dblink", Volatile), ("dblink_get_result", "dblink", Volatile),
    ("dblink_is_busy", "dblink", Volatile), ("dblink_open", "dblink", Volatile),
    ("dblink_send_query", "dblink", Volatile), ("dearmor", "pgcrypto", Constant), ("decrypt", "pgcrypto", Constant),
    ("decrypt_iv", "pgcrypto", Constant), ("defined", "hstore", Constant), ("difference", "fuzzystrmatch", Constant),
    ("digest", "pgcrypto", Constant), ("dmetaphone", "fuzzystrmatch", Constant),
    ("dmetaphone_alt", "fuzzystrmatch", Constant), ("each", "hstore", Constant), ("earth", "earthdistance", Constant),
    ("earth_box", "earthdistance", Constant), ("earth_distance", "earthdistance", Constant),
    ("encrypt", "pgcrypto", Constant), ("encrypt_iv", "pgcrypto", Constant), ("fips_mode", "pgcrypto", Volatile),
    ("fsm_page_contents", "pageinspect", Volatile), ("gc_to_sec", "earthdistance", Constant),
    ("gen_random_bytes", "pgcrypto", Volatile), ("gen_salt", "pgcrypto", Volatile),
    ("get_raw_page", "pageinspect", Volatile), ("gin_index_check", "amcheck", Volatile),
    ("gin_leafpage_items", "pageinspect", Volatile), ("gin_metapage_info", "pageinspect", Volatile),
    ("gin_page_opaque_info", "pageinspect", Volatile), ("gist_page_items", "pageinspect", Volatile),
    ("gist_page_items_bytea", "pageinspect", Volatile), ("gist_page_opaque_info", "pageinspect", Volatile),
    ("hash_bitmap_info", "pageinspect", Volatile), ("hash_metapage_info", "pageinspect", Volatile),
    ("hash_page_items", "pageinspect", Volatile), ("hash_page_stats", "pageinspect", Volatile),
    ("hash_page_type", "pageinspect", Volatile), ("heap_force_freeze", "pg_surgery", Volatile),
    ("heap_force_kill", "pg_surgery", Volatile), ("heap_page_item_attrs", "pageinspect", Volatile),
    ("heap_page_items", "pageinspect", Volatile), ("heap_tuple_infomask_flags", "pageinspect", Volatile),
    ("hmac", "pgcrypto", Constant), ("hstore", "hstore", Constant), ("hstore_to_json", "hstore", Constant),
    ("hstore_to_json_loose", "hstore", Constant), ("hstore_to_jsonb", "hstore", Constant),
    ("hstore_to_jsonb_loose", "hstore", Constant), ("hstore_version_diag", "hstore", Constant),
    ("index", "ltree", Constant), ("insert_username", "insert_username", Volatile),
    ("int_array_aggregate", "intagg", Constant), ("int_array_enum", "intagg", Constant),
    ("intset", "intarray", Constant), ("is_valid", "isn", Constant), ("isbn", "isn", Constant),
    ("isbn13", "isn", Constant), ("isdefined", "hstore", Constant), ("isexists", "hstore", Constant),
    ("ismn", "isn", Constant), ("ismn13", "isn", Constant), ("isn_weak", "isn", Volatile), ("issn", "isn", Constant),
    ("issn13", "isn", Constant), ("latitude", "earthdistance", Constant), ("lca", "ltree", Constant),
    ("levenshtein", "fuzzystrmatch", Constant), ("levenshtein_less_equal", "fuzzystrmatch", Constant),
    ("ll_to_earth", "earthdistance", Constant), ("lo_manage", "lo", Volatile), ("lo_oid", "lo", Constant),
    ("longitude", "earthdistance", Constant), ("ltree2text", "ltree", Constant),
    ("ltreeparentsel", "ltree", Constant), ("make_valid", "isn", Constant), ("metaphone", "fuzzystrmatch", Constant),
    ("moddatetime", "moddatetime", Volatile), ("nlevel", "ltree", Constant), ("normal_rand", "tablefunc", Volatile),
    ("page_checksum", "pageinspect", Volatile), ("page_header", "pageinspect", Volatile),
    ("pg_buffercache_evict", "pg_buffercache", Volatile), ("pg_buffercache_evict_all", "pg_buffercache", Volatile),
    ("pg_buffercache_evict_relation", "pg_buffercache", Volatile),
    ("pg_buffercache_numa_pages", "pg_buffercache", Volatile), ("pg_buffercache_pages", "pg_buffercache", Volatile),
    ("pg_buffercache_summary", "pg_buffercache", Volatile),
    ("pg_buffercache_usage_counts", "pg_buffercache", Volatile), ("pg_check_frozen", "pg_visibility", Volatile),
    ("pg_check_visible", "pg_visibility", Volatile), ("pg_file_rename", "adminpack", Volatile),
    ("pg_file_sync", "adminpack", Volatile), ("pg_file_unlink", "adminpack", Volatile),
    ("pg_file_write", "adminpack", Volatile), ("pg_freespace", "pg_freespacemap", Volatile),
    ("pg_get_logical_snapshot_info", "pg_logicalinspect", Volatile),
    ("pg_get_logical_snapshot_meta", "pg_logicalinspect", Volatile),
    ("pg_get_wal_block_info", "pg_walinspect", Volatile), ("pg_get_wal_record_info", "pg_walinspect", Volatile),
    ("pg_get_wal_records_info", "pg_walinspect", Volatile),
    ("pg_get_wal_records_info_till_end_of_wal", "pg_walinspect", Volatile),
    ("pg_get_wal_stats", "pg_walinspect", Volatile), ("pg_get_wal_stats_till_end_of_wal", "pg_walinspect", Volatile),
    ("pg_logdir_ls", "adminpack", Volatile), ("pg_old_snapshot_time_mapping", "old_snapshot", Volatile),
    ("pg_prewarm", "pg_prewarm", Volatile), ("pg_relpages", "pgstattuple", Volatile),
    ("pg_stat_statements", "pg_stat_statements", Volatile),
    ("pg_stat_statements_info", "pg_stat_statements", Volatile),
    ("pg_stat_statements_reset", "pg_stat_statements", Volatile),
    ("pg_truncate_visibility_map", "pg_visibility", Volatile), ("pg_visibility", "pg_visibility", Volatile),
    ("pg_visibility_map", "pg_visibility", Volatile), ("pg_visibility_map_summary", "pg_visibility", Volatile),
    ("pgp_armor_headers", "pgcrypto", Constant), ("pgp_key_id", "pgcrypto", Constant),
    ("pgp_pub_decrypt", "pgcrypto", Constant), ("pgp_pub_decrypt_bytea", "pgcrypto", Constant),
    ("pgp_pub_encrypt", "pgcrypto", Volatile), ("pgp_pub_encrypt_bytea", "pgcrypto", Volatile),
    ("pgp_sym_decrypt", "pgcrypto", Constant), ("pgp_sym_decrypt_bytea", "pgcrypto", Constant),
    ("pgp_sym_encrypt", "pgcrypto", Volatile), ("pgp_sym_encrypt_bytea", "pgcrypto", Volatile),
    ("pgrowlocks", "pgrowlocks", Volatile), ("pgstatginindex", "pgstattuple", Volatile),
    ("pgstathashindex", "pgstattuple", Volatile), ("pgstatindex", "pgstattuple", Volatile),
    ("pgstattuple", "pgstattuple", Volatile), ("pgstattuple_approx", "pgstattuple", Volatile),
    ("postgres_fdw_disconnect", "postgres_fdw", Volatile), ("postgres_fdw_disconnect_all", "postgres_fdw", Volatile),
    ("postgres_fdw_get_connections", "postgres_fdw", Volatile), ("sec_to_gc", "earthdistance", Constant),
    ("seg_center", "seg", Constant), ("seg_inter", "seg", Constant), ("seg_lower", "seg", Constant),
    ("seg_size", "seg", Constant), ("seg_union", "seg", Constant), ("seg_upper", "seg", Constant),
    ("set_limit", "pg_trgm", Volatile), ("show_limit", "pg_trgm", Stable), ("show_trgm", "pg_trgm", Constant),
    ("similarity", "pg_trgm", Constant), ("skeys", "hstore", Constant), ("slice", "hstore", Constant),
    ("sort", "intarray", Constant), ("sort_asc", "intarray", Constant), ("sort_desc", "intarray", Constant),
    ("soundex", "fuzzystrmatch", Constant), ("ssl_cipher", "sslinfo", Volatile),
    ("ssl_client_cert_present", "sslinfo", Volatile), ("ssl_client_dn", "sslinfo", Volatile),
    ("ssl_client_dn_field", "sslinfo", Volatile), ("ssl_client_serial", "sslinfo", Volatile),
    ("ssl_extension_info", "sslinfo", Volatile), ("ssl_is_used", "sslinfo", Volatile),
    ("ssl_issuer_dn", "sslinfo", Volatile), ("ssl_issuer_field", "sslinfo", Volatile),
    ("ssl_version", "sslinfo", Volatile), ("strict_word_similarity", "pg_trgm", Constant),
    ("subarray", "intarray", Constant), ("subltree", "ltree", Constant), ("subpath", "ltree", Constant),
    ("svals", "hstore", Constant), ("system_rows", "tsm_system_rows", Volatile),
    ("system_time", "tsm_system_time", Volatile), ("tconvert", "hstore", Constant), ("text2ltree", "ltree", Constant),
    ("text_soundex", "fuzzystrmatch", Constant), ("triggered_change_notification", "tcn", Volatile),
    ("tuple_data_split", "pageinspect", Volatile), ("unaccent", "unaccent", Stable), ("uniq", "intarray", Constant),
    ("upc", "isn", Constant), ("uuid_generate_v1", "uuid-ossp", Volatile),
    ("uuid_generate_v1mc", "uuid-ossp", Volatile), ("uuid_generate_v3", "uuid-ossp", Constant),
    ("uuid_generate_v4", "uuid-ossp", Volatile), ("uuid_generate_v5", "uuid-ossp", Constant),
    ("uuid_nil", "uuid-ossp", Constant), ("uuid_ns_dns", "uuid-ossp", Constant),
    ("uuid_ns_oid", "uuid-ossp", Constant), ("uuid_ns_url", "uuid-ossp", Constant),
    ("uuid_ns_x500", "uuid-ossp", Constant), ("verify_heapam", "amcheck", Volatile),
    ("word_similarity", "pg_trgm", Constant), ("xml_encode_special_chars", "xml2", Constant),
    ("xml_valid", "xml2", Stable), ("xpath_bool", "xml2", Constant), ("xpath_list", "xml2", Constant),
    ("xpath_nodeset", "xml2", Constant), ("xpath_number", "xml2", Constant), ("xpath_string", "xml2", Constant),
    ("xpath_table", "xml2", Stable), ("xslt_process", "xml2", Volatile),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_an_extension_is_known() {
        assert_eq!(extension_function("uuid_generate_v4"), Some(("uuid-ossp", Volatile)));
        assert_eq!(extension_function("crypt"), Some(("pgcrypto", Constant)));
        assert_eq!(extension_function("similarity"), Some(("pg_trgm", Constant)));
        assert_eq!(extension_function("gen_random_uuid"), None);
        assert_eq!(extension_type("citext"), Some("citext"));
        assert_eq!(extension_class("gin_trgm_ops"), Some("pg_trgm"));
        assert_eq!(extension_class("text_ops"), None);
        assert_eq!(extension_method("hnsw"), Some("vector"));
        assert!(is_extension("hstore") && !is_extension("postgis"));
    }

    #[test]
    fn the_tables_can_be_searched() {
        assert!(KNOWN.is_sorted());
        assert!([METHODS, TYPES, CLASSES].iter().all(|table| table.is_sorted()));
        assert!(FUNCTIONS.is_sorted_by_key(|(name, ..)| name));
    }
}
