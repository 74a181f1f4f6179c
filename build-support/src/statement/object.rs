//! Types, functions, and what can be dropped or renamed by its kind.

use super::word::Word;
use super::{Constraint, Expression, Name, QualifiedName, Scope, TypeName, Volatility};

/// Kinds of objects, as statements call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ObjectKind {
    Schema,
    Table,
    ForeignTable,
    View,
    MaterializedView,
    Index,
    Sequence,
    Type,
    Domain,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Trigger,
    Extension,
    Column,
    Constraint,
    /// Whatever isn't followed: operators, casts, policies, rules, publications, roles, databases.
    Other(Word),
}

/// `DROP`.
#[derive(Clone, Debug)]
pub(crate) struct Drop {
    pub(crate) kind: ObjectKind,
    pub(crate) names: Vec<QualifiedName>,
    /// The input arguments of each function among them, where they were written.
    pub(crate) signatures: Vec<Option<Vec<TypeName>>>,
    /// The table of a trigger, policy or rule.
    pub(crate) on: Option<QualifiedName>,
    pub(crate) if_exists: bool,
    pub(crate) cascade: bool,
    /// `DROP INDEX CONCURRENTLY`.
    pub(crate) concurrently: bool,
}

/// `CREATE TYPE` and `CREATE DOMAIN`.
#[derive(Clone, Debug)]
pub(crate) struct CreateType {
    pub(crate) name: QualifiedName,
    pub(crate) kind: TypeKind,
}

/// The kinds of types that can be made.
#[allow(clippy::large_enum_variant)] // One for each statement, read once.
#[derive(Clone, Debug)]
pub(crate) enum TypeKind {
    Enum(Vec<Name>),
    Composite(Vec<(Name, TypeName)>),
    Domain {
        base: TypeName,
        not_null: bool,
        default: Option<Expression>,
        constraints: Vec<Constraint>,
    },
    /// `AS RANGE`, a base type, a shell.
    Other,
}

/// `CREATE FUNCTION` and `CREATE PROCEDURE`.
#[derive(Clone, Debug)]
pub(crate) struct CreateFunction {
    pub(crate) procedure: bool,
    pub(crate) name: QualifiedName,
    pub(crate) or_replace: bool,
    /// The types of the input arguments.
    pub(crate) arguments: Vec<TypeName>,
    /// Their names, where they have any.
    pub(crate) parameters: Vec<Option<Name>>,
    pub(crate) returns: Option<TypeName>,
    pub(crate) language: String,
    /// How often a call has to be evaluated: as it says, or as a body in SQL does that the server puts in its place.
    pub(crate) volatility: Volatility,
    /// What a body in SQL uses, where it could be read. The server checks it when it creates the function.
    pub(crate) body: Option<Scope>,
    pub(crate) effects: Effects,
}

/// What calling a function may do to the schema.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Effects {
    /// Whether its body may change it, or can't be read.
    pub(crate) alters: bool,
    /// A script that does what such a body does, where there is one.
    pub(crate) script: Option<String>,
    /// Functions that its body may call, in order, without those that every server has.
    pub(crate) calls: Vec<String>,
}

/// A function's body is no part of a schema: another one doesn't make it another schema.
impl PartialEq for Effects {
    fn eq(&self, _: &Effects) -> bool {
        true
    }
}

impl Eq for Effects {}
