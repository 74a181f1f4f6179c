//! What stands in a `FROM`, a `USING` or a join.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::expression::{column, is_value_keyword, read, read_children};
use super::super::name;
use super::select;
use crate::statement::{ColumnUse, Join, Name, Output, Relation, Scope, Source};
use squawk_parser::SyntaxKind::*;

/// Adds an item of a `FROM` to its scope, joins flattened.
pub(super) fn lower(item: SyntaxNode, scope: &mut Scope) {
    match item.kind() {
        JOIN_EXPR => joined(&item, scope),
        USING_ON_CLAUSE => item.children().for_each(|child| lower(child, scope)),
        ON_CLAUSE => read_children(&item, scope),
        RELATION_FROM_ITEM => {
            let Some(table) = ast::part(&item, RELATION_NAME_REF) else { return };
            let mut alias = Alias::of(&item);
            if is_value_keyword(table.first_token().map(|token| token.kind())) {
                // `FROM current_date`
                alias.name = alias.name.or_else(|| name::name(&table.first_child()?));
                scope.from.push(alias.relation(Source::Other, true));
                return;
            }
            sampled(&item, scope);
            scope.from.extend(name::qualified(&table).map(|table| alias.relation(Source::Table(table), false)));
        }
        PAREN_FROM_ITEM => parenthesized(&item, scope),
        PAREN_EXPR => item.children().for_each(|child| lower(child, scope)),
        FUNCTION_FROM_ITEM | EXPR_FROM_ITEM => function(&item, scope),
        ROWS_FROM_ITEM => {
            read_rows_from(&item, scope);
            let mut alias = Alias::of(&item);
            if let Some(call) = item.children().next().and_then(|argument| argument.children().next()) {
                alias.or_name_of(&call);
            }
            scope.from.push(alias.relation(Source::Other, true));
        }
        JSON_TABLE_FROM_ITEM | XML_TABLE_FROM_ITEM => {
            let columns = item.descendants().filter(|node| node.kind() == COLUMN_NAME);
            let alias = Alias::of(&item);
            let named = alias.columns.iter().map(|name| name.range.clone()).collect::<Vec<_>>();
            let columns = columns.filter_map(|node| name::name(&node)).filter(|name| !named.contains(&name.range));
            let mut relation = alias.relation(Source::Columns(columns.collect()), true);
            let own = if item.kind() == XML_TABLE_FROM_ITEM { "xmltable" } else { "json_table" };
            relation.alias.get_or_insert_with(|| Name { text: own.to_owned(), range: name::range(&item) });
            scope.from.push(relation);
            item.children().filter(|child| child.kind() != FROM_ALIAS).for_each(|child| read(child, scope));
        }
        GRAPH_TABLE_FROM_ITEM => scope.from.push(Alias::of(&item).relation(Source::Other, true)),
        _ => {
            scope.opaque = true;
        }
    }
}

fn joined(item: &SyntaxNode, scope: &mut Scope) {
    let start = scope.from.len();
    let (first, joins) = spine(item.clone());
    lower(first, scope);
    joins.into_iter().for_each(|join| attach(start, &join, scope));
}

/// Takes a chain of joins apart: what stands first, and what is joined to it, in order.
fn spine(item: SyntaxNode) -> (SyntaxNode, Vec<ast::Join>) {
    let mut joins = Vec::new();
    let mut next = item;
    while next.kind() == JOIN_EXPR {
        let mut parts = next.children();
        let (left, join) = (parts.next(), parts.next().and_then(ast::Join::cast));
        joins.extend(join);
        match left {
            Some(left) => next = left,
            None => break,
        }
    }
    joins.reverse();
    (next, joins)
}

/// Joins something to the relations since `start`.
fn attach(start: usize, join: &ast::Join, scope: &mut Scope) {
    let middle = scope.from.len();
    let mut on = Vec::new();
    if let Some(right) = join.item() {
        let right = right.syntax().clone();
        if join.condition().is_none() {
            // Without a condition only the next relation is joined; the tree has all that follow on this side.
            let (first, others) = spine(right);
            lower(first, scope);
            on = others;
        } else {
            lower(right, scope);
        }
    }
    let right = middle..scope.from.len();
    let mut joined = Join { left: start..middle, right, columns: Vec::new(), natural: false, on: Scope::default() };
    joined.natural = join.natural();
    match join.condition() {
        Some(ast::JoinCondition::On(on)) => read_children(&on, &mut joined.on),
        Some(ast::JoinCondition::JoinUsingClause(using)) => {
            joined.columns = name::names(using.columns());
            if let Some(alias) = name::name_of(using.alias()) {
                let source = Source::Columns(joined.columns.clone());
                scope.from.push(Relation { alias: Some(alias), hidden: true, ..select::plain(source) });
            }
        }
        None => {}
    }
    scope.joins.push(joined);
    on.into_iter().for_each(|join| attach(start, &join, scope));
}

/// A query in parentheses, or a join with or without a name for all of it.
fn parenthesized(item: &SyntaxNode, scope: &mut Scope) {
    let alias = Alias::of(item);
    let lateral = ast::has(item, LATERAL_KW);
    let Some(inside) = item.children().next() else { return };
    if let Some(query) = ast::SelectVariant::cast(inside.clone()) {
        let source = Source::Query(Box::new(select::lower(query)));
        scope.from.push(alias.relation(source, lateral));
    } else if alias.name.is_none() {
        inside.children().for_each(|child| lower(child, scope));
    } else {
        let mut join = Scope::default();
        inside.children().for_each(|child| lower(child, &mut join));
        join.output.push(Output::All);
        scope.from.push(alias.relation(Source::Query(Box::new(join)), true));
    }
}

/// A function: its columns are known where its alias lists them with their types, or where it gives one that is named so.
fn function(item: &SyntaxNode, scope: &mut Scope) {
    let mut alias = Alias::of(item);
    let Some(call) = item.children().next() else { return };
    let ordinal = ast::has(item, WITH_ORDINALITY);
    let callee = call.children().next().and_then(|callee| column(&callee)).filter(|_| call.kind() == CALL_EXPR);
    let columns = if alias.typed { Some(alias.columns.clone()) } else { columns_of(callee, &alias) };
    let source = match columns {
        Some(mut columns) => {
            let text = "ordinality".to_owned();
            columns.extend(ordinal.then(|| Name { text, range: super::super::name::range(&call) }));
            Source::Columns(columns)
        }
        None => Source::Other,
    };
    alias.or_name_of(&call);
    read(call, scope);
    read_types(item, scope);
    scope.from.push(alias.relation(source, true));
}

/// The columns of those of the server's own functions that are most used so.
fn columns_of(callee: Option<ColumnUse>, alias: &Alias) -> Option<Vec<Name>> {
    let callee = callee.filter(|callee| callee.table.is_none())?.name;
    let name = |text: &str| Name { text: text.to_owned(), range: callee.range.clone() };
    match callee.text.as_str() {
        "generate_series"
        | "generate_subscripts"
        | "json_object_keys"
        | "jsonb_object_keys"
        | "jsonb_path_query"
        | "regexp_matches"
        | "regexp_split_to_table"
        | "string_to_table" => Some(vec![name(alias.name.as_ref().map_or(&callee.text, |alias| &alias.text))]),
        "json_array_elements" | "jsonb_array_elements" | "json_array_elements_text" | "jsonb_array_elements_text" => {
            Some(vec![name("value")])
        }
        "json_each" | "jsonb_each" | "json_each_text" | "jsonb_each_text" => Some(vec![name("key"), name("value")]),
        _ => None,
    }
}

fn read_rows_from(item: &SyntaxNode, scope: &mut Scope) {
    for argument in ast::parts(item, ROWS_FROM_ARG) {
        ast::parts(&argument, CALL_EXPR).for_each(|call| read(call, scope));
        read_types(&argument, scope);
    }
}

/// Reads the types that an alias gives to its columns.
fn read_types(item: &SyntaxNode, scope: &mut Scope) {
    let defined = item.descendants().filter_map(ast::ColumnDef::cast).filter_map(|column| column.ty());
    defined.for_each(|ty| read(ty.syntax().clone(), scope));
}

/// What `TABLESAMPLE` is given.
fn sampled(item: &SyntaxNode, scope: &mut Scope) {
    let clause = ast::part(item, TABLESAMPLE_CLAUSE);
    let given = clause.iter().flat_map(|clause| clause.descendants()).filter(|node| node.kind() == ARG);
    given.collect::<Vec<_>>().iter().for_each(|argument| read_children(argument, scope));
}

/// The name that an item is given, and those of its columns.
struct Alias {
    name: Option<Name>,
    columns: Vec<Name>,
    /// Whether the columns are given types as well: then there are no others.
    typed: bool,
}

impl Alias {
    fn of(item: &SyntaxNode) -> Alias {
        let alias = item.children().find_map(ast::FromAlias::cast);
        let name = alias.as_ref().and_then(|alias| name::name_of(alias.name()));
        match alias.and_then(|alias| alias.columns()) {
            Some(ast::FromAliasColumns::ColumnList(list)) => {
                Alias { name, columns: name::names(list.columns()), typed: false }
            }
            Some(ast::FromAliasColumns::ColumnDefList(list)) => {
                let columns = list.columns().filter_map(|column| name::name_of(column.name())).collect();
                Alias { name, columns, typed: true }
            }
            None => Alias { name, columns: Vec::new(), typed: false },
        }
    }

    /// Without an alias a function's rows go by its name.
    fn or_name_of(&mut self, call: &SyntaxNode) {
        if self.name.is_none() && call.kind() == CALL_EXPR {
            self.name = call.children().next().and_then(|callee| column(&callee)).map(|callee| callee.name);
        }
    }

    fn relation(self, source: Source, lateral: bool) -> Relation {
        let columns = if self.typed { Vec::new() } else { self.columns };
        Relation { alias: self.name, columns, lateral, ..select::plain(source) }
    }
}
