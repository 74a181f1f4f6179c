//! Functions, procedures and aggregates.

use super::*;

nodes! {
    Aggregate AGGREGATE { name: node PATH_REF }
    AsFuncOption AS_FUNC_OPTION { definition: within AS_DEFINITION Literal }
    AtomicBody ATOMIC_BODY { statements: all RoutineBodyStmt }
    CreateAggregate CREATE_AGGREGATE { name: node AGGREGATE_NAME }
    CreateFunction CREATE_FUNCTION {
        or_replace: has OR_REPLACE, name: node FUNCTION_NAME, parameters: one ParamList, returns: one RetType,
        options: each FUNC_OPTION_LIST FuncOption, body: one RoutineBody,
    }
    CreateProcedure CREATE_PROCEDURE {
        or_replace: has OR_REPLACE, name: node PROCEDURE_NAME, parameters: one ParamList,
        options: each FUNC_OPTION_LIST FuncOption, body: one RoutineBody,
    }
    DoLanguage DO_LANGUAGE { name: node LANGUAGE_REF, literal: one Literal }
    LanguageFuncOption LANGUAGE_FUNC_OPTION { name: node LANGUAGE_REF, literal: one Literal }
    Param PARAM { mode: one ParamMode, name: node PARAM_NAME, ty: one FuncType }
    ParamList PARAM_LIST { plain: all Param, sorted: each AGGREGATE_ORDER_BY Param }
    PlpgsqlRaiseStmt PLPGSQL_RAISE_STMT { message: within PLPGSQL_RAISE_MESSAGE Literal, values: nodes PLPGSQL_EXPR }
    RetType RET_TYPE { ty: one FuncType, table: has TABLE_KW }
    ReturnStmt RETURN_STMT { expr: one Expr }
}

choices! {
    FuncOption {
        AsFuncOption, LanguageFuncOption;
        Immutable IMMUTABLE, Stable STABLE, SetFuncOption SET_FUNC_OPTION;
    }
    ParamMode { ; InOut PARAM_IN_OUT, Out PARAM_OUT, In PARAM_IN | PARAM_VARIADIC; }
    RoutineBody { AtomicBody, ReturnStmt; ; }
    RoutineBodyStmt { ReturnStmt; ; Stmt }
}

impl ParamList {
    /// Gives all parameters, also those that an aggregate sorts by.
    pub(in crate::postgres) fn parameters(&self) -> impl Iterator<Item = Param> + use<> {
        self.plain().chain(self.sorted())
    }
}

impl DoLanguage {
    /// Gives the language's name.
    pub(in crate::postgres) fn language(&self) -> Option<String> {
        language(self.name(), self.literal())
    }
}

impl LanguageFuncOption {
    /// Gives the language's name.
    pub(in crate::postgres) fn language(&self) -> Option<String> {
        language(self.name(), self.literal())
    }
}

fn language(name: Option<SyntaxNode>, literal: Option<Literal>) -> Option<String> {
    match name {
        Some(name) => Some(word(&name)),
        None => literal?.string_value(),
    }
}
