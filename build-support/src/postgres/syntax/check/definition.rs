//! Names, columns, constraints and indexes that the parser lets through.

use super::super::super::ast::{self, AstNode, SyntaxNode, SyntaxToken};
use super::super::super::name::{range, token_range};
use super::super::Mistake;
use super::{after, is_reserved, reserved};
use squawk_parser::SyntaxKind::*;
use squawk_parser::is_col_name_keyword;

/// A word of the grammar's own as the name of a column or a constraint. What stands behind `AS` may be any word.
pub(super) fn name(name: &SyntaxNode) -> Option<Mistake> {
    let token = name.first_token().filter(|token| is_reserved(token.kind()))?;
    let around = name.parent()?;
    let begins =
        matches!(token.kind(), CHECK_KW | EXCLUDE_KW | FOREIGN_KW | NOT_KW | PRIMARY_KW | REFERENCES_KW | UNIQUE_KW);
    if around.kind() == CONSTRAINT_NAME_CLAUSE && begins {
        return Some(Mistake::at(token_range(&token), "expected a name after \"CONSTRAINT\"".to_owned()));
    }
    let labelled = around.kind() == AS_NAME;
    (!labelled).then(|| reserved(&token))
}

/// A word of the grammar's own as a type.
pub(super) fn named_type(path: &SyntaxNode) -> Option<Mistake> {
    let token = ast::part(path, PATH_REF)?.first_token()?;
    let known = [
        BIGINT_KW,
        BOOLEAN_KW,
        DEC_KW,
        DECIMAL_KW,
        FLOAT_KW,
        INT_KW,
        INTEGER_KW,
        JSON_KW,
        NONE_KW,
        NUMERIC_KW,
        REAL_KW,
        SMALLINT_KW,
    ];
    let stray = is_col_name_keyword(token.kind()) && !known.contains(&token.kind());
    stray.then(|| Mistake::at(token_range(&token), format!("expected a type, found \"{}\"", token.text())))
}

/// `int[3]` takes a number and nothing else.
pub(super) fn bound(bound: &SyntaxNode) -> Option<Mistake> {
    let inside = bound.children().next()?;
    let number = inside.kind() == LITERAL && ast::has(&inside, INT_NUMBER);
    (!number).then(|| Mistake::at(range(&inside), "expected a number or \"]\" after \"[\"".to_owned()))
}

pub(super) fn field(field: &SyntaxNode) -> Option<Mistake> {
    let field = ast::CompositeFieldDef::cast(field.clone())?;
    let name = field.name().filter(|_| field.ty().is_none())?;
    let shown = super::super::tokens::quoted(&name.text().to_string());
    Some(Mistake::at(after(&name), format!("expected a type after {shown}")))
}

/// A default next to a column is a plain expression: what ends in words needs parentheses.
pub(super) fn default(default: SyntaxNode) -> Option<Mistake> {
    let expr = ast::DefaultConstraint::cast(default)?.expr()?;
    let word = worded(expr.syntax())?;
    let mistake =
        Mistake::at(token_range(&word), format!("expected parentheses around a default with \"{}\"", word.text()));
    Some(mistake.help(format!("write `DEFAULT ({})`", expr.syntax().text())))
}

/// Finds an operator that is written in words and stands outside parentheses.
fn worded(node: &SyntaxNode) -> Option<SyntaxToken> {
    if !matches!(node.kind(), BIN_EXPR | PREFIX_EXPR | POSTFIX_EXPR | BETWEEN_EXPR) {
        return None;
    }
    for child in node.children_with_tokens() {
        let found = match child.kind() {
            NOT_KW | AND_KW | OR_KW | IN_KW | LIKE_KW | ILIKE_KW | BETWEEN_KW | OVERLAPS_KW | ISNULL_KW
            | NOTNULL_KW | SYMMETRIC => child.into_token(),
            AT_TIME_ZONE | AT_LOCAL | NOT_IN | NOT_LIKE | NOT_ILIKE | SIMILAR_TO | NOT_SIMILAR_TO => {
                child.as_node().and_then(SyntaxNode::first_token)
            }
            // `IS DISTINCT FROM` and `IS DOCUMENT` are plain, `IS NULL` isn't.
            IS_KW | IS_NOT => {
                let plain = node.last_token().is_some_and(|last| last.kind() == DOCUMENT_KW);
                let word = child.as_node().and_then(SyntaxNode::first_token).or_else(|| child.into_token());
                word.filter(|_| !plain)
            }
            _ => child.as_node().and_then(worded),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `NOT VALID` is for constraints that are added to a table by themselves.
pub(super) fn not_valid(option: &SyntaxNode) -> Option<Mistake> {
    let constraint = option.parent()?;
    let with_column = constraint.parent().is_some_and(|parent| matches!(parent.kind(), COLUMN | ADD_COLUMN));
    with_column.then(|| {
        Mistake::at(range(option), "NOT VALID can't stand with a column".to_owned())
            .help("add the constraint in a statement of its own: `ALTER TABLE … ADD CONSTRAINT … NOT VALID`".to_owned())
    })
}

pub(super) fn not_null(constraint: &SyntaxNode) -> Option<Mistake> {
    let of_table = constraint.parent().is_some_and(|parent| parent.kind() == TABLE_ARG_LIST);
    let named = ast::has(constraint, COLUMN_NAME_REF);
    (of_table && !named).then(|| {
        let message = "expected a column before \"NOT NULL\"".to_owned();
        Mistake::at(range(constraint), message).help("take out the comma before it, or name a column".to_owned())
    })
}

/// `NULL` next to what says `NOT NULL`, as an identity does too.
pub(super) fn null(constraint: &SyntaxNode) -> Option<Mistake> {
    let beside = constraint.parent()?;
    let is_against = |other: SyntaxNode| {
        other.kind() == NOT_NULL_CONSTRAINT && ast::has(&other, NULL_KW)
            || other.kind() == GENERATED_CONSTRAINT && other.children().any(|how| how.kind() == GENERATED_IDENTITY)
    };
    beside.children().any(is_against).then(|| {
        Mistake::at(range(constraint), "NULL and NOT NULL contradict each other".to_owned())
            .help("take one of them out".to_owned())
    })
}

/// An index has columns, calls of functions, and expressions in parentheses.
pub(super) fn item(item: &SyntaxNode) -> Option<Mistake> {
    let mut expr = item.first_child()?;
    if expr.kind() == COLLATE {
        expr = expr.first_child()?;
    }
    let fits = match expr.kind() {
        NAME_REF | PAREN_EXPR => true,
        CALL_EXPR => !expr.children().any(|child| matches!(child.kind(), FILTER_CLAUSE | OVER_CLAUSE)),
        CAST_EXPR => expr.first_token().is_some_and(|token| token.kind() == CAST_KW),
        _ => false,
    };
    (!fits).then(|| {
        Mistake::at(range(&expr), "expected parentheses around this expression".to_owned())
            .help(format!("write `({})`", expr.text()))
    })
}

/// Statements that name what they are about.
pub(super) fn unnamed(statement: &SyntaxNode) -> Option<Mistake> {
    let named = statement.children().any(|child| child.kind() != IF_EXISTS && child.kind() != CASCADE);
    let words = statement.children_with_tokens().filter(|child| !child.kind().is_trivia());
    let last = words.take_while(|child| child.kind() != SEMICOLON).last()?;
    let last = last.as_node().and_then(SyntaxNode::last_token).or_else(|| last.into_token())?;
    let end = token_range(&last).end;
    (!named).then(|| Mistake::at(end..end, format!("expected a name after \"{}\"", last.text())))
}

/// The options of a role that are words of no grammar.
const ROLE_OPTIONS: [&str; 14] = [
    "bypassrls",
    "createdb",
    "createrole",
    "inherit",
    "login",
    "nobypassrls",
    "nocreatedb",
    "nocreaterole",
    "noinherit",
    "nologin",
    "noreplication",
    "nosuperuser",
    "replication",
    "superuser",
];

pub(super) fn role_option(option: &SyntaxNode) -> Option<Mistake> {
    let word = option.text().to_string();
    if ROLE_OPTIONS.iter().any(|known| word.eq_ignore_ascii_case(known)) || word.starts_with('"') {
        return None;
    }
    let mistake = Mistake::at(range(option), format!("\"{word}\" is no option of a role"));
    Some(match whimbrel_grammar::names::nearest(&word, ROLE_OPTIONS) {
        Some(meant) => mistake.help(format!("did you mean `{}`?", meant.to_uppercase())),
        None => mistake,
    })
}

pub(super) fn strategy(strategy: &SyntaxNode) -> Option<Mistake> {
    let word = strategy.text().to_string();
    if word.is_empty() || ["range", "list", "hash"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return None;
    }
    let mistake = Mistake::at(range(strategy), format!("expected RANGE, LIST or HASH, found \"{word}\""));
    Some(match whimbrel_grammar::names::nearest(&word, ["RANGE", "LIST", "HASH"]) {
        Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
        None => mistake,
    })
}
