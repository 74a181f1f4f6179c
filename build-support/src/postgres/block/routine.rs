//! The bodies of functions in SQL, which the server checks when it creates them.

use super::super::{expression, name, query};
use super::placed;
use crate::statement::{Moved, Name, Relation, Scope, Source};
use squawk_syntax::SourceFile;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, FuncOption};

/// Reads what the body of a function uses, where it is in SQL.
pub(in crate::postgres) fn body_of_function(function: &ast::CreateFunction) -> Option<Scope> {
    let body = body(function.option_list(), function.body())?;
    Some(within(name::qualified_of(function.name())?.name, function.param_list(), body))
}

/// Reads what the body of a procedure uses, where it is in SQL.
pub(in crate::postgres) fn body_of_procedure(procedure: &ast::CreateProcedure) -> Option<Scope> {
    let body = body(procedure.option_list(), procedure.body())?;
    Some(within(name::qualified_of(procedure.name())?.name, procedure.param_list(), body))
}

/// Puts the statements of a body behind the parameters, which columns of theirs hide.
fn within(name: Name, parameters: Option<ast::ParamList>, statements: Vec<Scope>) -> Scope {
    let is_input = |parameter: &ast::Param| !matches!(parameter.mode(), Some(ast::ParamMode::ParamOut(_)));
    let parameters = parameters.iter().flat_map(|list| list.all_params()).filter(is_input);
    let columns = parameters.filter_map(|parameter| name::name_of(parameter.name())).collect();
    let source = Source::Parameters(columns);
    let parameters = Relation { source, alias: Some(name), columns: Vec::new(), lateral: false, hidden: false };
    Scope { from: vec![parameters], inner: statements, ..Scope::default() }
}

fn body(options: Option<ast::FuncOptionList>, inline: Option<ast::RoutineBody>) -> Option<Vec<Scope>> {
    let options: Vec<FuncOption> = options.into_iter().flat_map(|list| list.options()).collect();
    // Names are looked up along the path that the function sets.
    let sets_path = |option: &FuncOption| match option {
        FuncOption::SetFuncOption(set) => expression::text(set.syntax()).to_ascii_lowercase().contains("search_path"),
        _ => false,
    };
    if options.iter().any(sets_path) {
        return None;
    }
    match inline {
        Some(ast::RoutineBody::ReturnStmt(returned)) => Some(vec![value(&returned)]),
        Some(ast::RoutineBody::AtomicBody(body)) => body
            .routine_body_stmts()
            .map(|statement| match statement {
                ast::RoutineBodyStmt::ReturnStmt(returned) => Some(value(&returned)),
                ast::RoutineBodyStmt::Stmt(statement) => scope(statement.syntax()),
            })
            .collect(),
        None => text(&options),
    }
}

/// Reads a body that is a text.
fn text(options: &[FuncOption]) -> Option<Vec<Scope>> {
    let is_sql = options.iter().any(|option| match option {
        FuncOption::LanguageFuncOption(language) => {
            language.language_name().is_some_and(|language| language.name.eq_ignore_ascii_case("sql"))
        }
        _ => false,
    });
    let literal = definition(options).filter(|_| is_sql)?;
    let text = literal.decoded_value()?;
    let file = SourceFile::parse(text.text());
    let mut scopes = Vec::new();
    for statement in file.tree().stmts() {
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
        FuncOption::AsFuncOption(it) => match it.as_func_target()? {
            ast::AsFuncTarget::AsDefinition(definition) => definition.literal(),
            ast::AsFuncTarget::AsObjFile(_) => None,
        },
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
