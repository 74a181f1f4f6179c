//! `ALTER` of anything.

use super::*;

nodes! {
    AlterAggregate ALTER_AGGREGATE { aggregate: one Aggregate, action: one AlterAction }
    AlterDatabase ALTER_DATABASE { set: one SetConfigParam }
    AlterDomain ALTER_DOMAIN { domain: node DOMAIN_REF, action: one AlterDomainAction }
    AlterExtension ALTER_EXTENSION { extension: node EXTENSION_REF, set_schema: one SetSchema }
    AlterForeignTable ALTER_FOREIGN_TABLE {
        if_exists: has IF_EXISTS, relation: one TableRelationName, actions: all AlterTableAction,
    }
    AlterFunction ALTER_FUNCTION { function: within FUNCTION_SIG SyntaxNode, action: one AlterAction }
    AlterIndex ALTER_INDEX {
        all_in_tablespace: has ALL_IN_TABLESPACE, if_exists: has IF_EXISTS, index: node INDEX_REF,
        action: one AlterIndexAction,
    }
    AlterMaterializedView ALTER_MATERIALIZED_VIEW {
        all_in_tablespace: has ALL_IN_TABLESPACE, if_exists: has IF_EXISTS, view: node VIEW_REF,
        actions: all AlterMaterializedViewAction,
    }
    AlterPolicy ALTER_POLICY {
        policy: node POLICY_REF, table: within ON_TABLE SyntaxNode, action: one AlterPolicyAction,
    }
    AlterPolicyTo ALTER_POLICY_TO { using: within USING_EXPR_CLAUSE Expr, check: within WITH_CHECK_EXPR_CLAUSE Expr }
    AlterProcedure ALTER_PROCEDURE { procedure: within PROCEDURE_SIG SyntaxNode, action: one AlterAction }
    AlterRole ALTER_ROLE { set: one SetConfigParam }
    AlterRoutine ALTER_ROUTINE { routine: within ROUTINE_SIG SyntaxNode, action: one AlterAction }
    AlterRule ALTER_RULE {
        rule: node RULE_REF, relation: within ON_RELATION SyntaxNode, rename_to: node RULE_RENAME_TO,
    }
    AlterSchema ALTER_SCHEMA { schema: node SCHEMA_REF, action: one AlterAction }
    AlterSequence ALTER_SEQUENCE {
        if_exists: has IF_EXISTS, sequence: node SEQUENCE_REF, actions: all AlterSequenceAction,
    }
    AlterStatistics ALTER_STATISTICS { statistics: node STATISTICS_REF, action: one AlterAction }
    AlterTable ALTER_TABLE {
        all_in_tablespace: has ALL_IN_TABLESPACE, if_exists: has IF_EXISTS, relation: one TableRelationName,
        actions: all AlterTableAction,
    }
    AlterTrigger ALTER_TRIGGER {
        trigger: node TRIGGER_REF, relation: within ON_RELATION SyntaxNode, action: one AlterAction,
    }
    AlterType ALTER_TYPE { ty: node TYPE_NAME_REF, action: one AlterTypeAction }
    AlterUser ALTER_USER { set: one SetConfigParam }
    AlterView ALTER_VIEW { if_exists: has IF_EXISTS, view: node VIEW_REF, action: one AlterViewAction }

    AddAttribute ADD_ATTRIBUTE { name: node COMPOSITE_FIELD, ty: one Type }
    AddColumn ADD_COLUMN {
        if_not_exists: has IF_NOT_EXISTS, name: node COLUMN_NAME, ty: one Type, constraints: all Constraint,
    }
    AddGenerated ADD_GENERATED { always: has GENERATED_ALWAYS }
    AddValue ADD_VALUE {
        if_not_exists: has IF_NOT_EXISTS, value: one Literal, before: within BEFORE_VALUE Literal,
        after: within AFTER_VALUE Literal,
    }
    AlterAttribute ALTER_ATTRIBUTE { name: node COMPOSITE_FIELD_REF, ty: one Type }
    AlterColumn ALTER_COLUMN { name: node COLUMN_NAME_REF, option: one AlterColumnOption }
    AlterConstraint ALTER_CONSTRAINT { name: node CONSTRAINT_NAME_REF }
    AlterTypeAttributeActionList ALTER_TYPE_ATTRIBUTE_ACTION_LIST { actions: all AlterTypeAttributeAction }
    AlterViewColumn ALTER_VIEW_COLUMN { name: node COLUMN_NAME_REF, action: one AlterViewColumnAction }
    AttachIndexPartition ATTACH_INDEX_PARTITION { index: node INDEX_REF }
    AttachPartition ATTACH_PARTITION { table: node TABLE_NAME_REF, default: has PARTITION_DEFAULT }
    ClusterOn CLUSTER_ON { index: node INDEX_REF }
    DetachPartition DETACH_PARTITION {
        table: node TABLE_NAME_REF, concurrently: has DETACH_CONCURRENTLY, finalize: has DETACH_FINALIZE,
    }
    DisableTrigger DISABLE_TRIGGER { trigger: node TRIGGER_REF }
    DropAttribute DROP_ATTRIBUTE { if_exists: has IF_EXISTS, name: node COMPOSITE_FIELD_REF, cascade: has CASCADE }
    DropColumn DROP_COLUMN { if_exists: has IF_EXISTS, name: node COLUMN_NAME_REF, cascade: has CASCADE }
    DropConstraint DROP_CONSTRAINT { if_exists: has IF_EXISTS, name: node CONSTRAINT_NAME_REF, cascade: has CASCADE }
    DropExpression DROP_EXPRESSION { if_exists: has IF_EXISTS }
    DropIdentity DROP_IDENTITY { if_exists: has IF_EXISTS }
    EnableAlwaysTrigger ENABLE_ALWAYS_TRIGGER { trigger: node TRIGGER_REF }
    EnableReplicaTrigger ENABLE_REPLICA_TRIGGER { trigger: node TRIGGER_REF }
    EnableTrigger ENABLE_TRIGGER { trigger: node TRIGGER_REF }
    InheritTable INHERIT_TABLE { table: node TABLE_NAME_REF }
    NoInheritTable NO_INHERIT_TABLE { table: node TABLE_NAME_REF }
    RenameAttribute RENAME_ATTRIBUTE { from: node COMPOSITE_FIELD_REF, to: node COMPOSITE_FIELD }
    RenameColumn RENAME_COLUMN { from: node COLUMN_NAME_REF, to: node COLUMN_NAME }
    RenameConstraint RENAME_CONSTRAINT { from: node CONSTRAINT_NAME_REF, to: node CONSTRAINT_NAME }
    RenameValue RENAME_VALUE { values: all Literal }
    ReplicaIdentity REPLICA_IDENTITY { option: one ReplicaIdentityOption }
    SetDefault SET_DEFAULT { expr: one Expr }
    SetExpression SET_EXPRESSION { expr: one Expr }
    SetGenerated SET_GENERATED { always: has GENERATED_ALWAYS }
    SetGeneratedOptions SET_GENERATED_OPTIONS { generated: one SetGenerated }
    SetSchema SET_SCHEMA { schema: node SCHEMA_REF }
    SetType SET_TYPE { ty: one Type, collate: has COLLATE, using: within USING_EXPR Expr }
    ValidateConstraint VALIDATE_CONSTRAINT { name: node CONSTRAINT_NAME_REF }
}

choices! {
    AlterAction {
        SetSchema;
        RenameTo AGGREGATE_RENAME_TO | FUNCTION_RENAME_TO | PROCEDURE_RENAME_TO | ROUTINE_RENAME_TO | SCHEMA_RENAME_TO
            | STATISTICS_RENAME_TO | TRIGGER_RENAME_TO,
        Harmless DEPENDS_ON_EXTENSION | FUNC_OPTION_LIST | NO_DEPENDS_ON_EXTENSION | OWNER_TO | SET_STATISTICS;
    }
    AlterColumnOption {
        AddGenerated, DropExpression, DropIdentity, SetDefault, SetExpression, SetGenerated, SetGeneratedOptions,
        SetType;
        DropDefault DROP_DEFAULT, DropNotNull DROP_NOT_NULL, SetNotNull SET_NOT_NULL,
        SetSequence RESTART | SET_SEQUENCE_OPTION,
        Storage SET_COMPRESSION | SET_STORAGE,
        Harmless INHERIT | NO_INHERIT | RESET_OPTIONS | SET_OPTIONS | SET_OPTIONS_LIST | SET_STATISTICS;
    }
    AlterDomainAction {
        DropConstraint, RenameConstraint, SetDefault, SetSchema, ValidateConstraint;
        AddConstraint ADD_CONSTRAINT, DropDefault DROP_DEFAULT, DropNotNull DROP_NOT_NULL, RenameTo DOMAIN_RENAME_TO,
        SetNotNull SET_NOT_NULL, Harmless OWNER_TO;
    }
    AlterIndexAction {
        AttachIndexPartition;
        RenameTo INDEX_RENAME_TO, SetTablespace SET_TABLESPACE,
        Options ALTER_SET_STATISTICS | RESET_OPTIONS | SET_OPTIONS,
        Harmless DEPENDS_ON_EXTENSION | NO_DEPENDS_ON_EXTENSION;
    }
    AlterMaterializedViewAction {
        RenameColumn, SetSchema;
        RenameTo VIEW_RENAME_TO, Harmless DEPENDS_ON_EXTENSION | NO_DEPENDS_ON_EXTENSION;
        AlterTableAction
    }
    AlterPolicyAction { AlterPolicyTo; RenameTo POLICY_RENAME_TO; }
    AlterSequenceAction {
        SetSchema;
        RenameTo SEQUENCE_RENAME_TO, SetLogged SET_LOGGED, SetUnlogged SET_UNLOGGED, Harmless OWNER_TO;
        SequenceOption
    }
    AlterTableAction {
        AddColumn, AlterColumn, AlterConstraint, AttachPartition, ClusterOn, DetachPartition, DisableTrigger,
        DropColumn, DropConstraint, EnableAlwaysTrigger, EnableReplicaTrigger, EnableTrigger, InheritTable,
        NoInheritTable, RenameColumn, RenameConstraint, ReplicaIdentity, SetSchema, ValidateConstraint;
        AddConstraint ADD_CONSTRAINT, RenameTo TABLE_RENAME_TO, SetAccessMethod SET_ACCESS_METHOD, SetLogged SET_LOGGED,
        SetTablespace SET_TABLESPACE, SetUnlogged SET_UNLOGGED,
        Repartition MERGE_PARTITIONS | SPLIT_PARTITION,
        Options OPTION_ITEM_LIST | RESET_OPTIONS | SET_OPTIONS | SET_WITHOUT_CLUSTER,
        Harmless ALTER_OPTION_LIST | DISABLE_RLS | DISABLE_RULE | ENABLE_ALWAYS_RULE | ENABLE_REPLICA_RULE | ENABLE_RLS
            | ENABLE_RULE | FORCE_RLS | NO_FORCE_RLS | NOT_OF | OF_TYPE | OWNER_TO | SET_WITHOUT_OIDS;
    }
    AlterTypeAction {
        AddValue, AlterTypeAttributeActionList, RenameAttribute, RenameValue, SetSchema;
        RenameTo TYPE_RENAME_TO, Harmless OWNER_TO | SET_OPTIONS;
    }
    AlterTypeAttributeAction { AddAttribute, AlterAttribute, DropAttribute; ; }
    AlterViewAction {
        AlterViewColumn, RenameColumn, SetSchema;
        RenameTo VIEW_RENAME_TO, Harmless OWNER_TO | RESET_OPTIONS | SET_OPTIONS;
    }
    AlterViewColumnAction { SetDefault; DropDefault DROP_DEFAULT; }
    ReplicaIdentityOption {
        ;
        Index USING_INDEX_NAME, Harmless REPLICA_IDENTITY_DEFAULT | REPLICA_IDENTITY_FULL | REPLICA_IDENTITY_NOTHING;
    }
}
