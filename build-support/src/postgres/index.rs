//! `CREATE INDEX`.

use super::ast::{self, AstNode};
use super::name::{self, range};
use super::{constraint, expression, query};
use crate::statement::{CreateIndex, IndexKey, Name};

/// Reads `CREATE INDEX`.
pub(super) fn lower(index: &ast::CreateIndex) -> Option<CreateIndex> {
    let table = index.relation()?;
    Some(CreateIndex {
        name: name::qualified_of(index.index()).map(|index| index.name),
        only: table.only(),
        table: name::qualified_of(table.name())?,
        unique: index.unique(),
        concurrently: index.concurrently(),
        if_not_exists: index.if_not_exists(),
        method: name::name_of(index.method()).map_or_else(|| "btree".to_owned(), |name| name.text),
        keys: index.keys()?.items().filter_map(|item| key(&item)).collect(),
        include: index.include().iter().flat_map(|list| list.items()).filter_map(|item| included(&item)).collect(),
        nulls_not_distinct: index.nulls_not_distinct(),
        predicate: index.predicate().map(expression::lower),
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
