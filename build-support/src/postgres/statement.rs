//! Each statement of a script, by its kind.

use super::change::Altered;
use super::name::{self, range, token_range};
use super::{SyntaxError, block, change, drop, index, maintenance, query, setting, table};
use crate::statement::{Act, ActKind, Condition, ObjectKind, Statement};
use squawk_syntax::SourceFile;
use squawk_syntax::SyntaxKind::SEMICOLON;
use squawk_syntax::ast::{self, AstNode, Stmt};
use std::ops::Range;

/// Reads all statements of a script. One that is wrong is opaque: what it would do isn't known.
pub(super) fn lower_all(file: &SourceFile, errors: &[SyntaxError]) -> Vec<Statement> {
    let mut errors = errors.iter().map(|error| error.range.start).peekable();
    let mut statements = Vec::new();
    for statement in file.stmts() {
        if matches!(statement, Stmt::EmptyStmt(_)) {
            continue;
        }
        let range = bare(&statement);
        let mut wrong = false;
        while errors.next_if(|at| *at <= range.end).is_some() {
            wrong = true;
        }
        let acts = if wrong {
            let names = statement.syntax().descendants().filter_map(ast::Path::cast);
            opaque(&range, "it has a mistake", names.filter_map(|path| name::qualified(path.syntax())).collect())
        } else {
            lower(&statement, &range)
        };
        statements.push(Statement { range, words: "", acts });
    }
    statements
}

/// Reads one statement.
pub(super) fn lower(statement: &Stmt, range: &Range<usize>) -> Vec<Act> {
    let one = |kind: Option<ActKind>| match kind {
        Some(kind) => vec![Act { range: range.clone(), condition: Condition::Always, kind }],
        None => opaque(range, "not understood", Vec::new()),
    };
    match statement {
        Stmt::CreateTable(it) => one(table::lower(it).map(|table| ActKind::CreateTable(Box::new(table)))),
        Stmt::CreateForeignTable(it) => {
            one(table::lower_foreign(it).map(|table| ActKind::CreateTable(Box::new(table))))
        }
        Stmt::AlterTable(it) => {
            let Some(relation) = it.table_relation_name() else {
                return one(it.all_in_tablespace().map(|_| ActKind::Harmless));
            };
            let table = name::qualified_of(relation.table_name_ref());
            altered(ObjectKind::Table, table, it.if_exists().is_some(), it.actions(), range)
        }
        Stmt::AlterForeignTable(it) => {
            let table = it.table_relation_name().and_then(|relation| name::qualified_of(relation.table_name_ref()));
            altered(ObjectKind::ForeignTable, table, it.if_exists().is_some(), it.actions(), range)
        }
        Stmt::CreateIndex(it) => one(index::lower(it).map(|index| ActKind::CreateIndex(Box::new(index)))),
        Stmt::Do(it) => block::lower(it),
        Stmt::Begin(_) | Stmt::Commit(_) | Stmt::Rollback(_) => one(Some(ActKind::Transaction)),
        _ => one(query::act(statement)
            .or_else(|| drop::lower(statement))
            .or_else(|| setting::lower(statement))
            .or_else(|| maintenance::lower(statement))),
    }
}

fn altered(
    kind: ObjectKind,
    table: Option<crate::statement::QualifiedName>,
    if_exists: bool,
    actions: impl Iterator<Item = ast::AlterTableAction>,
    range: &Range<usize>,
) -> Vec<Act> {
    match table {
        Some(table) => change::lower(&Altered { kind, table, if_exists }, actions),
        None => opaque(range, "not understood", Vec::new()),
    }
}

fn opaque(range: &Range<usize>, reason: &'static str, names: Vec<crate::statement::QualifiedName>) -> Vec<Act> {
    vec![Act { range: range.clone(), condition: Condition::Always, kind: ActKind::Opaque { reason, names } }]
}

/// Gives the bytes of a statement without the semicolon.
fn bare(statement: &Stmt) -> Range<usize> {
    let node = statement.syntax();
    let whole = range(node);
    match node.last_token().filter(|token| token.kind() == SEMICOLON) {
        Some(mut token) => {
            while let Some(before) =
                token.prev_token().filter(|_| token.kind().is_trivia() || token.kind() == SEMICOLON)
            {
                token = before;
            }
            whole.start..token_range(&token).end.max(whole.start)
        }
        None => whole,
    }
}
