//! Types of an author's own: enums, composites, domains.

use super::complaint::finding;
use super::data_type::DataType;
use super::lookup::{Found, Space};
use super::past::Subject;
use super::{Check, Domain, Field, Id, Relation, Simulator, Type, expression};
use crate::by_name::ByName;
use crate::statement::{self, Constraint, ConstraintKind, CreateType, DomainChange, Name, QualifiedName, TypeKind};
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn create_type(&mut self, create: &CreateType) {
        let Some(id) = self.place_for(&create.name, false) else { return };
        if self.is_type_there(&id, &create.name) {
            return;
        }
        let ty = match &create.kind {
            TypeKind::Enum(values) => {
                for (at, value) in values.iter().enumerate() {
                    if values[..at].iter().any(|other| other.text == value.text) {
                        let message = format!("enum `{}` has the value `{}` twice", id.shown(), value.text);
                        self.report(finding("duplicate_value", message, &value.range, "named again"));
                    }
                    self.past.made(Subject::part(&id, &value.text), self.site(&value.range));
                }
                Type::Enum(values.iter().map(|value| value.text.clone()).collect())
            }
            TypeKind::Composite(fields) => {
                let mut known: Vec<Field> = Vec::new();
                for (name, ty) in fields {
                    let ty = self.data_type(ty);
                    if known.iter().any(|field| field.name == name.text) {
                        let message = format!("`{}` is named twice", name.text);
                        self.report(finding("duplicate_column", message, &name.range, "named again"));
                    }
                    known.push(Field { name: name.text.clone(), ty: ty.text, own_type: ty.own });
                }
                Type::Composite(known)
            }
            TypeKind::Domain { base, not_null, default, constraints } => {
                let base = self.data_type(base);
                let default = default.as_ref().map(|default| self.expression(default, None));
                let mut domain =
                    Domain { base: base.text, own_type: base.own, not_null: *not_null, default, checks: ByName::new() };
                for constraint in constraints {
                    self.domain_check(&id, &mut domain, constraint);
                }
                Type::Domain(Box::new(domain))
            }
            TypeKind::Other => Type::Other,
        };
        self.put_type(&id, ty);
        self.past.made(Subject::Type(id.to_string()), self.site(&create.name.range()));
    }

    fn is_type_there(&mut self, id: &Id, name: &QualifiedName) -> bool {
        if !self.is_taken(id, Space::Type) {
            return false;
        }
        let unknown = matches!(self.catalog.relation(id), Some(Relation::Opaque)) || self.catalog.is_doubtful(id);
        // A shell type is there to be made again.
        if unknown || matches!(self.catalog.type_at(id), Some(Type::Other)) {
            return false;
        }
        let (message, subject) = match self.kind_of(id).filter(|_| self.catalog.type_at(id).is_none()) {
            Some(kind) => {
                (format!("`{}` is a {kind} already, and each {kind} is a type", id.shown()), Subject::relation(id))
            }
            None => (format!("there is a type `{}` already", id.shown()), Subject::Type(id.to_string())),
        };
        self.duplicate("duplicate_type", message, &name.range(), &subject);
        true
    }

    fn domain_check(&mut self, id: &Id, domain: &mut Domain, constraint: &Constraint) {
        match &constraint.kind {
            ConstraintKind::Check(check) => {
                let expression = self.needs(check);
                let name = constraint.name.as_ref().map(|name| name.text.clone()).unwrap_or_else(|| {
                    let taken = |name: &str| domain.checks.contains_key(name) || self.has_constraint(&id.schema, name);
                    let mut name = super::chosen::joined(&id.name, "", "check");
                    for number in 1.. {
                        if !taken(&name) {
                            break;
                        }
                        name = super::chosen::joined(&id.name, "", &format!("check{number}"));
                    }
                    name
                });
                let proves_not_null = expression::not_null_column(&expression.text);
                let check = Check { expression, proves_not_null, validated: !constraint.not_valid, inherited: false };
                domain.checks.insert(name, check);
            }
            ConstraintKind::NotNull(_) => domain.not_null = true,
            _ => {}
        }
    }

    /// Finds a type that a statement is about, and reports one that isn't there.
    pub(super) fn own_type(&mut self, name: &QualifiedName) -> Option<Id> {
        match self.look_up(Space::Type, name) {
            Found::Here(id) => return Some(id),
            Found::Missing(id) if !self.open_world => {
                let message = format!("there is no type `{}`", id.shown());
                let meant = self.nearest_in(Space::Type, &id.name);
                self.unknown("unknown_type", message, &name.range(), Subject::Type(id.to_string()), meant);
                self.put_type(&id, Type::Other);
            }
            Found::NoSchema(schema) => self.unknown_schema(&schema),
            Found::Missing(_) | Found::Unsure => {}
        }
        None
    }

    pub(super) fn add_value(
        &mut self,
        name: &QualifiedName,
        value: &Name,
        allowed: bool,
        beside: Option<(&Name, bool)>,
    ) {
        let Some(id) = self.own_type(name) else { return };
        let doubtful = self.catalog.is_doubtful(&id);
        let Some(Type::Enum(values)) = self.catalog.type_at(&id) else {
            self.no_enum(&id, name);
            return;
        };
        if values.contains(&value.text) {
            if !allowed && !doubtful {
                let message = format!("enum `{}` has a value `{}` already", id.shown(), value.text);
                self.duplicate("duplicate_value", message, &value.range, &Subject::part(&id, &value.text));
            }
            return;
        }
        let at = beside.map(|(other, after)| {
            let at = values.iter().position(|known| *known == other.text);
            at.map(|at| at + usize::from(after)).ok_or(other)
        });
        let at = match at {
            Some(Err(other)) => {
                self.unknown_value(&id, other);
                None
            }
            Some(Ok(at)) => Some(at),
            None => None,
        };
        if self.unsure() {
            self.put_type(&id, Type::Other);
            return;
        }
        self.past.made(Subject::part(&id, &value.text), self.site(&value.range));
        if let Some(Type::Enum(values)) = self.type_mut(&id) {
            values.insert(at.unwrap_or(values.len()), value.text.clone());
        }
    }

    pub(super) fn rename_value(&mut self, name: &QualifiedName, from: &Name, to: &Name) {
        let Some(id) = self.own_type(name) else { return };
        let Some(Type::Enum(values)) = self.catalog.type_at(&id) else {
            self.no_enum(&id, name);
            return;
        };
        if !values.contains(&from.text) {
            self.unknown_value(&id, from);
            return;
        }
        if values.contains(&to.text) {
            let message = format!("enum `{}` has a value `{}` already", id.shown(), to.text);
            self.duplicate("duplicate_value", message, &to.range, &Subject::part(&id, &to.text));
            return;
        }
        if self.unsure() {
            self.put_type(&id, Type::Other);
            return;
        }
        self.past.renamed(Subject::part(&id, &from.text), to.text.clone(), self.site(&to.range));
        if let Some(Type::Enum(values)) = self.type_mut(&id) {
            for value in values.iter_mut().filter(|value| **value == from.text) {
                to.text.clone_into(value);
            }
        }
    }

    /// Reports a default that is none of an enum's values.
    pub(super) fn check_enum_default(&mut self, default: &statement::Expression, ty: &DataType) {
        let Some(id) = ty.own.as_deref().map(Id::parse).filter(|_| !ty.text.ends_with(']')) else { return };
        let Some(Type::Enum(values)) = self.catalog.type_at(&id) else { return };
        let Some(value) = plain_literal(&default.text).filter(|value| !values.iter().any(|known| known == value))
        else {
            return;
        };
        if !self.catalog.opaque && !self.unsure() {
            let name = Name { text: value.to_owned(), range: default.range.clone() };
            self.unknown_value(&id, &name);
        }
    }

    fn unknown_value(&mut self, id: &Id, name: &Name) {
        let Some(Type::Enum(values)) = self.catalog.type_at(id) else { return };
        if self.catalog.is_doubtful(id) {
            return;
        }
        let meant = nearest(&name.text, values.iter().map(String::as_str)).map(str::to_owned);
        let message = format!("enum `{}` has no value `{}`", id.shown(), name.text);
        self.unknown("unknown_value", message, &name.range, Subject::part(id, &name.text), meant);
    }

    fn no_enum(&mut self, id: &Id, name: &QualifiedName) {
        if matches!(self.catalog.type_at(id), Some(Type::Composite(_) | Type::Domain(_))) {
            let message = format!("type `{}` isn't an enum", id.shown());
            self.report(finding("wrong_kind", message, &name.range(), "no enum"));
        }
    }

    pub(super) fn type_mut(&mut self, id: &Id) -> Option<&mut Type> {
        self.catalog.schema_mut(&id.schema)?.types.get_mut(&id.name)
    }

    pub(super) fn alter_domain(&mut self, name: &QualifiedName, change: &DomainChange) {
        let Some(id) = self.own_type(name) else { return };
        let Some(Type::Domain(domain)) = self.catalog.type_at(&id) else {
            if matches!(self.catalog.type_at(&id), Some(Type::Enum(_) | Type::Composite(_))) {
                let message = format!("type `{}` isn't a domain", id.shown());
                self.report(finding("wrong_kind", message, &name.range(), "no domain"));
            }
            return;
        };
        if self.unsure() {
            self.put_type(&id, Type::Other);
            return;
        }
        let mut domain = domain.clone();
        let unknown = |name: &Name, domain: &Domain| !domain.checks.contains_key(&name.text);
        match change {
            DomainChange::AddConstraint(constraint) => {
                if let Some(name) = constraint.name.as_ref().filter(|name| domain.checks.contains_key(&name.text)) {
                    let message = format!("domain `{}` has a constraint `{}` already", id.shown(), name.text);
                    self.duplicate("duplicate_constraint", message, &name.range, &Subject::part(&id, &name.text));
                }
                self.domain_check(&id, &mut domain, constraint);
            }
            DomainChange::DropConstraint { name, if_exists } => {
                // From PostgreSQL 17 on its NOT NULL has a name.
                if !*if_exists && unknown(name, &domain) && !name.text.contains("not_null") {
                    self.unknown_check(&id, name, &domain);
                }
                domain.checks.remove(&name.text);
            }
            DomainChange::RenameConstraint { from, to } => {
                if unknown(from, &domain) {
                    self.unknown_check(&id, from, &domain);
                }
                super::constraint::move_entry(&mut domain.checks, &from.text, &to.text);
                self.past.renamed(Subject::part(&id, &from.text), to.text.clone(), self.site(&to.range));
            }
            DomainChange::ValidateConstraint(name) => {
                if unknown(name, &domain) {
                    self.unknown_check(&id, name, &domain);
                }
                if let Some(check) = domain.checks.get_mut(&name.text) {
                    check.validated = true;
                }
            }
            DomainChange::SetDefault(default) => {
                domain.default = default.as_ref().map(|default| self.expression(default, None));
            }
            DomainChange::SetNotNull(not_null) => domain.not_null = *not_null,
        }
        self.put_type(&id, Type::Domain(domain));
    }

    fn unknown_check(&mut self, id: &Id, name: &Name, domain: &Domain) {
        let meant = nearest(&name.text, domain.checks.keys().map(String::as_str)).map(str::to_owned);
        let message = format!("domain `{}` has no constraint `{}`", id.shown(), name.text);
        self.unknown("unknown_constraint", message, &name.range, Subject::part(id, &name.text), meant);
    }
}

/// Gives what a literal says that is nothing but text in quotes, short enough for a name.
fn plain_literal(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    (!inside.contains(['\'', '\\']) && inside.len() < 64).then_some(inside)
}
