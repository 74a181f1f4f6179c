//! Types and domains of an author's own.

use super::alter::{moved, renamed};
use super::ast::{self, AstNode};
use super::change::Altered;
use super::name;
use super::{constraint, expression, types};
use crate::statement::{
    ActKind, Column, ColumnChange, CreateType, DomainChange, Name, ObjectKind, QualifiedName, TableChange, TypeKind,
    TypeName,
};

/// Reads `CREATE TYPE`.
pub(super) fn create(ty: &ast::CreateType) -> Option<ActKind> {
    let kind = match ty.kind() {
        Some(ast::CreateTypeKind::EnumType(it)) => {
            TypeKind::Enum(it.values().filter_map(|value| name::literal(&value.literal()?)).collect())
        }
        Some(ast::CreateTypeKind::CompositeType(it)) => {
            let field =
                |field: ast::CompositeFieldDef| Some((name::name_of(field.name())?, types::lower(&field.ty()?)));
            TypeKind::Composite(it.fields().filter_map(field).collect())
        }
        Some(ast::CreateTypeKind::Base(_) | ast::CreateTypeKind::RangeType(_)) | None => TypeKind::Other,
    };
    Some(ActKind::CreateType(CreateType { name: name::qualified_of(ty.name())?, kind }))
}

/// Reads the type of many ranges that comes with a range type, where it is given a name.
pub(super) fn multirange(ty: &ast::CreateType) -> Option<ActKind> {
    let Some(ast::CreateTypeKind::RangeType(it)) = ty.kind() else { return None };
    let is_name = |option: &ast::AttributeOption| {
        option.name().is_some_and(|name| name.text().to_string().eq_ignore_ascii_case("multirange_type_name"))
    };
    let value = it.options().find(is_name)?.value()?;
    let text = value.text().to_string();
    let name = match text.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(text) => {
            let name = Name { text: text.replace("''", "'"), range: name::range(&value) };
            QualifiedName { schema: None, name }
        }
        None => name::any(value.descendants_with_tokens().filter_map(|part| part.into_token())).pop()?,
    };
    Some(ActKind::CreateType(CreateType { name, kind: TypeKind::Other }))
}

/// Reads `ALTER TYPE`.
pub(super) fn alter(ty: &ast::AlterType) -> Option<Vec<ActKind>> {
    use ast::AlterTypeAction as A;
    let name = name::qualified_of(ty.ty())?;
    let altered = Altered { kind: ObjectKind::Type, table: name.clone(), if_exists: false };
    Some(vec![match ty.action()? {
        A::RenameTo(to) => renamed(ObjectKind::Type, name, None, &to)?,
        A::SetSchema(to) => moved(ObjectKind::Type, name, &to)?,
        A::AddValue(it) => {
            let place = |value: Option<ast::Literal>| value.as_ref().and_then(name::literal);
            let (before, after) = (place(it.before()), place(it.after()));
            let value = name::literal(&it.value()?)?;
            ActKind::AddEnumValue { name, value, if_not_exists: it.if_not_exists(), before, after }
        }
        A::RenameValue(it) => {
            let mut values = it.values();
            let (from, to) = (name::literal(&values.next()?)?, name::literal(&values.next()?)?);
            ActKind::RenameEnumValue { name, from, to }
        }
        A::RenameAttribute(it) => {
            altered.act(TableChange::RenameColumn { from: name::name_of(it.from())?, to: name::name_of(it.to())? })
        }
        A::AlterTypeAttributeActionList(list) => {
            return list.actions().map(|action| Some(altered.act(attribute(&action)?))).collect();
        }
        A::Harmless(_) => ActKind::Harmless,
    }])
}

fn attribute(action: &ast::AlterTypeAttributeAction) -> Option<TableChange> {
    use ast::AlterTypeAttributeAction as A;
    Some(match action {
        A::AddAttribute(it) => {
            let name = name::name_of(it.name())?;
            let column = field(name, types::lower(&it.ty()?));
            TableChange::AddColumn { column: Box::new(column), if_not_exists: false }
        }
        A::AlterAttribute(it) => TableChange::AlterColumn {
            name: name::name_of(it.name())?,
            change: ColumnChange::Type { ty: types::lower(&it.ty()?), collated: false, using: None },
        },
        A::DropAttribute(it) => TableChange::DropColumn {
            name: name::name_of(it.name())?,
            if_exists: it.if_exists(),
            cascade: it.cascade(),
        },
    })
}

fn field(name: Name, ty: TypeName) -> Column {
    Column {
        range: name.range.start..ty.range.end,
        name,
        ty: Some(ty),
        not_null: None,
        default: None,
        generated: None,
        constraints: Vec::new(),
    }
}

/// Reads `CREATE DOMAIN`.
pub(super) fn create_domain(domain: &ast::CreateDomain) -> Option<ActKind> {
    let (mut not_null, mut default, mut constraints) = (false, None, Vec::new());
    for constraint in domain.constraints() {
        match constraint {
            ast::Constraint::NotNullConstraint(_) => not_null = true,
            ast::Constraint::DefaultConstraint(it) => default = it.expr().map(expression::lower),
            it => constraints.extend(constraint::lower(&it, None)),
        }
    }
    let base = types::lower(&domain.ty()?);
    Some(ActKind::CreateType(CreateType {
        name: name::qualified_of(domain.name())?,
        kind: TypeKind::Domain { base, not_null, default, constraints },
    }))
}

/// Reads `ALTER DOMAIN`.
pub(super) fn alter_domain(domain: &ast::AlterDomain) -> Option<Vec<ActKind>> {
    use ast::AlterDomainAction as A;
    let name = name::qualified_of(domain.domain())?;
    let change = match domain.action()? {
        A::RenameTo(to) => return Some(vec![renamed(ObjectKind::Domain, name, None, &to)?]),
        A::SetSchema(to) => return Some(vec![moved(ObjectKind::Domain, name, &to)?]),
        A::Harmless(_) => return Some(vec![ActKind::Harmless]),
        A::AddConstraint(it) => {
            let constraint = it.children().find_map(ast::Constraint::cast)?;
            match constraint {
                // Since PostgreSQL 17 a domain's NOT NULL may be added by this word too.
                ast::Constraint::NotNullConstraint(_) => DomainChange::SetNotNull(true),
                it => DomainChange::AddConstraint(constraint::lower(&it, None)?),
            }
        }
        A::DropConstraint(it) => {
            DomainChange::DropConstraint { name: name::qualified_of(it.name())?.name, if_exists: it.if_exists() }
        }
        A::RenameConstraint(it) => {
            DomainChange::RenameConstraint { from: name::qualified_of(it.from())?.name, to: name::name_of(it.to())? }
        }
        A::ValidateConstraint(it) => DomainChange::ValidateConstraint(name::qualified_of(it.name())?.name),
        A::SetDefault(it) => DomainChange::SetDefault(Some(expression::lower(it.expr()?))),
        A::DropDefault(_) => DomainChange::SetDefault(None),
        A::SetNotNull(_) => DomainChange::SetNotNull(true),
        A::DropNotNull(_) => DomainChange::SetNotNull(false),
    };
    Some(vec![ActKind::AlterDomain { name, change }])
}
