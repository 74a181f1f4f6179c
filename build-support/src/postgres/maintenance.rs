//! `VACUUM` and `CLUSTER`: work that changes no schema and locks whole tables.

use super::name;
use crate::statement::ActKind;
use squawk_syntax::ast::Stmt;

/// Reads a `VACUUM` or a `CLUSTER`; `None` for what is neither.
pub(super) fn lower(statement: &Stmt) -> Option<ActKind> {
    match statement {
        Stmt::Vacuum(it) => {
            let listed = it.table_and_columns_list().into_iter().flat_map(|list| list.table_and_columnss());
            let tables = listed.filter_map(|it| name::qualified_of(it.table_relation_name()?.table_name_ref()));
            Some(ActKind::Vacuum { full: it.is_full(), tables: tables.collect() })
        }
        Stmt::Cluster(it) => {
            let legacy = it.cluster_legacy().and_then(|it| it.on_path()).and_then(|it| it.table_name_ref());
            Some(ActKind::Cluster { table: name::qualified_of(it.table_name_ref().or(legacy)) })
        }
        _ => None,
    }
}
