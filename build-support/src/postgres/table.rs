//! `CREATE TABLE` and `CREATE FOREIGN TABLE`.

use super::name::{self, qualified_names};
use super::{column, constraint};
use crate::statement::{CreateTable, Like, PartitionOf, Persistence};
use squawk_syntax::ast::{self, AstNode};

/// Reads `CREATE TABLE`.
pub(super) fn lower(table: &ast::CreateTable) -> Option<CreateTable> {
    let mut read = CreateTable {
        name: name::qualified_of(table.table_name())?,
        persistence: persistence(table.persistence()),
        foreign: false,
        if_not_exists: table.if_not_exists().is_some(),
        columns: Vec::new(),
        constraints: Vec::new(),
        like: Vec::new(),
        inherits: inherits(table.inherits()),
        partition_of: partition_of(table.partition_of(), table.partition_type()),
        partition_by: table.partition_by().map(|by| {
            let items = by.partition_item_list().into_iter().flat_map(|list| list.partition_items());
            items.map(|item| item.expr().as_ref().and_then(constraint::plain_column)).collect()
        }),
        of_type: table.of_type().and_then(|of| of.ty()).and_then(|ty| name::qualified(ty.syntax())),
    };
    add(&mut read, table.table_arg_list());
    Some(read)
}

/// Reads `CREATE FOREIGN TABLE`.
pub(super) fn lower_foreign(table: &ast::CreateForeignTable) -> Option<CreateTable> {
    let mut read = CreateTable {
        name: name::qualified_of(table.table_name())?,
        persistence: Persistence::Lasting,
        foreign: true,
        if_not_exists: table.if_not_exists().is_some(),
        columns: Vec::new(),
        constraints: Vec::new(),
        like: Vec::new(),
        inherits: inherits(table.inherits()),
        partition_of: partition_of(table.partition_of(), table.partition_type()),
        partition_by: None,
        of_type: None,
    };
    add(&mut read, table.table_arg_list());
    Some(read)
}

/// Reads `TEMPORARY` and `UNLOGGED`.
pub(super) fn persistence(persistence: Option<ast::Persistence>) -> Persistence {
    match persistence {
        Some(ast::Persistence::Temp(_)) => Persistence::Temporary,
        Some(ast::Persistence::Unlogged(_)) => Persistence::Unlogged,
        None => Persistence::Lasting,
    }
}

fn add(table: &mut CreateTable, list: Option<ast::TableArgList>) {
    for item in list.into_iter().flat_map(|list| list.args()) {
        match item {
            ast::TableArg::Column(it) => table.columns.extend(column::lower(&it)),
            ast::TableArg::LikeClause(it) => table.like.extend(like(&it)),
            ast::TableArg::TableConstraint(it) => {
                let it = ast::Constraint::cast(it.syntax().clone());
                table.constraints.extend(it.and_then(|it| constraint::lower(&it, None)));
            }
        }
    }
}

fn inherits(clause: Option<ast::Inherits>) -> Vec<crate::statement::QualifiedName> {
    clause.map(|clause| qualified_names(clause.table_name_refs())).unwrap_or_default()
}

fn partition_of(of: Option<ast::PartitionOf>, bound: Option<ast::PartitionType>) -> Option<PartitionOf> {
    Some(PartitionOf {
        parent: name::qualified_of(of?.table_name_ref())?,
        default: matches!(bound, Some(ast::PartitionType::PartitionDefault(_))),
    })
}

fn like(clause: &ast::LikeClause) -> Option<Like> {
    let mut like = Like {
        table: name::qualified_of(clause.relation_name_ref())?,
        defaults: false,
        constraints: false,
        indexes: false,
        generated: false,
        identity: false,
        comments: false,
    };
    for option in clause.like_options() {
        let (property, included) = match option {
            ast::LikeOption::IncludingProperty(it) => (it.table_property(), true),
            ast::LikeOption::ExcludingProperty(it) => (it.table_property(), false),
        };
        match property {
            Some(ast::TableProperty::PropertyAll(_)) => {
                like.defaults = included;
                like.constraints = included;
                like.indexes = included;
                like.generated = included;
                like.identity = included;
                like.comments = included;
            }
            Some(ast::TableProperty::PropertyDefaults(_)) => like.defaults = included,
            Some(ast::TableProperty::PropertyConstraints(_)) => like.constraints = included,
            Some(ast::TableProperty::PropertyIndexes(_)) => like.indexes = included,
            Some(ast::TableProperty::PropertyGenerated(_)) => like.generated = included,
            Some(ast::TableProperty::PropertyIdentity(_)) => like.identity = included,
            Some(ast::TableProperty::PropertyComments(_)) => like.comments = included,
            Some(
                ast::TableProperty::PropertyCompression(_)
                | ast::TableProperty::PropertyStatistics(_)
                | ast::TableProperty::PropertyStorage(_),
            )
            | None => {}
        }
    }
    Some(like)
}
