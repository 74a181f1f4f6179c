//! Tables, their columns and constraints.

use super::*;

nodes! {
    Column COLUMN { name: node COLUMN_NAME, ty: one Type, constraints: all Constraint }
    CreateForeignTable CREATE_FOREIGN_TABLE {
        if_not_exists: has IF_NOT_EXISTS, name: node TABLE_NAME, items: each TABLE_ARG_LIST TableArg,
        inherits: each INHERITS SyntaxNode, partition_of: within PARTITION_OF SyntaxNode,
        default: has PARTITION_DEFAULT,
    }
    CreateTable CREATE_TABLE {
        persistence: one Persistence, if_not_exists: has IF_NOT_EXISTS, name: node TABLE_NAME,
        items: each TABLE_ARG_LIST TableArg, of_type: within OF_TYPE Type, inherits: each INHERITS SyntaxNode,
        partition_of: within PARTITION_OF SyntaxNode, default: has PARTITION_DEFAULT, partition_by: one PartitionBy,
    }
    CreateTableAs CREATE_TABLE_AS {
        persistence: one Persistence, if_not_exists: has IF_NOT_EXISTS, name: node TABLE_NAME,
        items: each TABLE_ARG_LIST TableArg, query: one CreateTableAsQuery,
    }
    ExcludingProperty EXCLUDING_PROPERTY { property: one SyntaxNode }
    IncludingProperty INCLUDING_PROPERTY { property: one SyntaxNode }
    LikeClause LIKE_CLAUSE { table: node RELATION_NAME_REF, options: all LikeOption }
    PartitionBy PARTITION_BY { items: each PARTITION_ITEM_LIST PartitionItem }
    PartitionItem PARTITION_ITEM { expr: one Expr }
    PartitionItemList PARTITION_ITEM_LIST { items: all PartitionItem }

    CheckConstraint CHECK_CONSTRAINT { expr: one Expr }
    DefaultConstraint DEFAULT_CONSTRAINT { expr: one Expr }
    ExcludeConstraint EXCLUDE_CONSTRAINT {
        method: within CONSTRAINT_INDEX_METHOD SyntaxNode, items: each CONSTRAINT_EXCLUSION_LIST ConstraintExclusion,
    }
    ConstraintExclusion CONSTRAINT_EXCLUSION { expr: one Expr }
    ForeignKeyColumnList FOREIGN_KEY_COLUMN_LIST {
        columns: nodes COLUMN_NAME_REF, period: within PERIOD_COLUMN SyntaxNode,
    }
    ForeignKeyConstraint FOREIGN_KEY_CONSTRAINT {
        lists: all ForeignKeyColumnList, table: node TABLE_NAME_REF, actions: all ReferentialAction,
    }
    GeneratedConstraint GENERATED_CONSTRAINT { how: one GeneratedAs }
    GeneratedIdentity GENERATED_IDENTITY { always: has GENERATED_ALWAYS }
    GeneratedStored GENERATED_STORED { expr: one Expr, stored: has STORED }
    IndexParameters INDEX_PARAMETERS {
        columns: one ConstraintColumnRefList, include: within CONSTRAINT_INCLUDE_CLAUSE SyntaxNode,
        nulls_not_distinct: has NULLS_NOT_DISTINCT,
    }
    ConstraintColumnRefList CONSTRAINT_COLUMN_REF_LIST { columns: nodes COLUMN_NAME_REF }
    NotNullConstraint NOT_NULL_CONSTRAINT { column: node COLUMN_NAME_REF }
    PrimaryKeyConstraint PRIMARY_KEY_CONSTRAINT {
        parameters: one IndexParameters, using_index: within USING_INDEX_NAME SyntaxNode,
    }
    ReferencesConstraint REFERENCES_CONSTRAINT {
        table: node TABLE_NAME_REF, column: node COLUMN_NAME_REF, actions: all ReferentialAction,
    }
    UniqueConstraint UNIQUE_CONSTRAINT {
        parameters: one IndexParameters, using_index: within USING_INDEX_NAME SyntaxNode,
    }
}

choices! {
    Constraint {
        CheckConstraint, DefaultConstraint, ExcludeConstraint, ForeignKeyConstraint, GeneratedConstraint,
        NotNullConstraint, PrimaryKeyConstraint, ReferencesConstraint, UniqueConstraint;
        Null NULL_CONSTRAINT;
    }
    CreateTableAsQuery { ; Execute EXECUTE; SelectVariant }
    GeneratedAs { GeneratedIdentity, GeneratedStored; ; }
    LikeOption { ExcludingProperty, IncludingProperty; ; }
    Persistence { ; Temporary TEMP, Unlogged UNLOGGED; }
    ReferentialAction { ; OnDelete ON_DELETE_ACTION, OnUpdate ON_UPDATE_ACTION; }
    TableArg { Column, LikeClause; ; Constraint }
}

impl Constraint {
    /// Gives the name that stands behind `CONSTRAINT`.
    pub(in crate::postgres) fn name(&self) -> Option<SyntaxNode> {
        part(&part(self.syntax(), SyntaxKind::CONSTRAINT_NAME_CLAUSE)?, SyntaxKind::CONSTRAINT_NAME)
    }
}
