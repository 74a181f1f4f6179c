//! `CREATE INDEX`.

use super::name::{self, range};
use super::{constraint, expression, query};
use crate::statement::{CreateIndex, IndexKey, Name};
use squawk_syntax::ast::{self, AstNode};

/// Reads `CREATE INDEX`.
pub(super) fn lower(index: &ast::CreateIndex) -> Option<CreateIndex> {
    let table = index.table_relation_name()?;
    let include = index.index_include_clause().and_then(|include| include.partition_item_list());
    Some(CreateIndex {
        name: name::qualified_of(index.index()).map(|index| index.name),
        only: table.only_token().is_some(),
        table: name::qualified_of(table.table_name_ref())?,
        unique: index.unique_token().is_some(),
        concurrently: index.concurrently_token().is_some(),
        if_not_exists: index.if_not_exists().is_some(),
        method: index
            .using_method()
            .and_then(|using| name::name_of(using.access_method_ref()))
            .map_or_else(|| "btree".to_owned(), |name| name.text),
        keys: index.partition_item_list()?.partition_items().filter_map(|item| key(&item)).collect(),
        include: include
            .map(|list| list.partition_items().filter_map(|item| included(&item)).collect())
            .unwrap_or_default(),
        nulls_not_distinct: matches!(
            index.nulls_distinct_option(),
            Some(ast::NullsDistinctOption::NullsNotDistinct(_))
        ),
        predicate: index.where_clause().and_then(|clause| clause.expr()).map(expression::lower),
    })
}

fn key(item: &ast::PartitionItem) -> Option<IndexKey> {
    let expr = item.expr()?;
    // A collation behind the key is the key's, though an expression may have one too.
    let bare = match &expr {
        ast::Expr::Collate(it) => it.expr()?,
        _ => expr.clone(),
    };
    let options_from = range(bare.syntax()).end - range(item.syntax()).start;
    let options = item.syntax().text().to_string();
    let column = constraint::plain_column(&bare);
    Some(IndexKey {
        called: query::given_name(bare.syntax()),
        column,
        expression: expression::lower(bare),
        options: folded(options.get(options_from..).unwrap_or_default()),
    })
}

fn included(item: &ast::PartitionItem) -> Option<Name> {
    constraint::plain_column(&item.expr()?)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
