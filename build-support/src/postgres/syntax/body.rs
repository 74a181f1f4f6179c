//! The bodies of functions and blocks, which the server reads when it creates or runs them.

use super::super::SyntaxError;
use super::super::ast::{self, AstNode, SourceFile, SyntaxNode};
use super::super::name::range;
use super::{Mistake, parsed, parsed_block, tokens, worded, worded_whole};
use squawk_parser::SyntaxKind::{BEGIN_KW, CREATE_FUNCTION, CREATE_PROCEDURE, DO, ELSE_KW, SEMICOLON, THEN_KW};

/// Adds what is wrong inside strings that are code. Nobody reads those of functions where a script turns that off.
pub(super) fn check(text: &str, file: &SourceFile, errors: &mut Vec<SyntaxError>) {
    let read = !text.to_ascii_lowercase().contains("check_function_bodies");
    for statement in file.syntax().children() {
        let place = range(&statement);
        let wrong = |error: &SyntaxError| error.range.start >= place.start && error.range.start <= place.end;
        if matches!(statement.kind(), DO | CREATE_FUNCTION | CREATE_PROCEDURE) && !errors.iter().any(wrong) {
            errors.extend(body(statement, read));
        }
    }
    errors.sort_by_key(|error| error.range.start);
}

fn body(statement: SyntaxNode, functions: bool) -> Vec<SyntaxError> {
    let mut gives = false;
    let (language, body) = match statement.kind() {
        DO => {
            let Some(block) = ast::Do::cast(statement) else { return Vec::new() };
            let language = block.language().and_then(|language| language.language());
            (language.unwrap_or_else(|| "plpgsql".to_owned()), block.body())
        }
        _ if !functions => return Vec::new(),
        CREATE_FUNCTION => {
            let Some(function) = ast::CreateFunction::cast(statement) else { return Vec::new() };
            gives = gives_one_value(&function);
            said(function.options())
        }
        _ => {
            let Some(procedure) = ast::CreateProcedure::cast(statement) else { return Vec::new() };
            said(procedure.options())
        }
    };
    let Some(body) = body.and_then(|literal| literal.decoded()) else { return Vec::new() };
    let text = body.text();
    let mut errors = match language.as_str() {
        "sql" => {
            let (root, mistakes) = parsed(text);
            if mistakes.is_empty() { Vec::new() } else { worded(text, &root, &mistakes).0 }
        }
        "plpgsql" => {
            let (root, mut mistakes) = parsed_block(text);
            if gives {
                mistakes.extend(empty_return(text, &root));
            }
            if mistakes.is_empty() { Vec::new() } else { worded_whole(text, &root, &mistakes) }
        }
        _ => Vec::new(),
    };
    for error in &mut errors {
        error.range = body.place(error.range.start)..body.place(error.range.end);
        error.range.end = error.range.end.max(error.range.start);
    }
    errors
}

/// Tells whether each `RETURN` of a function has to say what it gives.
fn gives_one_value(function: &ast::CreateFunction) -> bool {
    let Some(returns) = function.returns() else { return false };
    let words = returns.syntax().text().to_string().to_ascii_lowercase();
    let out = |param: ast::Param| matches!(param.mode(), Some(ast::ParamMode::Out(_) | ast::ParamMode::InOut(_)));
    let table =
        returns.table() || words.contains("setof") || words.ends_with("void") || words.ends_with("event_trigger");
    !table && !function.parameters().is_some_and(|list| list.plain().any(out))
}

fn empty_return(text: &str, root: &SyntaxNode) -> Option<Mistake> {
    let tokens = tokens::tokens(text, root);
    let begins = |token: &tokens::Token<'_>| matches!(token.kind, SEMICOLON | BEGIN_KW | THEN_KW | ELSE_KW);
    let pair = tokens.windows(3).find(|words| {
        begins(&words[0]) && words[1].text.eq_ignore_ascii_case("return") && words[2].kind == SEMICOLON
    })?;
    let end = pair[1].range.end;
    Some(Mistake::at(end..end, format!("expected an expression after \"{}\"", pair[1].text)))
}

/// Gives the language and the body that a routine's options say.
fn said(options: impl Iterator<Item = ast::FuncOption>) -> (String, Option<ast::Literal>) {
    let (mut language, mut body) = ("sql".to_owned(), None);
    for option in options {
        match option {
            ast::FuncOption::LanguageFuncOption(it) => language = it.language().unwrap_or_default(),
            ast::FuncOption::AsFuncOption(it) => body = it.definition().or(body),
            _ => {}
        }
    }
    (language, body)
}
