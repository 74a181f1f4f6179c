//! Statements that work on whole relations and leave the schema as it is: `TRUNCATE`, `LOCK`, `VACUUM`, `GRANT`.

use super::name::{self, names, qualified_names};
use super::query;
use crate::statement::{ActKind, AlterTable, ColumnUse, Name, ObjectKind, QualifiedName, Scope, TableChange};
use squawk_syntax::SyntaxKind::WHITESPACE;
use squawk_syntax::ast::{self, AstNode, Stmt};

/// Reads such a statement; `None` for any other, or one that isn't understood.
pub(super) fn lower(statement: &Stmt) -> Option<Vec<ActKind>> {
    Some(match statement {
        Stmt::Truncate(it) => {
            let tables = it.table_list().into_iter().flat_map(|list| list.table_relation_names());
            vec![ActKind::Truncate {
                tables: tables.filter_map(|table| name::qualified_of(table.table_name_ref())).collect(),
                cascade: super::change::cascade(it.drop_behavior()),
            }]
        }
        Stmt::Lock(it) => {
            let tables = it.relation_list().into_iter().flat_map(|list| list.relation_names());
            let mode = it.lock_mode_clause().and_then(|clause| clause.lock_mode());
            vec![ActKind::LockTable {
                tables: tables.filter_map(|table| name::qualified_of(table.relation_name_ref())).collect(),
                mode: mode.map_or_else(|| "ACCESS EXCLUSIVE".to_owned(), |mode| words(&mode)),
            }]
        }
        Stmt::Reindex(it) => vec![reindex(it)?],
        Stmt::Refresh(it) => vec![ActKind::RefreshMaterializedView {
            name: name::qualified_of(it.view_ref())?,
            concurrently: it.concurrently_token().is_some(),
        }],
        Stmt::Cluster(it) => cluster(it),
        Stmt::Vacuum(it) => {
            let tables = listed(it.table_and_columns_list());
            let named = tables.iter().map(|(table, _)| table.clone()).collect();
            let mut acts = vec![ActKind::Vacuum { full: it.is_full(), tables: named }];
            acts.extend(looked_up(tables.into_iter().filter(|(_, columns)| !columns.is_empty())));
            acts
        }
        Stmt::Repack(it) => {
            let tables = listed(it.table_and_columns_list()).into_iter().map(|(table, _)| table);
            vec![ActKind::Vacuum { full: true, tables: tables.collect() }]
        }
        Stmt::Analyze(it) => looked_up(listed(it.table_and_columns_list()).into_iter()).collect(),
        Stmt::Grant(it) => granted(it.on_privilege_objects_clause()),
        Stmt::Revoke(it) => granted(it.on_privilege_objects_clause()),
        _ => return None,
    })
    .map(|acts| if acts.is_empty() { vec![ActKind::Harmless] } else { acts })
}

/// Gives a scope that does no more than to name columns of a relation.
pub(super) fn scope(table: QualifiedName, columns: Vec<Name>) -> Scope {
    let used = |name| ColumnUse { schema: None, table: None, name };
    Scope { from: vec![query::whole(table)], columns: columns.into_iter().map(used).collect(), ..Scope::default() }
}

/// Reads what a publication says of tables; what it does itself comes first.
pub(super) fn published(statement: &Stmt, itself: ActKind) -> Vec<ActKind> {
    let listed = statement.syntax().descendants().filter_map(ast::PublicationObjectTable::cast);
    let tables = listed.filter_map(|it| {
        let columns = it.column_ref_list().map(|list| names(list.column_name_refs())).unwrap_or_default();
        Some((name::qualified_of(it.table_name_ref())?, columns))
    });
    std::iter::once(itself).chain(looked_up(tables)).collect()
}

fn reindex(reindex: &ast::Reindex) -> Option<ActKind> {
    use ast::ReindexTarget as T;
    let concurrently = reindex.is_concurrently();
    let (kind, name) = match reindex.reindex_target()? {
        T::ReindexTargetIndex(it) => (ObjectKind::Index, name::qualified_of(it.index_ref())),
        T::ReindexTargetTable(it) => (ObjectKind::Table, name::qualified_of(it.table_name_ref())),
        T::ReindexTargetSchema(it) => (ObjectKind::Schema, name::qualified_of(it.schema_ref())),
        T::ReindexTargetDatabase(_) | T::ReindexTargetSystem(_) => (ObjectKind::Other("database"), None),
    };
    Some(ActKind::Reindex { kind, name, concurrently })
}

fn cluster(cluster: &ast::Cluster) -> Vec<ActKind> {
    let legacy = cluster.cluster_legacy();
    let (table, index) = match &legacy {
        Some(legacy) => (legacy.on_path().and_then(|on| on.table_name_ref()), legacy.index_ref()),
        None => (cluster.table_name_ref(), cluster.cluster_using_index().and_then(|using| using.index_ref())),
    };
    let table = name::qualified_of(table);
    let named = table.clone().zip(name::qualified_of(index)).map(|(table, index)| {
        let change = TableChange::Names(index.name);
        ActKind::AlterTable(AlterTable { kind: ObjectKind::Table, table, if_exists: false, change })
    });
    named.into_iter().chain([ActKind::Cluster { table }]).collect()
}

fn looked_up(tables: impl Iterator<Item = (QualifiedName, Vec<Name>)>) -> impl Iterator<Item = ActKind> {
    tables.map(|(table, columns)| ActKind::Query(scope(table, columns)))
}

fn listed(list: Option<ast::TableAndColumnsList>) -> Vec<(QualifiedName, Vec<Name>)> {
    let one = |item: ast::TableAndColumns| {
        let columns = item.column_ref_list().map(|list| names(list.column_name_refs())).unwrap_or_default();
        Some((name::qualified_of(item.table_relation_name()?.table_name_ref())?, columns))
    };
    list.into_iter().flat_map(|list| list.table_and_columnss()).filter_map(one).collect()
}

/// Looks up the relations that a privilege is about; whatever else it may be about isn't followed.
fn granted(on: Option<ast::OnPrivilegeObjectsClause>) -> Vec<ActKind> {
    use ast::PrivilegeObjects as P;
    let relations = match on.and_then(|on| on.privilege_objects()) {
        Some(P::PrivilegeDefault(it)) => qualified_names(it.relation_name_refs()),
        Some(P::PrivilegeTable(it)) => qualified_names(it.relation_name_refs()),
        Some(P::PrivilegeSequence(it)) => qualified_names(it.sequence_refs()),
        _ => Vec::new(),
    };
    relations.into_iter().map(|table| ActKind::Query(scope(table, Vec::new()))).collect()
}

fn words(mode: &ast::LockMode) -> String {
    let tokens = mode.syntax().children_with_tokens().filter_map(|element| element.into_token());
    let words = tokens.filter(|token| token.kind() != WHITESPACE && !token.kind().is_trivia());
    words.map(|token| token.text().to_ascii_uppercase()).collect::<Vec<_>>().join(" ")
}
