//! Queries.

use super::*;

nodes! {
    ColumnDef COLUMN_DEF { name: node COLUMN_NAME, ty: one Type }
    ColumnDefList COLUMN_DEF_LIST { columns: all ColumnDef }
    ColumnList COLUMN_LIST { columns: nodes COLUMN_NAME }
    CompoundSelect COMPOUND_SELECT { operands: all Operand }
    CycleClause CYCLE_CLAUSE { mark: within CYCLE_SET_COLUMN SyntaxNode, path: within CYCLE_PATH SyntaxNode }
    FromAlias FROM_ALIAS { name: node TABLE_ALIAS, columns: one FromAliasColumns }
    IntoClause INTO_CLAUSE { persistence: one Persistence, table: node TABLE_NAME }
    Join JOIN {
        natural: has NATURAL_KW, cross: has JOIN_CROSS, item: one FromListItem, condition: one JoinCondition,
    }
    JoinExpr JOIN_EXPR { join: one Join }
    JoinUsingClause JOIN_USING_CLAUSE {
        columns: each COLUMN_REF_LIST SyntaxNode, alias: within REQUIRED_AS_ALIAS SyntaxNode,
    }
    ParenExpr PAREN_EXPR { expr: one Expr, item: one FromListItem }
    ParenFromItem PAREN_FROM_ITEM { inside: one ParenExpr, alias: node FROM_ALIAS }
    ParenSelect PAREN_SELECT { select: one SelectVariant }
    Row ROW { exprs: all Expr }
    Select SELECT { clause: one SelectClause, from: node FROM_CLAUSE }
    SelectClause SELECT_CLAUSE { target_list: one TargetList }
    SelectInto SELECT_INTO { into: one IntoClause }
    Table TABLE { relation: one RelationName }
    Target TARGET { expr: one Expr, as_name: one AsName }
    AsName AS_NAME { name: node COLUMN_NAME }
    TargetList TARGET_LIST { targets: all Target }
    Values VALUES { rows: each ROW_LIST Row }
    WithClause WITH_CLAUSE { recursive: has RECURSIVE_KW, tables: all WithTable }
    WithTable WITH_TABLE {
        name: node CTE_NAME, columns: each COLUMN_LIST SyntaxNode, query: one Stmt,
        search: within SEARCH_CLAUSE SearchSetColumn, cycle: one CycleClause,
    }
    SearchSetColumn SEARCH_SET_COLUMN { column: node COLUMN_NAME_REF }
}

choices! {
    FromAliasColumns { ColumnDefList, ColumnList; ; }
    FromListItem {
        ParenFromItem;
        Join JOIN_EXPR, Relation RELATION_FROM_ITEM,
        Other EXPR_FROM_ITEM | FUNCTION_FROM_ITEM | GRAPH_TABLE_FROM_ITEM | JSON_TABLE_FROM_ITEM | ROWS_FROM_ITEM
            | XML_TABLE_FROM_ITEM;
    }
    JoinCondition { JoinUsingClause; On ON_CLAUSE; }
    Operand { ; Parentheses PAREN_EXPR; SelectVariant }
    SelectVariant { CompoundSelect, ParenSelect, Select, SelectInto, Table, Values; ; }
}

impl CompoundSelect {
    /// Gives the query before the word that combines the two.
    pub(in crate::postgres) fn left(&self) -> Option<SelectVariant> {
        self.operands().next()?.query()
    }

    /// Gives the query behind it.
    pub(in crate::postgres) fn right(&self) -> Option<SelectVariant> {
        self.operands().nth(1)?.query()
    }
}

impl Operand {
    /// Takes parentheses off.
    fn query(self) -> Option<SelectVariant> {
        let mut node = match self {
            Operand::SelectVariant(query) => return Some(query),
            Operand::Parentheses(node) => node,
        };
        loop {
            match one::<Operand>(&node)? {
                Operand::SelectVariant(query) => return Some(query),
                Operand::Parentheses(inside) => node = inside,
            }
        }
    }
}
