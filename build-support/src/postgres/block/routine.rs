//! The bodies of functions in SQL, which the server checks when it creates them.

use super::super::ast::{self, AstNode, FuncOption, SyntaxNode};
use super::super::{expression, name, query, syntax};
use super::placed;
use crate::statement::{Moved, Name, Relation, Scope, Source};

/// Reads what the body of a function uses, where it is in SQL.
pub(in crate::postgres) fn body_of_function(function: &ast::CreateFunction, options: &[FuncOption]) -> Option<Scope> {
    let body = body(options, function.body())?;
    Some(within(name::qualified_of(function.name())?.name, function.parameters(), body))
}

/// Reads what the body of a procedure uses, where it is in SQL.
pub(in crate::postgres) fn body_of_procedure(
    procedure: &ast::CreateProcedure,
    options: &[FuncOption],
) -> Option<Scope> {
    let body = body(options, procedure.body())?;
    Some(within(name::qualified_of(procedure.name())?.name, procedure.parameters(), body))
}

/// Puts the statements of a body behind the parameters, which columns of theirs hide.
fn within(name: Name, parameters: Option<ast::ParamList>, statements: Vec<Scope>) -> Scope {
    let is_input = |parameter: &ast::Param| !matches!(parameter.mode(), Some(ast::ParamMode::Out(_)));
    let parameters = parameters.iter().flat_map(|list| list.parameters()).filter(is_input);
    let columns = parameters.filter_map(|parameter| name::name_of(parameter.name())).collect();
    let source = Source::Parameters(columns);
    let parameters = Relation { source, alias: Some(name), columns: Vec::new(), lateral: false, hidden: false };
    Scope { from: vec![parameters], inner: statements, ..Scope::default() }
}

fn body(options: &[FuncOption], inline: Option<ast::RoutineBody>) -> Option<Vec<Scope>> {
    // Names are looked up along the path that the function sets.
    let sets_path = |option: &FuncOption| match option {
        FuncOption::SetFuncOption(set) => expression::text(set).to_ascii_lowercase().contains("search_path"),
        _ => false,
    };
    if options.iter().any(sets_path) {
        return None;
    }
    match inline {
        Some(ast::RoutineBody::ReturnStmt(returned)) => Some(vec![value(&returned)]),
        Some(ast::RoutineBody::AtomicBody(body)) => body
            .statements()
            .map(|statement| match statement {
                ast::RoutineBodyStmt::ReturnStmt(returned) => Some(value(&returned)),
                ast::RoutineBodyStmt::Stmt(statement) => scope(statement.syntax()),
            })
            .collect(),
        None => text(options),
    }
}

/// Reads a body that is a text.
fn text(options: &[FuncOption]) -> Option<Vec<Scope>> {
    let is_sql = |option: &FuncOption| match option {
        FuncOption::LanguageFuncOption(it) => {
            it.language().is_some_and(|language| language.eq_ignore_ascii_case("sql"))
        }
        _ => false,
    };
    let literal = definition(options).filter(|_| options.iter().any(is_sql))?;
    let text = literal.decoded()?;
    let (file, _) = syntax::script(text.text())?;
    let mut scopes = Vec::new();
    for statement in file.statements() {
        if !matches!(statement, ast::Stmt::EmptyStmt(_)) {
            scopes.push(scope(statement.syntax())?);
        }
    }
    scopes.moved(&|range| placed(&text, range));
    Some(scopes)
}

/// Finds the text that a routine is defined by.
pub(super) fn definition(options: &[FuncOption]) -> Option<ast::Literal> {
    options.iter().find_map(|option| match option {
        FuncOption::AsFuncOption(it) => it.definition(),
        _ => None,
    })
}

/// Finds the language that a routine is said to be written in.
pub(in crate::postgres) fn language(options: &[FuncOption]) -> Option<String> {
    options.iter().find_map(|option| match option {
        FuncOption::LanguageFuncOption(it) => it.language(),
        _ => None,
    })
}

/// Reads a statement of a body; `None` for one that isn't a query, after which anything may be there.
fn scope(statement: &SyntaxNode) -> Option<Scope> {
    query::lower_any(statement)
}

fn value(returned: &ast::ReturnStmt) -> Scope {
    let mut scope = Scope::default();
    if let Some(expr) = returned.expr() {
        expression::read(expr.syntax().clone(), &mut scope);
    }
    scope
}
