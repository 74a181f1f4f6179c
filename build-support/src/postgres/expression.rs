//! Expressions: their text and what they need.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, range};
use super::volatility;
use super::{query, register, types};
use crate::statement::{ColumnUse, Expression, FunctionUse, Name, QualifiedName, Scope};
use squawk_parser::SyntaxKind;
use squawk_parser::SyntaxKind::*;

/// Reads an expression.
pub(super) fn lower(expr: ast::Expr) -> Expression {
    let node = expr.syntax();
    let mut uses = Scope::default();
    read(node.clone(), &mut uses);
    Expression { range: range(node), text: text(node), volatility: volatility::of(node, &uses), uses }
}

/// Adds to a scope what a node and all in it name.
pub(super) fn read(node: SyntaxNode, scope: &mut Scope) {
    // Long chains of operators are deep trees: no recursion but into queries.
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node.kind() {
            NAME_REF => bare(&node, scope),
            FIELD_EXPR => field(&node, scope, &mut open),
            CALL_EXPR => call(&node, scope, &mut open),
            BIN_EXPR if is_test(&node) => open.extend(node.children().next()),
            CAST_EXPR => {
                scope.registered.extend(register::cast(&node));
                children(&node, &mut open);
            }
            GRAPH_TABLE_FN => scope.opaque = true,
            kind if ast::Type::can_cast(kind) => scope.types.extend(ast::Type::cast(node).map(|ty| types::lower(&ty))),
            kind if ast::SelectVariant::can_cast(kind) => {
                scope.inner.extend(ast::SelectVariant::cast(node).map(query::lower));
            }
            _ => children(&node, &mut open),
        }
    }
}

/// Adds to a scope what the children of a node name.
pub(super) fn read_children(node: &SyntaxNode, scope: &mut Scope) {
    node.children().for_each(|child| read(child, scope));
}

/// Gives a node's text, comments dropped and white space folded.
pub(super) fn text(node: &SyntaxNode) -> String {
    let mut text = String::new();
    let mut space = false;
    for token in node.descendants_with_tokens().filter_map(|element| element.into_token()) {
        if token.kind().is_trivia() {
            space = !text.is_empty();
        } else {
            if std::mem::take(&mut space) {
                text.push(' ');
            }
            text.push_str(token.text());
        }
    }
    text
}

/// Reads `a`, `a.b`, `a.b.c` as a column; `None` where something else than names stands before the dots, or `*` behind.
pub(super) fn column(node: &SyntaxNode) -> Option<ColumnUse> {
    let mut parts = match node.kind() {
        _ if is_name(node) => vec![name::name(node)?],
        FIELD_EXPR => Dotted::read(node).filter(|dotted| !dotted.star)?.names,
        _ => return None,
    };
    let name = parts.pop()?;
    let table = parts.pop();
    Some(ColumnUse { schema: parts.pop(), table, name })
}

/// Reads `t.*`, `s.t.*` as the relation before the star.
pub(super) fn row(node: &SyntaxNode) -> Option<QualifiedName> {
    let mut parts = (node.kind() == FIELD_EXPR).then(|| Dotted::read(node))?.filter(|dotted| dotted.star)?.names;
    let name = parts.pop()?;
    Some(QualifiedName { schema: parts.pop(), name })
}

/// Takes parentheses off.
pub(super) fn unwrapped(mut node: SyntaxNode) -> SyntaxNode {
    while node.kind() == PAREN_EXPR {
        let Some(inside) = node.children().next() else { break };
        node = inside;
    }
    node
}

/// Tells whether a node is a name that could be that of a column.
pub(super) fn is_name(node: &SyntaxNode) -> bool {
    node.kind() == NAME_REF && !is_value(node)
}

fn children(node: &SyntaxNode, open: &mut Vec<SyntaxNode>) {
    let from = open.len();
    open.extend(node.children());
    if let Some(added) = open.get_mut(from..) {
        added.reverse();
    }
}

/// A name that stands alone.
fn bare(node: &SyntaxNode, scope: &mut Scope) {
    let Some(name) = name::name(node) else { return };
    if is_value(node) {
        scope.functions.push(FunctionUse { name: QualifiedName { schema: None, name }, arguments: 0 });
    } else {
        scope.columns.push(ColumnUse { schema: None, table: None, name });
    }
}

fn field(node: &SyntaxNode, scope: &mut Scope, open: &mut Vec<SyntaxNode>) {
    if let Some(column) = column(node) {
        scope.columns.push(column);
    } else if let Some(row) = row(node) {
        scope.rows.push(row);
    } else {
        // A field of a value: what stands before the dot has names, the field is none that could be looked up here.
        open.extend(node.children().next());
    }
}

fn call(node: &SyntaxNode, scope: &mut Scope, open: &mut Vec<SyntaxNode>) {
    let callee = node.children().next().filter(|child| matches!(child.kind(), NAME_REF | FIELD_EXPR));
    let Some(callee) = callee else { return children(node, open) };
    let parts = match callee.kind() {
        NAME_REF => name::name(&callee).into_iter().collect(),
        _ => Dotted::read(&callee).map(|dotted| dotted.names).unwrap_or_default(),
    };
    let list = ast::part(node, ARG_LIST);
    let given: Vec<SyntaxNode> = list.iter().flat_map(|list| list.children()).collect();
    let arguments = given.iter().filter(|child| child.kind() == ARG).count();
    open.extend(node.children().skip(1).filter(|child| child.kind() != ARG_LIST));
    open.extend(given.into_iter().filter(|argument| !is_form(argument)));
    if let Some(name) = qualified(parts) {
        if register::TAKERS.contains(&name.name.text.as_str()) {
            scope.registered.extend(list.and_then(|list| register::argument(&list)));
        }
        scope.functions.push(FunctionUse { name, arguments });
    }
}

/// Tells whether something is only asked whether it is unknown, or a document: `a IS UNKNOWN` names no column of that name.
fn is_test(node: &SyntaxNode) -> bool {
    let is = |element: ast::SyntaxElement| matches!(element.kind(), IS_KW | IS_NOT);
    let word = node.children().last().filter(|right| right.kind() == NAME_REF).and_then(|right| right.first_token());
    node.children_with_tokens().any(is) && word.is_some_and(|word| matches!(word.kind(), UNKNOWN_KW | DOCUMENT_KW))
}

/// Tells whether an argument is a form of Unicode: `normalize(a, NFC)`.
fn is_form(argument: &SyntaxNode) -> bool {
    let word = argument.children().next().filter(|inside| inside.kind() == NAME_REF);
    let word = word.and_then(|word| word.first_token());
    word.is_some_and(|word| matches!(word.kind(), NFC_KW | NFD_KW | NFKC_KW | NFKD_KW))
}

fn qualified(mut parts: Vec<Name>) -> Option<QualifiedName> {
    let name = parts.pop()?;
    Some(QualifiedName { schema: parts.pop(), name })
}

/// Tells whether a name is a keyword that stands for a value: `current_date`, `user`.
fn is_value(node: &SyntaxNode) -> bool {
    is_value_keyword(node.first_token().map(|token| token.kind()))
}

/// Tells whether a keyword is such a name.
pub(super) fn is_value_keyword(kind: Option<SyntaxKind>) -> bool {
    matches!(
        kind,
        Some(
            CURRENT_CATALOG_KW
                | CURRENT_DATE_KW
                | CURRENT_ROLE_KW
                | CURRENT_SCHEMA_KW
                | CURRENT_TIME_KW
                | CURRENT_TIMESTAMP_KW
                | CURRENT_USER_KW
                | LOCALTIME_KW
                | LOCALTIMESTAMP_KW
                | SESSION_USER_KW
                | SYSTEM_USER_KW
                | USER_KW
        )
    )
}

/// Names with dots between them.
struct Dotted {
    names: Vec<Name>,
    star: bool,
}

impl Dotted {
    /// Reads them; `None` where what stands before a dot is no name.
    fn read(node: &SyntaxNode) -> Option<Dotted> {
        let mut names = Vec::new();
        let mut star = false;
        let mut next = node.clone();
        while next.kind() == FIELD_EXPR {
            let mut parts = next.children();
            let base = parts.next()?;
            match parts.next() {
                Some(field) => names.push(name::name(&field)?),
                None => star = true,
            }
            next = base;
        }
        if next.kind() != NAME_REF {
            return None;
        }
        names.push(name::name(&next)?);
        names.reverse();
        Some(Dotted { names, star })
    }
}
