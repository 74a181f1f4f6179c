//! Statements, and what works on whole relations.

use super::*;
use crate::postgres::words;

nodes! {
    SourceFile SOURCE_FILE { statements: all Stmt }

    Analyze ANALYZE { tables: each TABLE_AND_COLUMNS_LIST TableAndColumns }
    Call CALL { procedure: node PROCEDURE_NAME_REF, arguments: one ArgList }
    Cluster CLUSTER {
        legacy: one ClusterLegacy, table: node TABLE_NAME_REF, index: within CLUSTER_USING_INDEX SyntaxNode,
    }
    ClusterLegacy CLUSTER_LEGACY { index: node INDEX_REF, table: within ON_PATH SyntaxNode }
    CommentOn COMMENT_ON { object: one SyntaxNode, text: one Literal }
    Copy COPY {
        query: within COPY_QUERY Stmt, table: one CopyTable, to: has COPY_TO, predicate: within WHERE_CLAUSE Expr,
    }
    CopyTable COPY_TABLE { table: node TABLE_NAME_REF, columns: each COLUMN_REF_LIST SyntaxNode }
    Declare DECLARE { query: one SelectVariant }
    Do DO { body: one Literal, language: one DoLanguage }
    Explain EXPLAIN { analyze: has EXPLAIN_ANALYZE, options: each EXPLAIN_OPTION_LIST SyntaxNode, statement: one Stmt }
    Grant GRANT { objects: within ON_PRIVILEGE_OBJECTS_CLAUSE SyntaxNode }
    Lock LOCK { relations: each RELATION_LIST RelationName, mode: within LOCK_MODE_CLAUSE SyntaxNode }
    PublicationObjectTable PUBLICATION_OBJECT_TABLE {
        table: node TABLE_NAME_REF, columns: each COLUMN_REF_LIST SyntaxNode,
    }
    Refresh REFRESH { view: node VIEW_REF, concurrently: has CONCURRENTLY_KW }
    Reindex REINDEX { options: each REINDEX_OPTION_LIST SyntaxNode, target: one ReindexTarget }
    RelationName RELATION_NAME { name: node RELATION_NAME_REF }
    Repack REPACK { tables: each TABLE_AND_COLUMNS_LIST TableAndColumns }
    Revoke REVOKE { objects: within ON_PRIVILEGE_OBJECTS_CLAUSE SyntaxNode }
    TableAndColumns TABLE_AND_COLUMNS { relation: one TableRelationName, columns: each COLUMN_REF_LIST SyntaxNode }
    TableRelationName TABLE_RELATION_NAME { only: has ONLY_KW, name: node TABLE_NAME_REF }
    Truncate TRUNCATE { tables: each TABLE_LIST TableRelationName, cascade: has CASCADE }
    Vacuum VACUUM {
        full: has FULL_KW, options: each VACUUM_OPTION_LIST SyntaxNode,
        tables: each TABLE_AND_COLUMNS_LIST TableAndColumns,
    }
}

choices! {
    ReindexTarget {
        ;
        Index REINDEX_TARGET_INDEX, Schema REINDEX_TARGET_SCHEMA, Table REINDEX_TARGET_TABLE,
        Database REINDEX_TARGET_DATABASE | REINDEX_TARGET_SYSTEM;
    }
    Stmt {
        AlterAggregate, AlterDatabase, AlterDomain, AlterExtension, AlterForeignTable, AlterFunction, AlterIndex,
        AlterMaterializedView, AlterPolicy, AlterProcedure, AlterRole, AlterRoutine, AlterRule, AlterSchema,
        AlterSequence, AlterStatistics, AlterTable, AlterTrigger, AlterType, AlterUser, AlterView, Analyze, Call,
        Cluster, CommentOn, CreateAggregate, CreateDomain, CreateExtension, CreateForeignTable, CreateFunction,
        CreateIndex, CreateMaterializedView, CreatePolicy, CreateProcedure, CreateRule, CreateSchema, CreateSequence,
        CreateStatistics, CreateTable, CreateTableAs, CreateTrigger, CreateType, CreateView, Declare, Do, Explain,
        Grant, Lock, Refresh, Reindex, Repack, Reset, Revoke, Select, SelectInto, Set, Truncate, Vacuum;
        EmptyStmt EMPTY_STMT;
        Other
    }
}

/// A statement that is told by its kind alone.
#[derive(Clone)]
pub(in crate::postgres) struct Other(SyntaxNode);

impl AstNode for Other {
    fn can_cast(kind: SyntaxKind) -> bool {
        words::of(kind).is_some()
    }

    fn cast(node: SyntaxNode) -> Option<Other> {
        if Other::can_cast(node.kind()) { Some(Other(node)) } else { None }
    }

    fn syntax(&self) -> &SyntaxNode {
        &self.0
    }
}
