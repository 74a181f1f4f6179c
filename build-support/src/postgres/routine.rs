//! Functions, procedures and aggregates.

use super::{block, name, types, volatility};
use crate::statement::{ActKind, CreateFunction, ObjectKind, Scope, Volatility};
use squawk_syntax::ast;

/// Reads `CREATE FUNCTION`.
pub(super) fn function(function: &ast::CreateFunction) -> Option<ActKind> {
    let body = block::body_of_function(function);
    let returned = function.ret_type().and_then(|returns| returns.func_type());
    let effects = block::effects(function.option_list(), function.body());
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: false,
        name: name::qualified_of(function.name())?,
        or_replace: function.or_replace().is_some(),
        arguments: types::inputs(&function.param_list()?),
        parameters: types::input_names(&function.param_list()?),
        returns: returned.as_ref().map(types::lower_of_function),
        volatility: volatility(function.option_list(), body.as_ref()),
        language: language(function.option_list()),
        body,
        effects,
    })))
}

/// Reads `CREATE PROCEDURE`.
pub(super) fn procedure(procedure: &ast::CreateProcedure) -> Option<ActKind> {
    let effects = block::effects(procedure.option_list(), procedure.body());
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: true,
        name: name::qualified_of(procedure.name())?,
        or_replace: procedure.or_replace().is_some(),
        arguments: types::inputs(&procedure.param_list()?),
        parameters: types::input_names(&procedure.param_list()?),
        returns: None,
        volatility: Volatility::Volatile,
        language: language(procedure.option_list()),
        body: block::body_of_procedure(procedure),
        effects,
    })))
}

/// Reads `CREATE AGGREGATE`.
pub(super) fn aggregate(aggregate: &ast::CreateAggregate) -> Option<ActKind> {
    let name = name::qualified_of(aggregate.aggregate_name())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Aggregate, name, on: None })
}

/// Tells how often a call of a function has to be evaluated; without a word about it, each time.
fn volatility(options: Option<ast::FuncOptionList>, body: Option<&Scope>) -> Volatility {
    let said = options.into_iter().flat_map(|list| list.options()).find_map(|option| match option {
        ast::FuncOption::VolatilityFuncOption(ast::VolatilityFuncOption::Immutable(_)) => Some(Volatility::Constant),
        ast::FuncOption::VolatilityFuncOption(ast::VolatilityFuncOption::Stable(_)) => Some(Volatility::Stable),
        _ => None,
    });
    match (said, body.map(|body| body.inner.as_slice())) {
        (Some(said), _) => said,
        // The server puts the body in place of a call only where it is no more than an expression.
        (None, Some([only])) if only.from.is_empty() && only.inner.is_empty() => volatility::of_scope(only),
        _ => Volatility::Volatile,
    }
}

/// Gives the language that a routine is written in; without a word about it, it is SQL.
fn language(options: Option<ast::FuncOptionList>) -> String {
    let named = options.into_iter().flat_map(|list| list.options()).find_map(|option| match option {
        ast::FuncOption::LanguageFuncOption(it) => it.language_name(),
        _ => None,
    });
    named.map_or_else(|| "sql".to_owned(), |language| language.name.to_ascii_lowercase())
}
