//! Functions, procedures and aggregates.

use super::{block, name, types};
use crate::statement::{ActKind, CreateFunction, ObjectKind};
use squawk_syntax::ast;

/// Reads `CREATE FUNCTION`.
pub(super) fn function(function: &ast::CreateFunction) -> Option<ActKind> {
    let returned = function.ret_type().and_then(|returns| returns.func_type());
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: false,
        name: name::qualified_of(function.name())?,
        or_replace: function.or_replace().is_some(),
        arguments: types::inputs(&function.param_list()?),
        returns: returned.as_ref().map(types::lower_of_function),
        language: language(function.option_list()),
        body: block::body(function.option_list(), function.body()),
    })))
}

/// Reads `CREATE PROCEDURE`.
pub(super) fn procedure(procedure: &ast::CreateProcedure) -> Option<ActKind> {
    Some(ActKind::CreateFunction(Box::new(CreateFunction {
        procedure: true,
        name: name::qualified_of(procedure.name())?,
        or_replace: procedure.or_replace().is_some(),
        arguments: types::inputs(&procedure.param_list()?),
        returns: None,
        language: language(procedure.option_list()),
        body: block::body(procedure.option_list(), procedure.body()),
    })))
}

/// Reads `CREATE AGGREGATE`.
pub(super) fn aggregate(aggregate: &ast::CreateAggregate) -> Option<ActKind> {
    let name = name::qualified_of(aggregate.aggregate_name())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Aggregate, name, on: None })
}

/// Gives the language that a routine is written in; without a word about it, it is SQL.
fn language(options: Option<ast::FuncOptionList>) -> String {
    let named = options.into_iter().flat_map(|list| list.options()).find_map(|option| match option {
        ast::FuncOption::LanguageFuncOption(it) => it.language_name(),
        _ => None,
    });
    named.map_or_else(|| "sql".to_owned(), |language| language.name.to_ascii_lowercase())
}
