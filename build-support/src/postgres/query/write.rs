//! `INSERT`, `UPDATE`, `DELETE`, `MERGE` and `COPY`.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::expression::read;
use super::super::name;
use super::select::{clause, lower, whole};
use super::{from, with};
use crate::statement::{ActKind, Name, Output, QualifiedName, Relation, Rows, Scope, Source, Write, WriteKind};
use squawk_parser::SyntaxKind::*;

/// Reads a statement that is a query or changes rows; `None` for any other.
pub(in crate::postgres) fn act(node: &SyntaxNode) -> Option<ActKind> {
    match node.kind() {
        INSERT | UPDATE | DELETE | MERGE => changed(node),
        COPY => copied(node),
        // `SELECT … INTO` makes a table.
        SELECT_INTO => None,
        _ => ast::SelectVariant::cast(node.clone()).map(|query| ActKind::Query(lower(query))),
    }
}

/// Reads a statement inside another one.
pub(in crate::postgres) fn lower_any(node: &SyntaxNode) -> Option<Scope> {
    match ast::SelectVariant::cast(node.clone()) {
        Some(query) => Some(lower(query)),
        None => scope(node).map(|(_, scope)| scope),
    }
}

fn changed(node: &SyntaxNode) -> Option<ActKind> {
    let (write, query) = scope(node)?;
    Some(ActKind::Write { kind: write.kind, table: write.table, columns: write.columns, query })
}

/// Reads a change of rows: what it writes, and all that it names.
fn scope(node: &SyntaxNode) -> Option<(Write, Scope)> {
    let mut target = Target::of(node)?;
    let mut scope = Scope::default();
    match target.kind {
        WriteKind::Insert => inserted(node, &mut target, &mut scope),
        _ => {
            scope.from.push(target.relation());
            for child in node.children() {
                match child.kind() {
                    RELATION_NAME | TABLE_RELATION_NAME | OPTIONAL_AS_ALIAS | WHERE_CURRENT_OF => {}
                    SET_CLAUSE => set(&child, &mut target, &mut scope),
                    USING_ON_CLAUSE => from::lower(child, &mut scope),
                    MERGE_WHEN_MATCHED | MERGE_WHEN_NOT_MATCHED_TARGET | MERGE_WHEN_NOT_MATCHED_SOURCE => {
                        merged(&child, &mut target, &mut scope);
                    }
                    RETURNING_CLAUSE => returning(&child, &target, &mut scope),
                    FOR_PORTION_OF => {
                        let column = ast::part(&child, COLUMN_NAME_REF);
                        target.columns.extend(column.and_then(|column| name::name(&column)));
                        child.children().skip(1).for_each(|part| read(part, &mut scope));
                    }
                    _ => clause(child, &mut scope),
                }
            }
        }
    }
    let write = Write { kind: target.kind, table: target.table, columns: target.columns, rows: target.rows };
    scope.writes.push(write.clone());
    Some((write, scope))
}

/// The table that is changed.
struct Target {
    kind: WriteKind,
    table: QualifiedName,
    alias: Option<Name>,
    columns: Vec<Name>,
    rows: Option<Rows>,
}

impl Target {
    fn of(node: &SyntaxNode) -> Option<Target> {
        let kind = match node.kind() {
            INSERT => WriteKind::Insert,
            UPDATE => WriteKind::Update,
            DELETE => WriteKind::Delete,
            MERGE => WriteKind::Merge,
            _ => return None,
        };
        let is_name = |node: &SyntaxNode| matches!(node.kind(), RELATION_NAME_REF | TABLE_NAME_REF);
        let table = node.children().find_map(|child| match child.kind() {
            RELATION_NAME | TABLE_RELATION_NAME => child.children().find(is_name),
            _ => Some(child).filter(is_name),
        });
        let alias = node.children().find(|child| matches!(child.kind(), REQUIRED_AS_ALIAS | OPTIONAL_AS_ALIAS));
        let alias = alias.and_then(|alias| alias.children().next()).and_then(|alias| name::name(&alias));
        Some(Target { kind, table: name::qualified(&table?)?, alias, columns: Vec::new(), rows: None })
    }

    fn relation(&self) -> Relation {
        Relation { alias: self.alias.clone(), ..whole(self.table.clone()) }
    }

    /// The target under another name.
    fn called(&self, name: &str) -> Relation {
        let alias = Name { text: name.to_owned(), range: self.table.name.range.clone() };
        Relation { alias: Some(alias), ..whole(self.table.clone()) }
    }
}

/// What an `INSERT` returns sees its table, what it inserts doesn't.
fn inserted(node: &SyntaxNode, target: &mut Target, scope: &mut Scope) {
    let mut given = Scope { from: vec![target.relation()], ..Scope::default() };
    let mut others = Vec::new();
    for child in node.children() {
        match child.kind() {
            WITH_CLAUSE => with::lower(&child, scope),
            COLUMN_TARGET_LIST => targets(&child, target, scope),
            ON_CONFLICT_CLAUSE => conflict(&child, target, &mut others),
            RETURNING_CLAUSE => returning(&child, target, &mut given),
            _ => {
                let range = name::range(&child);
                if let Some(query) = ast::SelectVariant::cast(child) {
                    // What it returns stands before.
                    target.rows = Some(Rows { query: 1 + others.len(), named: target.columns.len(), range });
                    others.push(lower(query));
                }
            }
        }
    }
    scope.output.push(Output::Inner);
    scope.inner.push(given);
    scope.inner.append(&mut others);
}

fn conflict(node: &SyntaxNode, target: &mut Target, scopes: &mut Vec<Scope>) {
    for child in node.children() {
        let mut scope = Scope { from: vec![target.relation()], ..Scope::default() };
        match child.kind() {
            CONFLICT_ON_INDEX => read(child, &mut scope),
            CONFLICT_ON_CONSTRAINT => {}
            _ => {
                scope.from.push(target.called("excluded"));
                for part in child.children() {
                    match part.kind() {
                        SET_CLAUSE => set(&part, target, &mut scope),
                        _ => clause(part, &mut scope),
                    }
                }
            }
        }
        scopes.push(scope);
    }
}

fn returning(node: &SyntaxNode, target: &Target, scope: &mut Scope) {
    let named = |kind| {
        let option = node.descendants().find(|option| option.kind() == kind)?;
        name::name(&option.children().next()?)
    };
    for (kind, word) in [(RETURNING_OLD, "old"), (RETURNING_NEW, "new")] {
        let relation = match named(kind) {
            Some(name) => target.called(&name.text),
            // They are there since PostgreSQL 18, unless something else has the name.
            None if scope.from.iter().any(|relation| is_called(relation, word)) => continue,
            None => target.called(word),
        };
        scope.from.push(Relation { hidden: true, ..relation });
    }
    ast::parts(node, TARGET_LIST).for_each(|list| clause(list, scope));
}

fn is_called(relation: &Relation, word: &str) -> bool {
    let own = match &relation.source {
        Source::Table(table) => Some(&table.name),
        _ => None,
    };
    relation.alias.as_ref().or(own).is_some_and(|name| name.text == word)
}

/// Reads what columns are set to.
fn set(node: &SyntaxNode, target: &mut Target, scope: &mut Scope) {
    for column in node.children().flat_map(|list| list.children()) {
        for part in column.children() {
            match part.kind() {
                COLUMN_TARGET => targeted(&part, target, scope),
                COLUMN_TARGET_LIST => targets(&part, target, scope),
                _ => read(part, scope),
            }
        }
    }
}

fn targets(list: &SyntaxNode, target: &mut Target, scope: &mut Scope) {
    list.children().for_each(|column| targeted(&column, target, scope));
}

/// A column that is written, and the places of an array in it.
fn targeted(node: &SyntaxNode, target: &mut Target, scope: &mut Scope) {
    for part in node.children() {
        match part.kind() {
            COLUMN_NAME_REF => target.columns.extend(name::name(&part)),
            INDEX_ACCESSOR | SLICE_ACCESSOR => read(part, scope),
            _ => {}
        }
    }
}

fn merged(node: &SyntaxNode, target: &mut Target, scope: &mut Scope) {
    for part in node.children() {
        match part.kind() {
            MERGE_UPDATE => part.children().for_each(|clause| set(&clause, target, scope)),
            MERGE_INSERT => {
                for given in part.children() {
                    match given.kind() {
                        COLUMN_TARGET_LIST => targets(&given, target, scope),
                        _ => read(given, scope),
                    }
                }
            }
            _ => read(part, scope),
        }
    }
}

fn copied(node: &SyntaxNode) -> Option<ActKind> {
    let copy = ast::Copy::cast(node.clone())?;
    let Some(table) = copy.table() else {
        let query = copy.query()?;
        return lower_any(query.syntax()).map(ActKind::Query);
    };
    let kind = WriteKind::Copy;
    let columns = name::names(table.columns());
    let table = name::qualified_of(table.table())?;
    let mut query = Scope { from: vec![whole(table.clone())], ..Scope::default() };
    query.writes.push(Write { kind, table: table.clone(), columns: columns.clone(), rows: None });
    if let Some(predicate) = copy.predicate() {
        read(predicate.syntax().clone(), &mut query);
    }
    Some(if copy.to() { ActKind::Query(query) } else { ActKind::Write { kind, table, columns, query } })
}
