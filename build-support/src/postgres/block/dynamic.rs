//! `EXECUTE`: statements that are put together when they run.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::{expression, name, statement, syntax};
use super::opaque;
use crate::statement::{Act, ActKind, Condition, HOLE, Moved};
use squawk_parser::SyntaxKind::*;
use std::ops::Range;

const REASON: &str = "a statement that is put together when it runs";

/// Reads what a text does that is executed, as far as it can be told.
pub(super) fn lower(text: &SyntaxNode, range: Range<usize>) -> Vec<Act> {
    let Some(written) = text.children().next().and_then(|list| list.children().next()?.children().next()) else {
        return vec![opaque(range, REASON)];
    };
    let mut sql = String::new();
    fill(&written, &mut sql);
    let script = syntax::script(&sql).filter(|(_, mistakes)| mistakes.is_empty());
    let Some((file, _)) = script else {
        return if begins_harmless(&sql) { Vec::new() } else { vec![opaque(range, REASON)] };
    };
    let mut acts = Vec::new();
    for statement in file.statements() {
        let holes = statement.syntax().text().to_string().matches(HOLE).count();
        for act in statement::lower(&statement) {
            let kind = if holes == 0 { act.kind } else { partial(act.kind, holes) };
            acts.push(Act { range: range.clone(), branch: None, condition: Condition::Always, kind });
        }
    }
    // Places inside the text are of no use to anyone: it may be put together anywhere.
    acts.moved(&|_| range.clone());
    acts
}

/// Puts together what is known of a text.
fn fill(node: &SyntaxNode, sql: &mut String) {
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        let node = expression::unwrapped(node);
        let joins = |op: SyntaxNode| op.kind() == CUSTOM_OP && op.text() == "||";
        match node.kind() {
            BIN_EXPR if node.children().any(joins) => {
                open.extend(node.children().last());
                open.extend(node.children().next());
            }
            LITERAL => match ast::Literal::cast(node).and_then(|literal| literal.string_value()) {
                Some(text) => sql.push_str(&text),
                None => sql.push_str(HOLE),
            },
            CALL_EXPR => {
                let mut parts = node.children();
                let callee = parts.next().and_then(|callee| name::name(&callee));
                let pattern = parts.next().and_then(|list| list.children().next()?.children().next());
                match pattern.and_then(ast::Literal::cast).and_then(|literal| literal.string_value()) {
                    Some(pattern) if callee.is_some_and(|callee| callee.text == "format") => fill_format(&pattern, sql),
                    _ => sql.push_str(HOLE),
                }
            }
            _ => sql.push_str(HOLE),
        }
    }
}

/// `format`'s places: `%I`, `%L`, `%s`, `%1$I`, `%-10s`, `%%`.
fn fill_format(pattern: &str, sql: &mut String) {
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        sql.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '$' | '-' | '*')).unwrap_or(rest.len());
        let kind = rest[end..].chars().next();
        match kind {
            Some('%') => sql.push('%'),
            Some('L') => {
                sql.push('\'');
                sql.push_str(HOLE);
                sql.push('\'');
            }
            _ => sql.push_str(HOLE),
        }
        rest = &rest[end + kind.map_or(0, char::len_utf8)..];
    }
    sql.push_str(rest);
}

/// What is left of an act that isn't known as a whole.
fn partial(kind: ActKind, holes: usize) -> ActKind {
    let names = match kind {
        ActKind::Harmless | ActKind::Query(_) | ActKind::Write { .. } | ActKind::Transaction => {
            return ActKind::Harmless;
        }
        ActKind::Truncate { .. }
        | ActKind::LockTable { .. }
        | ActKind::Comment { .. }
        | ActKind::Set { .. }
        | ActKind::Vacuum { .. }
        | ActKind::Cluster { .. }
        | ActKind::Reindex { .. }
        | ActKind::RefreshMaterializedView { .. } => return ActKind::Harmless,
        ActKind::CreateSchema { .. }
        | ActKind::CreateTable(_)
        | ActKind::CreateTableAs { .. }
        | ActKind::CreateIndex(_)
        | ActKind::CreateType(_)
        | ActKind::CreateSequence { .. }
        | ActKind::CreateView { .. }
        | ActKind::CreateFunction(_)
        | ActKind::CreateTrigger { .. }
        | ActKind::Rename { .. }
        | ActKind::Drop(_) => return ActKind::Somewhere(Box::new(kind)),
        ActKind::AlterTable(alter) if alter.table.to_string().matches(HOLE).count() == holes => {
            return ActKind::Somewhere(Box::new(ActKind::AlterTable(alter)));
        }
        ActKind::AlterTable(alter) => vec![alter.table],
        ActKind::AddEnumValue { name, .. }
        | ActKind::RenameEnumValue { name, .. }
        | ActKind::AlterDomain { name, .. }
        | ActKind::OwnSequence { name, .. } => vec![name],
        _ => Vec::new(),
    };
    ActKind::Opaque { reason: REASON, names }
}

/// Tells whether a text begins as a statement that changes nothing that is followed.
fn begins_harmless(sql: &str) -> bool {
    let mut words = sql.split_whitespace().map(str::to_ascii_uppercase);
    match words.next().as_deref() {
        Some(
            "GRANT" | "REVOKE" | "COMMENT" | "ANALYZE" | "VACUUM" | "REFRESH" | "REINDEX" | "CLUSTER" | "SET"
            | "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "TRUNCATE" | "LOCK" | "NOTIFY" | "COPY",
        ) => true,
        Some("ALTER" | "CREATE" | "DROP") => {
            let what = words.next();
            matches!(
                what.as_deref(),
                Some("DATABASE" | "ROLE" | "USER" | "DEFAULT" | "SYSTEM" | "PUBLICATION" | "POLICY")
            )
        }
        _ => false,
    }
}
