//! Expressions and types that the parser lets through.

use super::super::super::ast::{self, AstNode, SyntaxNode, SyntaxToken};
use super::super::super::name::{range, token_range};
use super::super::Mistake;
use super::reserved as reserved_word;
use squawk_parser::SyntaxKind::*;
use squawk_parser::{is_col_name_keyword, is_reserved_keyword, is_type_func_name_keyword};

/// A word that may be called or stand behind a dot, and is no column by itself.
pub(super) fn reserved(name: &SyntaxNode) -> Option<Mistake> {
    let token = name.first_token().filter(|token| is_type_func_name_keyword(token.kind()))?;
    let parent = name.parent()?;
    let fits = match parent.kind() {
        CALL_EXPR => true,
        FIELD_EXPR => parent.first_child().as_ref() != Some(name),
        _ => false,
    };
    (!fits && token.kind() != CURRENT_SCHEMA_KW).then(|| reserved_word(&token))
}

pub(super) fn call(call: SyntaxNode) -> Option<Mistake> {
    if let Some(quantifier) = call.children().find(|child| matches!(child.kind(), ANY_FN | SOME_FN | ALL_FN)) {
        return quantified(&call, &quantifier);
    }
    let call = ast::CallExpr::cast(call)?;
    let ast::Expr::NameRef(name) = call.callee()? else { return None };
    let token = name.first_token()?;
    let kind = token.kind();
    if !is_col_name_keyword(kind) && !is_reserved_keyword(kind) {
        return None;
    }
    let given = call.arguments().map_or(0, |list| list.arguments().count() + usize::from(list.star()));
    let text = token.text();
    let message = match kind {
        NULLIF_KW if given != 2 => format!("\"{text}\" takes two arguments"),
        MERGE_ACTION_KW if given != 0 => format!("\"{text}\" takes no arguments"),
        COALESCE_KW | GREATEST_KW | GROUPING_KW | LEAST_KW | NORMALIZE_KW | XMLCONCAT_KW if given == 0 => {
            format!("\"{text}\" takes at least one argument")
        }
        COALESCE_KW | GRAPH_TABLE_KW | GREATEST_KW | GROUPING_KW | LEAST_KW | MERGE_ACTION_KW | NORMALIZE_KW
        | NULLIF_KW | XMLCONCAT_KW | CURRENT_TIME_KW | CURRENT_TIMESTAMP_KW | LOCALTIME_KW | LOCALTIMESTAMP_KW => {
            return None;
        }
        _ => return Some(reserved_word(&token)),
    };
    Some(Mistake::at(token_range(&token), message))
}

fn quantified(call: &SyntaxNode, quantifier: &SyntaxNode) -> Option<Mistake> {
    let token = quantifier.first_token()?;
    let behind_operator = call.parent().and_then(ast::BinExpr::cast).and_then(|operation| operation.right());
    let fits = behind_operator.is_some_and(|operand| operand.syntax() == call);
    let message = format!("\"{}\" has to stand behind an operator, as in `= {}(…)`", token.text(), token.text());
    (!fits).then(|| Mistake::at(token_range(&token), message))
}

/// Strings go on in another only on another line; `DEFAULT` is a value for a column alone.
pub(super) fn literal(literal: &SyntaxNode) -> Option<Mistake> {
    let first = literal.first_token()?;
    if first.kind() == DEFAULT_KW {
        return misplaced_default(literal);
    }
    let mut on_new_line = false;
    for element in literal.children_with_tokens().skip(1) {
        let token = element.into_token()?;
        match token.kind() {
            WHITESPACE => on_new_line |= token.text().contains(['\n', '\r']),
            COMMENT if token.text().starts_with("--") => {}
            COMMENT => return comment_between(literal, &token),
            STRING if !on_new_line => {
                let message = "a string goes on in another one only on a new line".to_owned();
                let help = "put a comma or an operator between them, or make them one".to_owned();
                return Some(Mistake::at(token_range(&token), message).help(help));
            }
            STRING => on_new_line = false,
            _ => return None,
        }
    }
    None
}

/// A comment of several lines may follow a string, but not stand inside one that goes on.
fn comment_between(literal: &SyntaxNode, comment: &SyntaxToken) -> Option<Mistake> {
    let goes_on = literal.last_token().is_some_and(|last| last.kind() == STRING);
    goes_on.then(|| Mistake::at(token_range(comment), "a comment can't stand inside a string that goes on".to_owned()))
}

fn misplaced_default(literal: &SyntaxNode) -> Option<Mistake> {
    let place = literal.ancestors().skip(1).find(|node| node.kind() != PAREN_EXPR)?;
    let fits = match place.kind() {
        SET_EXPR => true,
        ROW => place.ancestors().nth(3).is_some_and(|node| matches!(node.kind(), INSERT | MERGE_INSERT)),
        _ => false,
    };
    (!fits).then(|| {
        Mistake::at(range(literal), "DEFAULT can't stand in an expression".to_owned())
            .help("it is a value by itself, in `INSERT` and `UPDATE`".to_owned())
    })
}

pub(super) fn binary(operation: SyntaxNode) -> Option<Mistake> {
    let operation = ast::BinExpr::cast(operation)?;
    match operation.operator()? {
        IN_KW | NOT_IN => {}
        OVERLAPS_KW => return overlaps(&operation),
        IS_KW | IS_NOT => return compared(operation.right()?.syntax()),
        _ => return None,
    }
    match operation.right()? {
        ast::Expr::ParenExpr(_) => None,
        ast::Expr::TupleExpr(list) if !ast::has(list.syntax(), ROW_KW) => {
            let empty = list.exprs().next().is_none();
            empty.then(|| Mistake::at(range(list.syntax()), "expected a value between the parentheses".to_owned()))
        }
        operand => {
            let message = "expected a list in parentheses after \"IN\"".to_owned();
            Some(
                Mistake::at(range(operand.syntax()), message)
                    .help("write `IN (…)`, or `= ANY (…)` for an array".to_owned()),
            )
        }
    }
}

/// Behind `IS` stands one of a few words.
fn compared(operand: &SyntaxNode) -> Option<Mistake> {
    let word = operand.first_token()?;
    let known = matches!(
        word.kind(),
        NULL_KW | TRUE_KW | FALSE_KW | UNKNOWN_KW | DOCUMENT_KW | NORMALIZED_KW | JSON_KW | DISTINCT_KW
    );
    if known {
        return None;
    }
    let shown = super::super::tokens::quoted(word.text());
    Some(match whimbrel_grammar::names::nearest(word.text(), ["NULL", "TRUE", "FALSE", "UNKNOWN"]) {
        Some(meant) => Mistake::at(token_range(&word), format!("expected {meant}, found {shown}"))
            .help(format!("did you mean `{meant}`?")),
        None => Mistake::at(token_range(&word), format!("expected NULL, TRUE or FALSE after IS, found {shown}")),
    })
}

fn overlaps(operation: &ast::BinExpr) -> Option<Mistake> {
    let pair = |operand: &ast::Expr| matches!(operand, ast::Expr::TupleExpr(pair) if pair.exprs().count() == 2);
    let other = [operation.left()?, operation.right()?].into_iter().find(|operand| !pair(operand))?;
    Some(Mistake::at(range(other.syntax()), "OVERLAPS compares two pairs in parentheses".to_owned()))
}

/// `*x`, `=x`: an operator that can't stand in front alone.
pub(super) fn prefix(operation: &SyntaxNode) -> Option<Mistake> {
    let operator = ast::part(operation, CUSTOM_OP)?;
    let text = operator.text().to_string();
    let stray = matches!(text.as_str(), "*" | "/" | "<" | ">" | "=" | "%" | "^" | "<>" | "!=" | "<=" | ">=");
    let place = range(&operator);
    let before = operator.first_token()?.prev_token().filter(|before| token_range(before).end == place.start);
    if let Some(before) = before.filter(|before| text == "=" && before.kind() == EQ) {
        let mistake = Mistake::at(token_range(&before).start..place.end, "\"==\" is no operator of SQL".to_owned());
        return Some(mistake.help("write `=`".to_owned()));
    }
    stray.then(|| Mistake::at(place, format!("expected an expression before \"{text}\"")))
}

pub(super) fn array(array: SyntaxNode) -> Option<Mistake> {
    let inside = array.parent().is_some_and(|parent| parent.kind() == ARRAY_EXPR);
    if ast::has(&array, ARRAY_KW) || inside {
        return None;
    }
    let message = "expected ARRAY before \"[\"".to_owned();
    let bracket = array.first_token()?;
    Some(Mistake::at(token_range(&bracket), message).help("write `ARRAY[…]`".to_owned()))
}

pub(super) fn parameter(parameter: &SyntaxNode) -> Option<Mistake> {
    let message = format!("\"{}\" is a parameter, and nobody gives it a value here", parameter.text());
    Some(Mistake::at(range(parameter), message).help("write the value itself".to_owned()))
}

/// What stands in parentheses behind a type is a number or a word.
pub(super) fn modifiers(ty: &SyntaxNode) -> Option<Mistake> {
    let list = ast::ArgList::cast(ast::part(ty, ARG_LIST)?)?;
    let simple = |arg: &ast::Arg| {
        let plain = |expr: ast::Expr| matches!(expr, ast::Expr::Literal(_) | ast::Expr::NameRef(_));
        match arg.expr() {
            Some(ast::Expr::PrefixExpr(negative)) => negative.expr().is_some_and(plain),
            Some(expr) => plain(expr),
            None => false,
        }
    };
    let odd = list.arguments().find(|arg| !simple(arg))?;
    Some(Mistake::at(range(odd.syntax()), "expected a number or a word in the type's parentheses".to_owned()))
}
