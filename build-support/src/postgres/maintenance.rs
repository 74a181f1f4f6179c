//! Statements that work on whole relations and leave the schema as it is: `TRUNCATE`, `LOCK`, `VACUUM`, `GRANT`.

use super::ast::{self, AstNode, Stmt, SyntaxNode};
use super::name::{self, names, qualified_names};
use super::query;
use crate::statement::{ActKind, AlterTable, ColumnUse, Name, ObjectKind, QualifiedName, Scope, TableChange};
use squawk_parser::SyntaxKind::*;

/// Reads such a statement; `None` for any other, or one that isn't understood.
pub(super) fn lower(statement: &Stmt) -> Option<Vec<ActKind>> {
    Some(match statement {
        Stmt::Truncate(it) => {
            vec![ActKind::Truncate {
                tables: it.tables().filter_map(|table| name::qualified_of(table.name())).collect(),
                cascade: it.cascade(),
            }]
        }
        Stmt::Lock(it) => {
            vec![ActKind::LockTable {
                tables: it.relations().filter_map(|table| name::qualified_of(table.name())).collect(),
                mode: it.mode().map_or_else(|| "ACCESS EXCLUSIVE".to_owned(), |mode| words(&mode)),
            }]
        }
        Stmt::Reindex(it) => vec![reindex(it)?],
        Stmt::Refresh(it) => vec![ActKind::RefreshMaterializedView {
            name: name::qualified_of(it.view())?,
            concurrently: it.concurrently(),
        }],
        Stmt::Cluster(it) => cluster(it),
        Stmt::Vacuum(it) => {
            let tables = listed(it.tables());
            let named = tables.iter().map(|(table, _)| table.clone()).collect();
            let mut acts =
                vec![ActKind::Vacuum { full: it.full() || it.options().any(|option| is_full(&option)), tables: named }];
            acts.extend(looked_up(tables.into_iter().filter(|(_, columns)| !columns.is_empty())));
            acts
        }
        Stmt::Repack(it) => {
            let tables = listed(it.tables()).into_iter().map(|(table, _)| table);
            vec![ActKind::Vacuum { full: true, tables: tables.collect() }]
        }
        Stmt::Analyze(it) => looked_up(listed(it.tables()).into_iter()).collect(),
        Stmt::Grant(it) => granted(it.objects()),
        Stmt::Revoke(it) => granted(it.objects()),
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
pub(super) fn published(statement: &SyntaxNode, itself: ActKind) -> Vec<ActKind> {
    let listed = statement.descendants().filter_map(ast::PublicationObjectTable::cast);
    let tables = listed.filter_map(|it| Some((name::qualified_of(it.table())?, names(it.columns()))));
    std::iter::once(itself).chain(looked_up(tables)).collect()
}

/// `FULL` among the options of `VACUUM`, unless it is turned off.
fn is_full(option: &SyntaxNode) -> bool {
    let mut parts = option.children();
    let name = parts.next().and_then(|name| name.first_token());
    name.is_some_and(|name| name.text().eq_ignore_ascii_case("full"))
        && parts.next().is_none_or(|value| !is_off(&value))
}

/// Tells whether the value of an option turns it off.
fn is_off(value: &SyntaxNode) -> bool {
    let Some(token) = value.first_token() else { return false };
    match token.kind() {
        FALSE_KW | NO_KW | OFF_KW => true,
        INT_NUMBER => token.text() == "0",
        _ => {
            let text = value.descendants().find_map(ast::Literal::cast).and_then(|literal| literal.string_value());
            text.is_some_and(|text| text.eq_ignore_ascii_case("false") || text.eq_ignore_ascii_case("off"))
        }
    }
}

fn reindex(reindex: &ast::Reindex) -> Option<ActKind> {
    use ast::ReindexTarget as T;
    let target = reindex.target()?;
    let is_concurrent = |option: SyntaxNode| {
        option.kind() == REINDEX_OPTION_CONCURRENTLY && !option.first_child().is_some_and(|value| is_off(&value))
    };
    let concurrently = ast::has(target.syntax(), CONCURRENTLY_KW) || reindex.options().any(is_concurrent);
    let (kind, name) = match &target {
        T::Index(it) => (ObjectKind::Index, ast::part(it, INDEX_REF)),
        T::Table(it) => (ObjectKind::Table, ast::part(it, TABLE_NAME_REF)),
        T::Schema(it) => (ObjectKind::Schema, ast::part(it, SCHEMA_REF)),
        T::Database(_) => (ObjectKind::Other("database"), None),
    };
    Some(ActKind::Reindex { kind, name: name::qualified_of(name), concurrently })
}

fn cluster(cluster: &ast::Cluster) -> Vec<ActKind> {
    let (table, index) = match cluster.legacy() {
        Some(legacy) => (legacy.table(), legacy.index()),
        None => (cluster.table(), cluster.index()),
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

fn listed(tables: impl Iterator<Item = ast::TableAndColumns>) -> Vec<(QualifiedName, Vec<Name>)> {
    tables.filter_map(|item| Some((name::qualified_of(item.relation()?.name())?, names(item.columns())))).collect()
}

/// Looks up the relations that a privilege is about; whatever else it may be about isn't followed.
fn granted(on: Option<SyntaxNode>) -> Vec<ActKind> {
    let Some(objects) = on else { return Vec::new() };
    let kind = match objects.kind() {
        PRIVILEGE_DEFAULT | PRIVILEGE_TABLE => RELATION_NAME_REF,
        PRIVILEGE_SEQUENCE => SEQUENCE_REF,
        _ => return Vec::new(),
    };
    let relations = qualified_names(ast::parts(&objects, kind));
    relations.into_iter().map(|table| ActKind::Query(scope(table, Vec::new()))).collect()
}

fn words(mode: &SyntaxNode) -> String {
    let tokens = mode.children_with_tokens().filter_map(|element| element.into_token());
    let words = tokens.filter(|token| !token.kind().is_trivia());
    words.map(|token| token.text().to_ascii_uppercase()).collect::<Vec<_>>().join(" ")
}
