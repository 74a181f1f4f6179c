//! `CREATE TABLE` and `CREATE FOREIGN TABLE`.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, qualified_names};
use super::{column, constraint};
use crate::statement::{CreateTable, Like, PartitionOf, Persistence};
use squawk_parser::SyntaxKind::*;

/// Reads `CREATE TABLE`.
pub(super) fn lower(table: &ast::CreateTable) -> Option<CreateTable> {
    let mut read = CreateTable {
        name: name::qualified_of(table.name())?,
        persistence: persistence(table.persistence()),
        foreign: false,
        if_not_exists: table.if_not_exists(),
        columns: Vec::new(),
        constraints: Vec::new(),
        like: Vec::new(),
        inherits: qualified_names(table.inherits()),
        partition_of: partition_of(table.partition_of(), table.default()),
        partition_by: table
            .partition_by()
            .map(|by| by.items().map(|item| item.expr().as_ref().and_then(constraint::plain_column)).collect()),
        of_type: table.of_type().and_then(|ty| name::qualified(ty.syntax())),
    };
    add(&mut read, table.items());
    Some(read)
}

/// Reads `CREATE FOREIGN TABLE`.
pub(super) fn lower_foreign(table: &ast::CreateForeignTable) -> Option<CreateTable> {
    let mut read = CreateTable {
        name: name::qualified_of(table.name())?,
        persistence: Persistence::Lasting,
        foreign: true,
        if_not_exists: table.if_not_exists(),
        columns: Vec::new(),
        constraints: Vec::new(),
        like: Vec::new(),
        inherits: qualified_names(table.inherits()),
        partition_of: partition_of(table.partition_of(), table.default()),
        partition_by: None,
        of_type: None,
    };
    add(&mut read, table.items());
    Some(read)
}

/// Reads `TEMPORARY` and `UNLOGGED`.
pub(super) fn persistence(persistence: Option<ast::Persistence>) -> Persistence {
    match persistence {
        Some(ast::Persistence::Temporary(_)) => Persistence::Temporary,
        Some(ast::Persistence::Unlogged(_)) => Persistence::Unlogged,
        None => Persistence::Lasting,
    }
}

fn add(table: &mut CreateTable, items: impl Iterator<Item = ast::TableArg>) {
    for item in items {
        match item {
            ast::TableArg::Column(it) => table.columns.extend(column::lower(&it)),
            ast::TableArg::LikeClause(it) => table.like.extend(like(&it)),
            ast::TableArg::Constraint(it) => table.constraints.extend(constraint::lower(&it, None)),
        }
    }
}

fn partition_of(parent: Option<SyntaxNode>, default: bool) -> Option<PartitionOf> {
    Some(PartitionOf { parent: name::qualified_of(parent)?, default })
}

fn like(clause: &ast::LikeClause) -> Option<Like> {
    let mut like = Like {
        table: name::qualified_of(clause.table())?,
        defaults: false,
        constraints: false,
        indexes: false,
        generated: false,
        identity: false,
        comments: false,
    };
    for option in clause.options() {
        let (property, included) = match option {
            ast::LikeOption::IncludingProperty(it) => (it.property(), true),
            ast::LikeOption::ExcludingProperty(it) => (it.property(), false),
        };
        match property.map(|property| property.kind()) {
            Some(PROPERTY_ALL) => {
                like.defaults = included;
                like.constraints = included;
                like.indexes = included;
                like.generated = included;
                like.identity = included;
                like.comments = included;
            }
            Some(PROPERTY_DEFAULTS) => like.defaults = included,
            Some(PROPERTY_CONSTRAINTS) => like.constraints = included,
            Some(PROPERTY_INDEXES) => like.indexes = included,
            Some(PROPERTY_GENERATED) => like.generated = included,
            Some(PROPERTY_IDENTITY) => like.identity = included,
            Some(PROPERTY_COMMENTS) => like.comments = included,
            _ => {}
        }
    }
    Some(like)
}
