//! Each statement of a script, by its kind.

use super::ast::{self, AstNode, Stmt, SyntaxNode, SyntaxToken};
use super::change;
use super::name::{self, range, token_range};
use super::syntax::Script;
use super::{
    alter, block, comment, drop, index, maintenance, query, routine, schema, sequence, session, setting, table,
    trigger, user_type, view, words,
};
use crate::statement::{Act, ActKind, Condition, ObjectKind, Statement};
use squawk_parser::SyntaxKind::{self, *};
use std::ops::Range;

/// Reads all statements of a script. One that is wrong is opaque: what it would do isn't known.
pub(super) fn lower_all(script: &Script) -> Vec<Statement> {
    let mut wrong = script.wrong.iter().peekable();
    let mut statements: Vec<Statement> = Vec::new();
    for statement in script.file.statements() {
        if matches!(statement, Stmt::EmptyStmt(_)) {
            continue;
        }
        let range = bare(&statement);
        while let Some(place) = wrong.next_if(|place| place.start < range.end) {
            statements.push(mistaken(place.clone(), script));
        }
        // What the parser made of the rest of a wrong statement is no statement.
        if statements.last().is_some_and(|last| range.start < last.range.end) {
            continue;
        }
        statements.push(Statement {
            range,
            words: words::of(statement.syntax().kind()).unwrap_or_default(),
            acts: lower(&statement),
        });
    }
    statements.extend(wrong.map(|place| mistaken(place.clone(), script)));
    statements
}

/// Whatever a wrong statement names may be anything.
fn mistaken(range: Range<usize>, script: &Script) -> Statement {
    let start = u32::try_from(range.start).unwrap_or_default();
    let first = script.file.syntax().token_at_offset(start.into()).right_biased();
    let tokens = std::iter::successors(first, SyntaxToken::next_token);
    let inside = tokens.take_while(|token| token_range(token).start < range.end);
    let names = name::any(inside.filter(|token| !token.kind().is_trivia()));
    let acts = vec![act(&range, ActKind::Opaque { reason: "it has a mistake", names })];
    Statement { range, words: "", acts }
}

/// Gives a statement of which nothing is known.
pub(super) fn opaque(range: Range<usize>, reason: &'static str) -> Statement {
    let acts = vec![act(&range, ActKind::Opaque { reason, names: Vec::new() })];
    Statement { range, words: "", acts }
}

/// Reads what one statement does.
pub(super) fn lower(statement: &Stmt) -> Vec<Act> {
    let range = bare(statement);
    if let Stmt::Do(it) = statement {
        return block::lower(it);
    }
    if let Some(acts) = altered_table(statement) {
        return acts;
    }
    let kinds =
        kinds(statement).unwrap_or_else(|| vec![ActKind::Opaque { reason: "not understood", names: Vec::new() }]);
    kinds.into_iter().map(|kind| act(&range, kind)).collect()
}

/// Reads the actions of `ALTER TABLE`, each at its own place.
fn altered_table(statement: &Stmt) -> Option<Vec<Act>> {
    Some(match statement {
        Stmt::AlterTable(it) => {
            let altered = alter::altered(ObjectKind::Table, it.relation()?.name(), it.if_exists())?;
            change::lower(&altered, it.actions())
        }
        Stmt::AlterForeignTable(it) => {
            let altered = alter::altered(ObjectKind::ForeignTable, it.relation()?.name(), it.if_exists())?;
            change::lower(&altered, it.actions())
        }
        _ => return None,
    })
}

fn kinds(statement: &Stmt) -> Option<Vec<ActKind>> {
    Some(match statement {
        Stmt::CreateTable(it) => vec![ActKind::CreateTable(Box::new(table::lower(it)?))],
        Stmt::CreateForeignTable(it) => vec![ActKind::CreateTable(Box::new(table::lower_foreign(it)?))],
        Stmt::CreateIndex(it) => vec![ActKind::CreateIndex(Box::new(index::lower(it)?))],
        Stmt::CreateTableAs(it) => vec![view::create_table(it)?],
        Stmt::SelectInto(it) => vec![view::select_into(it)?],
        Stmt::CreateView(it) => vec![view::create(it)?],
        Stmt::CreateMaterializedView(it) => vec![view::create_materialized(it)?],
        Stmt::CreateSchema(it) => schema::create(it)?,
        Stmt::CreateExtension(it) => vec![schema::create_extension(it)?],
        Stmt::CreateSequence(it) => vec![sequence::create(it)?],
        Stmt::CreateType(it) => std::iter::once(user_type::create(it)?).chain(user_type::multirange(it)).collect(),
        Stmt::CreateDomain(it) => vec![user_type::create_domain(it)?],
        Stmt::CreateFunction(it) => vec![routine::function(it)?],
        Stmt::CreateProcedure(it) => vec![routine::procedure(it)?],
        Stmt::CreateAggregate(it) => vec![routine::aggregate(it)?],
        Stmt::CreateTrigger(it) => vec![trigger::create(it)?],
        Stmt::CreatePolicy(it) => trigger::create_policy(it)?,
        Stmt::CreateRule(it) => vec![trigger::create_rule(it)?],
        Stmt::CreateStatistics(it) => trigger::create_statistics(it)?,
        Stmt::Other(it) if it.syntax().kind() == CREATE_PUBLICATION => {
            maintenance::published(it.syntax(), schema::create_other(it.syntax())?)
        }
        Stmt::Other(it) if it.syntax().kind() == ALTER_PUBLICATION => {
            maintenance::published(it.syntax(), ActKind::Harmless)
        }
        Stmt::CommentOn(it) => vec![comment::lower(it)?],
        Stmt::Select(it) => session::set_config(it).or_else(|| Some(vec![query::act(it.syntax())?]))?,
        Stmt::Reset(it) if matches!(it.target(), Some(ast::ResetTarget::All(_))) => {
            let mut acts = vec![ActKind::SetSearchPath { path: None, local: false }];
            acts.extend(setting::lower(statement));
            acts
        }
        Stmt::Declare(it) => vec![ActKind::Query(query::lower(it.query()?))],
        Stmt::Explain(it) => explained(it)?,
        Stmt::Call(it) => vec![query::called(it)?],
        Stmt::AlterTable(it) if it.all_in_tablespace() => vec![ActKind::Harmless],
        Stmt::AlterTable(_) | Stmt::AlterForeignTable(_) | Stmt::Do(_) => return None,
        _ => match by_kind(statement.syntax()).or_else(|| setting::lower(statement)) {
            Some(kind) => vec![kind],
            None => maintenance::lower(statement).or_else(|| alter::lower(statement))?,
        },
    })
}

/// Reads a statement that is told by its kind.
fn by_kind(node: &SyntaxNode) -> Option<ActKind> {
    let opaque = |reason: &'static str| ActKind::Opaque { reason, names: Vec::new() };
    Some(match node.kind() {
        CREATE_CAST | CREATE_OPERATOR_CLASS | ALTER_OPERATOR_FAMILY => ActKind::CreateCast,
        EXECUTE => opaque("what a prepared statement does isn't followed"),
        IMPORT_FOREIGN_SCHEMA => opaque("what another server has isn't known"),
        DROP_OWNED => opaque("what a role owns isn't known"),
        kind if is_harmless(kind) => ActKind::Harmless,
        _ => {
            let query = query::act(node).or_else(|| drop::lower(node));
            query.or_else(|| session::lower(node)).or_else(|| schema::create_other(node))?
        }
    })
}

/// Tells whether a statement changes nothing that is followed, whatever it says.
fn is_harmless(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        ALTER_COLLATION
            | ALTER_CONVERSION
            | ALTER_DEFAULT_PRIVILEGES
            | ALTER_EVENT_TRIGGER
            | ALTER_FOREIGN_DATA_WRAPPER
            | ALTER_GROUP
            | ALTER_LANGUAGE
            | ALTER_LARGE_OBJECT
            | ALTER_OPERATOR
            | ALTER_OPERATOR_CLASS
            | ALTER_PROPERTY_GRAPH
            | ALTER_SERVER
            | ALTER_SUBSCRIPTION
            | ALTER_SYSTEM
            | ALTER_TABLESPACE
            | ALTER_TEXT_SEARCH_CONFIGURATION
            | ALTER_TEXT_SEARCH_DICTIONARY
            | ALTER_TEXT_SEARCH_PARSER
            | ALTER_TEXT_SEARCH_TEMPLATE
            | ALTER_USER_MAPPING
            | CHECKPOINT
            | CLOSE
            | CREATE_DATABASE
            | CREATE_GROUP
            | CREATE_OPERATOR
            | CREATE_OPERATOR_FAMILY
            | CREATE_ROLE
            | CREATE_TABLESPACE
            | CREATE_TRANSFORM
            | CREATE_USER
            | CREATE_USER_MAPPING
            | DEALLOCATE
            | EMPTY_STMT
            | FETCH
            | LISTEN
            | LOAD
            | MOVE
            | NOTIFY
            | PREPARE
            | REASSIGN
            | RELEASE_SAVEPOINT
            | RESET_ROLE
            | RESET_SESSION_AUTH
            | SAVEPOINT_CREATE
            | SECURITY_LABEL
            | SET_CONSTRAINTS
            | SET_ROLE
            | SET_SESSION_AUTH
            | SET_TRANSACTION
            | SHOW
            | UNLISTEN
    )
}

/// `EXPLAIN ANALYZE` does what it explains.
fn explained(explain: &ast::Explain) -> Option<Vec<ActKind>> {
    let is_analyze = |option: SyntaxNode| {
        let name = ast::part(&option, EXPLAIN_OPTION_NAME).map(|name| name.text().to_string());
        name.is_some_and(|name| name.to_ascii_lowercase().starts_with("analy"))
    };
    if !explain.analyze() && !explain.options().any(is_analyze) {
        return Some(vec![ActKind::Harmless]);
    }
    kinds(&explain.statement()?)
}

fn act(range: &Range<usize>, kind: ActKind) -> Act {
    Act { range: range.clone(), branch: None, condition: Condition::Always, kind }
}

/// Gives the bytes of a statement without its semicolon.
fn bare(statement: &Stmt) -> Range<usize> {
    let node = statement.syntax();
    let mut bytes = range(node);
    let mut last = node.last_token();
    while let Some(token) = last.take_if(|token| token.kind() == SEMICOLON || token.kind().is_trivia()) {
        last = token.prev_token();
    }
    if let Some(token) = last {
        bytes.end = token_range(&token).end.clamp(bytes.start, bytes.end);
    }
    bytes
}
