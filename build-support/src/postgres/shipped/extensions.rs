//! The functions that come with PostgreSQL's own extensions, by how often they have to be evaluated.

use crate::statement::Volatility;
use crate::statement::Volatility::{Constant, Stable, Volatile};

/// Tells how often a function of an extension has to be evaluated; `None` where none has one of this name.
pub(crate) fn extension_function(name: &str) -> Option<Volatility> {
    let at = FUNCTIONS.binary_search_by_key(&name, |(function, _)| function).ok()?;
    FUNCTIONS.get(at).map(|(_, volatility)| *volatility)
}

/// Those of 12, 15 and 18 that the server has none of the same name of.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, Volatility)] = &[
    ("_int_different", Constant), ("_int_same", Constant), ("akeys", Constant), ("armor", Constant),
    ("autoinc", Volatile), ("autoprewarm_dump_now", Volatile), ("autoprewarm_start_worker", Volatile),
    ("avals", Constant), ("brin_metapage_info", Volatile), ("brin_page_items", Volatile),
    ("brin_page_type", Volatile), ("brin_revmap_data", Volatile), ("bt_index_check", Volatile),
    ("bt_index_parent_check", Volatile), ("bt_metap", Volatile), ("bt_multi_page_stats", Volatile),
    ("bt_page_items", Volatile), ("bt_page_stats", Volatile), ("check_foreign_key", Volatile),
    ("check_primary_key", Volatile), ("citext", Constant), ("connectby", Stable), ("crosstab", Stable),
    ("crosstab2", Stable), ("crosstab3", Stable), ("crosstab4", Stable), ("crypt", Constant), ("cube", Constant),
    ("cube_dim", Constant), ("cube_enlarge", Constant), ("cube_inter", Constant), ("cube_is_point", Constant),
    ("cube_ll_coord", Constant), ("cube_size", Constant), ("cube_subset", Constant), ("cube_union", Constant),
    ("cube_ur_coord", Constant), ("daitch_mokotoff", Constant), ("dblink", Volatile),
    ("dblink_build_sql_delete", Volatile), ("dblink_build_sql_insert", Volatile),
    ("dblink_build_sql_update", Volatile), ("dblink_cancel_query", Volatile), ("dblink_close", Volatile),
    ("dblink_connect", Volatile), ("dblink_connect_u", Volatile), ("dblink_current_query", Volatile),
    ("dblink_disconnect", Volatile), ("dblink_error_message", Volatile), ("dblink_exec", Volatile),
    ("dblink_fetch", Volatile), ("dblink_get_connections", Volatile), ("dblink_get_notify", Volatile),
    ("dblink_get_pkey", Volatile), ("dblink_get_result", Volatile), ("dblink_is_busy", Volatile),
    ("dblink_open", Volatile), ("dblink_send_query", Volatile), ("dearmor", Constant), ("decrypt", Constant),
    ("decrypt_iv", Constant), ("defined", Constant), ("difference", Constant), ("digest", Constant),
    ("dmetaphone", Constant), ("dmetaphone_alt", Constant), ("each", Constant), ("earth", Constant),
    ("earth_box", Constant), ("earth_distance", Constant), ("encrypt", Constant), ("encrypt_iv", Constant),
    ("fips_mode", Volatile), ("fsm_page_contents", Volatile), ("gc_to_sec", Constant), ("gen_random_bytes", Volatile),
    ("gen_salt", Volatile), ("get_raw_page", Volatile), ("gin_index_check", Volatile),
    ("gin_leafpage_items", Volatile), ("gin_metapage_info", Volatile), ("gin_page_opaque_info", Volatile),
    ("gist_page_items", Volatile), ("gist_page_items_bytea", Volatile), ("gist_page_opaque_info", Volatile),
    ("hash_bitmap_info", Volatile), ("hash_metapage_info", Volatile), ("hash_page_items", Volatile),
    ("hash_page_stats", Volatile), ("hash_page_type", Volatile), ("heap_force_freeze", Volatile),
    ("heap_force_kill", Volatile), ("heap_page_item_attrs", Volatile), ("heap_page_items", Volatile),
    ("heap_tuple_infomask_flags", Volatile), ("hmac", Constant), ("hstore", Constant), ("hstore_to_json", Constant),
    ("hstore_to_json_loose", Constant), ("hstore_to_jsonb", Constant), ("hstore_to_jsonb_loose", Constant),
    ("hstore_version_diag", Constant), ("index", Constant), ("insert_username", Volatile),
    ("int_array_aggregate", Constant), ("int_array_enum", Constant), ("intset", Constant), ("is_valid", Constant),
    ("isbn", Constant), ("isbn13", Constant), ("isdefined", Constant), ("isexists", Constant), ("ismn", Constant),
    ("ismn13", Constant), ("isn_weak", Volatile), ("issn", Constant), ("issn13", Constant), ("latitude", Constant),
    ("lca", Constant), ("levenshtein", Constant), ("levenshtein_less_equal", Constant), ("ll_to_earth", Constant),
    ("lo_manage", Volatile), ("lo_oid", Constant), ("longitude", Constant), ("ltree2text", Constant),
    ("ltreeparentsel", Constant), ("make_valid", Constant), ("metaphone", Constant), ("moddatetime", Volatile),
    ("nlevel", Constant), ("normal_rand", Volatile), ("page_checksum", Volatile), ("page_header", Volatile),
    ("pg_buffercache_evict", Volatile), ("pg_buffercache_evict_all", Volatile),
    ("pg_buffercache_evict_relation", Volatile), ("pg_buffercache_numa_pages", Volatile),
    ("pg_buffercache_pages", Volatile), ("pg_buffercache_summary", Volatile),
    ("pg_buffercache_usage_counts", Volatile), ("pg_check_frozen", Volatile), ("pg_check_visible", Volatile),
    ("pg_file_rename", Volatile), ("pg_file_sync", Volatile), ("pg_file_unlink", Volatile),
    ("pg_file_write", Volatile), ("pg_freespace", Volatile), ("pg_get_logical_snapshot_info", Volatile),
    ("pg_get_logical_snapshot_meta", Volatile), ("pg_get_wal_block_info", Volatile),
    ("pg_get_wal_record_info", Volatile), ("pg_get_wal_records_info", Volatile),
    ("pg_get_wal_records_info_till_end_of_wal", Volatile), ("pg_get_wal_stats", Volatile),
    ("pg_get_wal_stats_till_end_of_wal", Volatile), ("pg_logdir_ls", Volatile),
    ("pg_old_snapshot_time_mapping", Volatile), ("pg_prewarm", Volatile), ("pg_relpages", Volatile),
    ("pg_stat_statements", Volatile), ("pg_stat_statements_info", Volatile), ("pg_stat_statements_reset", Volatile),
    ("pg_truncate_visibility_map", Volatile), ("pg_visibility", Volatile), ("pg_visibility_map", Volatile),
    ("pg_visibility_map_summary", Volatile), ("pgp_armor_headers", Constant), ("pgp_key_id", Constant),
    ("pgp_pub_decrypt", Constant), ("pgp_pub_decrypt_bytea", Constant), ("pgp_pub_encrypt", Volatile),
    ("pgp_pub_encrypt_bytea", Volatile), ("pgp_sym_decrypt", Constant), ("pgp_sym_decrypt_bytea", Constant),
    ("pgp_sym_encrypt", Volatile), ("pgp_sym_encrypt_bytea", Volatile), ("pgrowlocks", Volatile),
    ("pgstatginindex", Volatile), ("pgstathashindex", Volatile), ("pgstatindex", Volatile), ("pgstattuple", Volatile),
    ("pgstattuple_approx", Volatile), ("postgres_fdw_disconnect", Volatile),
    ("postgres_fdw_disconnect_all", Volatile), ("postgres_fdw_get_connections", Volatile), ("sec_to_gc", Constant),
    ("seg_center", Constant), ("seg_inter", Constant), ("seg_lower", Constant), ("seg_size", Constant),
    ("seg_union", Constant), ("seg_upper", Constant), ("set_limit", Volatile), ("show_limit", Stable),
    ("show_trgm", Constant), ("similarity", Constant), ("skeys", Constant), ("slice", Constant), ("sort", Constant),
    ("sort_asc", Constant), ("sort_desc", Constant), ("soundex", Constant), ("ssl_cipher", Volatile),
    ("ssl_client_cert_present", Volatile), ("ssl_client_dn", Volatile), ("ssl_client_dn_field", Volatile),
    ("ssl_client_serial", Volatile), ("ssl_extension_info", Volatile), ("ssl_is_used", Volatile),
    ("ssl_issuer_dn", Volatile), ("ssl_issuer_field", Volatile), ("ssl_version", Volatile),
    ("strict_word_similarity", Constant), ("subarray", Constant), ("subltree", Constant), ("subpath", Constant),
    ("svals", Constant), ("system_rows", Volatile), ("system_time", Volatile), ("tconvert", Constant),
    ("text2ltree", Constant), ("text_soundex", Constant), ("triggered_change_notification", Volatile),
    ("tuple_data_split", Volatile), ("unaccent", Stable), ("uniq", Constant), ("upc", Constant),
    ("uuid_generate_v1", Volatile), ("uuid_generate_v1mc", Volatile), ("uuid_generate_v3", Constant),
    ("uuid_generate_v4", Volatile), ("uuid_generate_v5", Constant), ("uuid_nil", Constant), ("uuid_ns_dns", Constant),
    ("uuid_ns_oid", Constant), ("uuid_ns_url", Constant), ("uuid_ns_x500", Constant), ("verify_heapam", Volatile),
    ("word_similarity", Constant), ("xml_encode_special_chars", Constant), ("xml_valid", Stable),
    ("xpath_bool", Constant), ("xpath_list", Constant), ("xpath_nodeset", Constant), ("xpath_number", Constant),
    ("xpath_string", Constant), ("xpath_table", Stable), ("xslt_process", Volatile),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_known_by_how_often_they_are_evaluated() {
        assert_eq!(extension_function("uuid_generate_v4"), Some(Volatile));
        assert_eq!(extension_function("crypt"), Some(Constant));
        assert_eq!(extension_function("unaccent"), Some(Stable));
        assert_eq!(extension_function("gen_random_uuid"), None);
    }

    #[test]
    fn the_table_can_be_searched() {
        assert!(FUNCTIONS.is_sorted_by_key(|(name, _)| name));
    }
}
