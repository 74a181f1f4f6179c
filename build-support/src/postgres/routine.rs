//! Functions, procedures and aggregates.

use super::ast::{self, FuncOption};
use super::{block, name, types, volatility};
use crate::statement::{ActKind, CreateFunction, ObjectKind, Scope, Volatility};

/// Reads `CREATE FUNCTION`.
pub(super) fn function(function: &ast::CreateFunction) -> Option<ActKind> {
    let options: Vec<FuncOption> = function.options().collect();
    let body = block::body_of_function(function, &options);
    let returned = function.returns().and_then(|returns| returns.ty());
    let effects = block::effects(&options, function.body());
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: false,
        name: name::qualified_of(function.name())?,
        or_replace: function.or_replace(),
        arguments: types::inputs(&function.parameters()?),
        parameters: types::input_names(&function.parameters()?),
        returns: returned.as_ref().map(types::lower_of_function),
        volatility: volatility(&options, body.as_ref()),
        language: language(&options),
        body,
        effects,
    })))
}

/// Reads `CREATE PROCEDURE`.
pub(super) fn procedure(procedure: &ast::CreateProcedure) -> Option<ActKind> {
    let options: Vec<FuncOption> = procedure.options().collect();
    let effects = block::effects(&options, procedure.body());
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: true,
        name: name::qualified_of(procedure.name())?,
        or_replace: procedure.or_replace(),
        arguments: types::inputs(&procedure.parameters()?),
        parameters: types::input_names(&procedure.parameters()?),
        returns: None,
        volatility: Volatility::Volatile,
        language: language(&options),
        body: block::body_of_procedure(procedure, &options),
        effects,
    })))
}

/// Reads `CREATE AGGREGATE`.
pub(super) fn aggregate(aggregate: &ast::CreateAggregate) -> Option<ActKind> {
    let name = name::qualified_of(aggregate.name())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Aggregate, name, on: None })
}

/// Tells how often a call of a function has to be evaluated; without a word about it, each time.
fn volatility(options: &[FuncOption], body: Option<&Scope>) -> Volatility {
    let said = options.iter().find_map(|option| match option {
        FuncOption::Immutable(_) => Some(Volatility::Constant),
        FuncOption::Stable(_) => Some(Volatility::Stable),
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
fn language(options: &[FuncOption]) -> String {
    block::language(options).map_or_else(|| "sql".to_owned(), |language| language.to_ascii_lowercase())
}
