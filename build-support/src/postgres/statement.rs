//! Each statement of a script, by its kind.

use super::change::{self, Altered};
use super::name::{self, range, token_range};
use super::syntax::Script;
use super::{
    alter, block, comment, drop, index, maintenance, query, routine, schema, sequence, session, setting, table,
    trigger, user_type, view, words,
};
use crate::statement::{Act, ActKind, Condition, ObjectKind, Statement};
use squawk_syntax::SyntaxKind::SEMICOLON;
use squawk_syntax::SyntaxToken;
use squawk_syntax::ast::{self, AstNode, Stmt};
use std::ops::Range;

/// Reads all statements of a script. One that is wrong is opaque: what it would do isn't known.
pub(super) fn lower_all(script: &Script) -> Vec<Statement> {
    let mut wrong = script.wrong.iter().peekable();
    let mut statements: Vec<Statement> = Vec::new();
    for statement in script.file.stmts() {
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
        statements.push(Statement { range, words: words::of(&statement), acts: lower(&statement) });
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
    let (kind, relation, if_exists, actions) = match statement {
        Stmt::AlterTable(it) => (ObjectKind::Table, it.table_relation_name()?, it.if_exists(), it.actions()),
        Stmt::AlterForeignTable(it) => {
            (ObjectKind::ForeignTable, it.table_relation_name()?, it.if_exists(), it.actions())
        }
        _ => return None,
    };
    let altered: Altered = alter::altered(kind, relation.table_name_ref(), if_exists)?;
    Some(change::lower(&altered, actions))
}

fn kinds(statement: &Stmt) -> Option<Vec<ActKind>> {
    let opaque = |reason: &'static str| ActKind::Opaque { reason, names: Vec::new() };
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
        Stmt::CreateEventTrigger(it) => vec![trigger::create_event(it)?],
        Stmt::CreatePolicy(it) => trigger::create_policy(it)?,
        Stmt::CreateRule(it) => vec![trigger::create_rule(it)?],
        Stmt::CreateStatistics(it) => trigger::create_statistics(it)?,
        Stmt::CreatePublication(_) => maintenance::published(statement, schema::create_other(statement)?),
        Stmt::AlterPublication(_) => maintenance::published(statement, ActKind::Harmless),
        Stmt::CreateCast(_) | Stmt::CreateOperatorClass(_) | Stmt::AlterOperatorFamily(_) => vec![ActKind::CreateCast],
        Stmt::CommentOn(it) => vec![comment::lower(it)?],
        Stmt::Select(it) => session::set_config(it).or_else(|| Some(vec![query::act(statement)?]))?,
        Stmt::Reset(it) if matches!(it.reset_target(), Some(ast::ResetTarget::All(_))) => {
            let mut acts = vec![ActKind::SetSearchPath { path: None, local: false }];
            acts.extend(setting::lower(statement));
            acts
        }
        Stmt::Declare(it) => vec![ActKind::Query(query::lower(it.query()?))],
        Stmt::Explain(it) => explained(it)?,
        Stmt::Call(it) => vec![query::called(it)?],
        Stmt::Execute(_) => vec![opaque("what a prepared statement does isn't followed")],
        Stmt::ImportForeignSchema(_) => vec![opaque("what another server has isn't known")],
        Stmt::DropOwned(_) => vec![opaque("what a role owns isn't known")],
        Stmt::AlterTable(it) if it.all_in_tablespace().is_some() => vec![ActKind::Harmless],
        Stmt::AlterTable(_) | Stmt::AlterForeignTable(_) | Stmt::Do(_) => return None,
        _ if is_harmless(statement) => vec![ActKind::Harmless],
        _ => {
            let one = query::act(statement)
                .or_else(|| drop::lower(statement))
                .or_else(|| session::lower(statement))
                .or_else(|| setting::lower(statement));
            match one.or_else(|| schema::create_other(statement)) {
                Some(kind) => vec![kind],
                None => maintenance::lower(statement).or_else(|| alter::lower(statement))?,
            }
        }
    })
}

/// Tells whether a statement changes nothing that is followed, whatever it says.
fn is_harmless(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::AlterCollation(_)
            | Stmt::AlterConversion(_)
            | Stmt::AlterDefaultPrivileges(_)
            | Stmt::AlterEventTrigger(_)
            | Stmt::AlterForeignDataWrapper(_)
            | Stmt::AlterGroup(_)
            | Stmt::AlterLanguage(_)
            | Stmt::AlterLargeObject(_)
            | Stmt::AlterOperator(_)
            | Stmt::AlterOperatorClass(_)
            | Stmt::AlterPropertyGraph(_)
            | Stmt::AlterServer(_)
            | Stmt::AlterSubscription(_)
            | Stmt::AlterSystem(_)
            | Stmt::AlterTablespace(_)
            | Stmt::AlterTextSearchConfiguration(_)
            | Stmt::AlterTextSearchDictionary(_)
            | Stmt::AlterTextSearchParser(_)
            | Stmt::AlterTextSearchTemplate(_)
            | Stmt::AlterUserMapping(_)
            | Stmt::Checkpoint(_)
            | Stmt::Close(_)
            | Stmt::CreateDatabase(_)
            | Stmt::CreateGroup(_)
            | Stmt::CreateOperator(_)
            | Stmt::CreateOperatorFamily(_)
            | Stmt::CreateRole(_)
            | Stmt::CreateTablespace(_)
            | Stmt::CreateTransform(_)
            | Stmt::CreateUser(_)
            | Stmt::CreateUserMapping(_)
            | Stmt::Deallocate(_)
            | Stmt::EmptyStmt(_)
            | Stmt::Fetch(_)
            | Stmt::Listen(_)
            | Stmt::Load(_)
            | Stmt::Move(_)
            | Stmt::Notify(_)
            | Stmt::Prepare(_)
            | Stmt::Reassign(_)
            | Stmt::ReleaseSavepoint(_)
            | Stmt::ResetRole(_)
            | Stmt::ResetSessionAuth(_)
            | Stmt::SavepointCreate(_)
            | Stmt::SecurityLabel(_)
            | Stmt::SetConstraints(_)
            | Stmt::SetRole(_)
            | Stmt::SetSessionAuth(_)
            | Stmt::SetTransaction(_)
            | Stmt::Show(_)
            | Stmt::Unlisten(_)
    )
}

/// `EXPLAIN ANALYZE` does what it explains.
fn explained(explain: &ast::Explain) -> Option<Vec<ActKind>> {
    let does = match explain.explain_mode() {
        Some(ast::ExplainMode::ExplainAnalyze(_)) => true,
        Some(ast::ExplainMode::ExplainOptionList(list)) => list.explain_options().any(|option| {
            let name = option.explain_option_name().map(|name| name.syntax().text().to_string());
            name.is_some_and(|name| name.to_ascii_lowercase().starts_with("analy"))
        }),
        Some(ast::ExplainMode::ExplainVerbose(_)) | None => false,
    };
    if !does {
        return Some(vec![ActKind::Harmless]);
    }
    kinds(&Stmt::cast(explain.explain_stmt()?.syntax().clone())?)
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
