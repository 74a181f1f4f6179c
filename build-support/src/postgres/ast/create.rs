//! `CREATE` of anything but tables, types and routines.

use super::*;

nodes! {
    CreateExtension CREATE_EXTENSION {
        if_not_exists: has IF_NOT_EXISTS, extension: node EXTENSION, schema: within EXTENSION_SCHEMA SyntaxNode,
        cascade: has CASCADE_KW,
    }
    CreateIndex CREATE_INDEX {
        unique: has UNIQUE_KW, concurrently: has CONCURRENTLY_KW, if_not_exists: has IF_NOT_EXISTS, index: node INDEX,
        relation: one TableRelationName, method: within USING_METHOD SyntaxNode, keys: one PartitionItemList,
        include: within INDEX_INCLUDE_CLAUSE PartitionItemList, nulls_not_distinct: has NULLS_NOT_DISTINCT,
        predicate: within WHERE_CLAUSE Expr,
    }
    CreateMaterializedView CREATE_MATERIALIZED_VIEW {
        if_not_exists: has IF_NOT_EXISTS, view: node VIEW, columns: each COLUMN_LIST SyntaxNode,
        query: one SelectVariant, without_data: has WITH_NO_DATA,
    }
    CreatePolicy CREATE_POLICY {
        policy: node POLICY, table: within ON_TABLE SyntaxNode, using: within USING_EXPR_CLAUSE Expr,
        check: within WITH_CHECK_EXPR_CLAUSE Expr,
    }
    CreateRule CREATE_RULE { rule: node RULE, on: one RuleOn }
    CreateSchema CREATE_SCHEMA { if_not_exists: has IF_NOT_EXISTS, target: one CreateSchemaTarget, elements: all Stmt }
    CreateSequence CREATE_SEQUENCE {
        persistence: one Persistence, if_not_exists: has IF_NOT_EXISTS, sequence: node SEQUENCE,
        options: all SequenceOption,
    }
    CreateStatistics CREATE_STATISTICS {
        statistics: node STATISTICS, on: each STATISTICS_ON_CLAUSE Expr, table: within FROM_TABLE SyntaxNode,
    }
    CreateTrigger CREATE_TRIGGER {
        or_replace: has OR_REPLACE, constraint: has CONSTRAINT_KW, trigger: node TRIGGER,
        events: each TRIGGER_EVENT_LIST SyntaxNode, relation: within ON_RELATION SyntaxNode,
        condition: within WHEN_CONDITION Expr, call: one CallExpr,
    }
    CreateView CREATE_VIEW {
        or_replace: has OR_REPLACE, persistence: one Persistence, recursive: has RECURSIVE_KW, view: node VIEW,
        columns: each COLUMN_LIST SyntaxNode, query: one SelectVariant,
    }
    OptionOwnedBy OPTION_OWNED_BY { target: one OwnedByTarget }
    RuleOn RULE_ON { event: node RULE_EVENT, relation: node RELATION_NAME_REF }
}

choices! {
    CreateSchemaTarget { ; Authorization AUTHORIZATION_SCHEMA, Named NAMED_SCHEMA; }
    OwnedByTarget { ; None OWNED_BY_NONE, Column QUALIFIED_COLUMN_NAME_REF; }
    SequenceOption {
        OptionOwnedBy;
        Other OPTION_AS_TYPE | OPTION_CACHE | OPTION_CYCLE | OPTION_INCREMENT | OPTION_LOGGED | OPTION_MAX_VALUE
            | OPTION_MIN_VALUE | OPTION_NO_CYCLE | OPTION_NO_MAX_VALUE | OPTION_NO_MIN_VALUE | OPTION_RESTART
            | OPTION_SEQUENCE_NAME | OPTION_START | OPTION_UNLOGGED;
    }
}
