//! Extensions that are often met, and what each brings along: so that what is missing can be named.

/// What an extension brings along: words with spaces between. Names that only the server itself calls are left out.
#[derive(Debug)]
struct Known {
    name: &'static str,
    types: &'static str,
    /// A name that ends in `*` stands for all that begin so.
    functions: &'static str,
    /// Operator classes and access methods.
    classes: &'static str,
    relations: &'static str,
}

const fn known(name: &'static str, types: &'static str, functions: &'static str) -> Known {
    Known { name, types, functions, classes: "", relations: "" }
}

/// # Source
/// `pg_depend` of PostgreSQL 15 with all its own extensions; the manuals of the others.
const ALL: &[Known] = &[
    known("adminpack", "", ""),
    known("amcheck", "", "bt_index_check bt_index_parent_check verify_heapam"),
    known("autoinc", "", "autoinc"),
    Known { classes: "bloom", ..known("bloom", "", "") },
    known("btree_gin", "", ""),
    Known {
        classes: "gist_bit_ops gist_bool_ops gist_bpchar_ops gist_bytea_ops gist_cash_ops gist_cidr_ops \
             gist_date_ops gist_enum_ops gist_float4_ops gist_float8_ops gist_inet_ops gist_int2_ops \
             gist_int4_ops gist_int8_ops gist_interval_ops gist_macaddr8_ops gist_macaddr_ops \
             gist_numeric_ops gist_oid_ops gist_text_ops gist_time_ops gist_timestamp_ops \
             gist_timestamptz_ops gist_timetz_ops gist_uuid_ops gist_vbit_ops",
        ..known("btree_gist", "", "")
    },
    Known { classes: "citext_ops citext_pattern_ops", ..known("citext", "citext", "citext") },
    Known {
        classes: "cube_ops gist_cube_ops",
        ..known("cube", "cube", "cube cube_* distance_chebyshev distance_taxicab")
    },
    known("dblink", "", "dblink dblink_*"),
    known("dict_int", "", ""),
    known("dict_xsyn", "", ""),
    known(
        "earthdistance",
        "earth",
        "earth earth_box earth_distance gc_to_sec geo_distance latitude ll_to_earth longitude \
             sec_to_gc",
    ),
    known("file_fdw", "", ""),
    known(
        "fuzzystrmatch",
        "",
        "daitch_mokotoff difference dmetaphone dmetaphone_alt levenshtein levenshtein_less_equal \
             metaphone soundex text_soundex",
    ),
    Known {
        classes: "btree_hstore_ops gin_hstore_ops gist_hstore_ops hash_hstore_ops",
        ..known(
            "hstore",
            "hstore ghstore",
            "akeys avals defined delete each exist exists_all exists_any fetchval hstore hstore_* \
             isdefined isexists populate_record skeys slice slice_array svals tconvert",
        )
    },
    known("insert_username", "", "insert_username"),
    known("intagg", "", "int_array_aggregate int_array_enum"),
    Known {
        classes: "gin__int_ops gist__int_ops gist__intbig_ops",
        ..known(
            "intarray",
            "query_int",
            "icount idx intarray_* intset intset_* querytree sort sort_asc sort_desc subarray uniq",
        )
    },
    known(
        "isn",
        "ean13 isbn isbn13 ismn ismn13 issn issn13 upc",
        "ean13 isbn isbn13 ismn ismn13 issn issn13 upc is_valid isn_weak make_valid",
    ),
    known("lo", "lo", "lo_manage lo_oid"),
    Known {
        classes: "gist__ltree_ops gist_ltree_ops ltree_ops",
        ..known("ltree", "lquery ltree ltxtquery", "index lca ltree2text ltree_* nlevel subltree subpath text2ltree")
    },
    known("moddatetime", "", "moddatetime"),
    known("old_snapshot", "", "pg_old_snapshot_time_mapping"),
    known("pageinspect", "", ""),
    Known { relations: "pg_buffercache", ..known("pg_buffercache", "", "pg_buffercache_*") },
    known("pg_freespacemap", "", "pg_freespace"),
    known("pg_prewarm", "", "autoprewarm_* pg_prewarm"),
    Known {
        relations: "pg_stat_statements pg_stat_statements_info",
        ..known("pg_stat_statements", "", "pg_stat_statements pg_stat_statements_*")
    },
    known("pg_surgery", "", "heap_force_freeze heap_force_kill"),
    Known {
        classes: "gin_trgm_ops gist_trgm_ops",
        ..known(
            "pg_trgm",
            "gtrgm",
            "set_limit show_limit show_trgm similarity similarity_* strict_word_similarity \
             strict_word_similarity_* word_similarity word_similarity_*",
        )
    },
    known("pg_visibility", "", "pg_check_frozen pg_check_visible pg_truncate_visibility_map pg_visibility*"),
    known("pg_walinspect", "", ""),
    known(
        "pgcrypto",
        "",
        "armor crypt dearmor decrypt decrypt_iv digest encrypt encrypt_iv gen_random_bytes \
             gen_random_uuid gen_salt hmac pgp_* fips_mode",
    ),
    known("pgrowlocks", "", "pgrowlocks"),
    known("pgstattuple", "", "pg_relpages pgstat*"),
    known("plpgsql", "", ""),
    known("plperl", "", ""),
    known("plperlu", "", ""),
    known("plpython3u", "", ""),
    known("pltcl", "", ""),
    known("postgres_fdw", "", "postgres_fdw_*"),
    known("refint", "", "check_foreign_key check_primary_key"),
    Known { classes: "gist_seg_ops seg_ops", ..known("seg", "seg", "seg_*") },
    known("sslinfo", "", "ssl_*"),
    known("tablefunc", "", "connectby crosstab crosstab2 crosstab3 crosstab4 normal_rand"),
    known("tcn", "", "triggered_change_notification"),
    known("tsm_system_rows", "", "system_rows"),
    known("tsm_system_time", "", "system_time"),
    known("unaccent", "", "unaccent unaccent_*"),
    known("uuid-ossp", "", "uuid_generate_* uuid_nil uuid_ns_*"),
    known(
        "xml2",
        "",
        "xml_encode_special_chars xml_valid xpath_bool xpath_list xpath_nodeset xpath_number \
             xpath_string xpath_table xslt_process",
    ),
    Known {
        relations: "geography_columns geometry_columns spatial_ref_sys",
        classes: "gist_geometry_ops_2d gist_geometry_ops_nd gist_geography_ops spgist_geometry_ops_2d",
        ..known(
            "postgis",
            "box2d box2df box3d geography geometry geometry_dump gidx spheroid valid_detail",
            "st_* _st_* postgis_* addgeometrycolumn dropgeometrycolumn dropgeometrytable geometry* \
             geography* box2d* box3d* find_srid populate_geometry_columns updategeometrysrid",
        )
    },
    Known { relations: "raster_columns", ..known("postgis_raster", "raster", "st_*") },
    known("postgis_topology", "topogeometry", "createtopology topogeo_* totopogeom"),
    Known {
        classes: "hnsw ivfflat vector_cosine_ops vector_ip_ops vector_l1_ops vector_l2_ops vector_ops \
             halfvec_cosine_ops halfvec_ip_ops halfvec_l1_ops halfvec_l2_ops halfvec_ops \
             bit_hamming_ops bit_jaccard_ops sparsevec_cosine_ops sparsevec_ip_ops sparsevec_l1_ops \
             sparsevec_l2_ops",
        ..known(
            "vector",
            "halfvec sparsevec vector",
            "cosine_distance inner_product l1_distance l2_distance l2_norm l2_normalize subvector \
             vector_* halfvec_* binary_quantize hamming_distance jaccard_distance",
        )
    },
    known(
        "timescaledb",
        "",
        "create_hypertable create_distributed_hypertable time_bucket time_bucket_gapfill \
             add_dimension add_compression_policy add_retention_policy add_continuous_aggregate_policy \
             add_reorder_policy add_columnstore_policy add_job by_hash by_range chunks_detailed_size \
             compress_chunk decompress_chunk drop_chunks first hypertable_size hypertable_detailed_size \
             interpolate last locf refresh_continuous_aggregate remove_compression_policy \
             remove_retention_policy remove_continuous_aggregate_policy set_chunk_time_interval \
             set_integer_now_func show_chunks approximate_row_count histogram move_chunk reorder_chunk \
             attach_tablespace alter_job delete_job run_job",
    ),
    known("pg_cron", "", ""),
    known("pg_partman", "", ""),
    known("pg_repack", "", ""),
    known("pgaudit", "", ""),
    known("pg_hint_plan", "", ""),
    known("hypopg", "", "hypopg*"),
    known("pgrouting", "", "pgr_*"),
    known("semver", "semver semverrange", "to_semver is_semver semver"),
    known("pg_uuidv7", "", "uuid_generate_v7 uuid_v7_to_timestamptz uuid_timestamptz_to_v7"),
    known("hll", "hll", "hll_*"),
    known("ulid", "ulid", "gen_ulid gen_monotonic_ulid"),
    known("pg_ulid", "ulid", "gen_ulid"),
    known("h3", "h3index", "h3_*"),
    known("roaringbitmap", "roaringbitmap", "rb_*"),
];

/// Others of which nothing but the name is known.
const OTHERS: &str = "address_standardizer address_standardizer_data_us age aggs_for_arrays aggs_for_vecs alloydb_ai_nl \
     anon apg_plan_mgmt arrayd aws_commons aws_lambda aws_ml aws_s3 azure azure_ai azure_storage \
     babelfishpg_common babelfishpg_money babelfishpg_tds babelfishpg_tsql bdr bool_plperl bool_plperlu \
     cassandra_fdw citus citus_columnar clickhouse_fdw columnar count_distinct country credcheck currency \
     data_generator db2_fdw ddlx debversion decoderbufs duckdb_fdw email emaj extra_window_functions \
     faker firebird_fdw first_last_agg floatvec google_ml_integration google_vacuum_mgmt gzip h3_postgis \
     hashids hdfs_fdw hstore_plperl hstore_plperlu hstore_plpython2u hstore_plpython3u hstore_plpythonu \
     http influxdb_fdw ip4r jdbc_fdw jsonb_plperl jsonb_plperlu jsonb_plpython2u jsonb_plpython3u \
     jsonb_plpythonu jsquery kafka_fdw lantern lantern_extras login_hook lolor ltree_plpython2u \
     ltree_plpython3u ltree_plpythonu mobilitydb mongo_fdw multicorn mysql_fdw neon neon_utils \
     nominatim_fdw numeral ogr_fdw oracle_fdw orafce orioledb parquet_s3_fdw passwordcheck periods \
     permuteseq pg_analytics pg_anonymize pg_azure_storage pg_background pg_bigm pg_bm25 pg_crash pg_curl \
     pg_dbms_job pg_dbms_lock pg_dbms_metadata pg_ddlx pg_dirtyread pg_diskann pg_duckdb \
     pg_failover_slots pg_graphql pg_hashids pg_idkit pg_ivm pg_jieba pg_jsonschema pg_lakehouse \
     pg_logicalinspect pg_net pg_overexplain pg_parquet pg_permissions pg_plan_advsr pg_proctab \
     pg_profile pg_qualstats pg_readonly pg_search pg_show_plans pg_similarity pg_smtp_client pg_sphere \
     pg_squeeze pg_stat_kcache pg_stat_monitor pg_store_plans pg_strom pg_tiktoken pg_tle pg_tokenizer \
     pg_track_settings pg_variables pg_wait_sampling pg_walinspect pgauditlogtofile pgautofailover \
     pgcryptokey pgddl pgfincore pgjwt pgl_ddl_deploy pglogical pgmemcache pgml pgmp pgmq pgnodemx \
     pgpool_recovery pgpool_regclass pgroonga pgsodium pgtap pguri pgvectorscale pgx_ulid pipelinedb \
     pldbgapi pljava pllua plluau plls plcoffee plpgsql_check plprofiler plpython2u plpythonu plrust plsh \
     pltclu plv8 pointcloud pointcloud_postgis postgis_sfcgal postgis_tiger_geocoder powa prefix \
     promscale q3c quantile rdkit rds_activity_stream rds_tools redis_fdw repmgr rum set_user smlar \
     snowflake spock sqlite_fdw sslutils supabase_vault system_stats table_version tds_fdw tdigest \
     temporal_tables timescaledb_toolkit toastinfo topn unit uri uuidv7 vault vchord vchord_bm25 vectors \
     vectorscale vops wal2json wrappers xxhash zhparser zombodb";

/// Finds the extension of PostgreSQL's own that a misspelt name was probably meant to be.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    if has(OTHERS, name) || ALL.iter().any(|known| known.name == name) {
        return None;
    }
    let own = ALL.iter().map(|known| known.name).take_while(|known| *known != "postgis");
    whimbrel_grammar::names::nearest(name, own.filter(|known| known.len() > 5))
}

/// Whether all that an extension brings along is known by its names here; of another, anything may come.
pub(crate) fn is_understood(name: &str) -> bool {
    // The last ones of the list are too large or change too fast.
    let end = ALL.iter().position(|known| known.name == "postgis").unwrap_or(ALL.len());
    ALL[..end].iter().any(|known| known.name == name)
}

/// Names the extension that a type comes with.
pub(crate) fn of_type(name: &str) -> Option<&'static str> {
    ALL.iter().find(|known| has(known.types, name)).map(|known| known.name)
}

/// Names the extension that a function comes with.
pub(crate) fn of_function(name: &str) -> Option<&'static str> {
    ALL.iter().find(|known| has(known.functions, name)).map(|known| known.name)
}

/// Names the extension that an operator class or an access method comes with.
pub(crate) fn of_class(name: &str) -> Option<&'static str> {
    ALL.iter().find(|known| has(known.classes, name)).map(|known| known.name)
}

/// Names the extension that a table or a view comes with.
pub(crate) fn of_relation(name: &str) -> Option<&'static str> {
    ALL.iter().find(|known| has(known.relations, name)).map(|known| known.name)
}

/// Gives the extensions by name: what a misspelt one may have meant.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.name)
}

/// Gives the extensions that the server makes along with one, by `CASCADE`.
pub(crate) fn needs(name: &str) -> &'static [&'static str] {
    match name {
        "earthdistance" => &["cube"],
        "postgis_topology" | "postgis_raster" | "postgis_tiger_geocoder" | "pgrouting" => &["postgis"],
        _ => &[],
    }
}

fn has(patterns: &str, name: &str) -> bool {
    let named = !name.is_empty();
    named
        && patterns
            .split(' ')
            .any(|pattern| pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_an_extension_is_known_by_name() {
        assert_eq!(of_function("uuid_generate_v4"), Some("uuid-ossp"));
        assert_eq!(of_function("st_distance"), Some("postgis"));
        assert_eq!(of_function("lower"), None);
        assert_eq!(of_type("citext"), Some("citext"));
        assert_eq!(of_class("gin_trgm_ops"), Some("pg_trgm"));
        assert!(is_understood("pgcrypto"));
        assert!(!is_understood("timescaledb"));
        assert!(!is_understood("somebodys_own"));
    }
}
