//! Types and domains of an author's own.

use super::alter::{moved, renamed};
use super::change::{Altered, cascade};
use super::name;
use super::{constraint, expression, types};
use crate::statement::{
    ActKind, Column, ColumnChange, CreateType, DomainChange, Name, ObjectKind, QualifiedName, TableChange, TypeKind,
    TypeName,
};
use squawk_syntax::ast::{self, AstNode};

/// Reads `CREATE TYPE`.
pub(super) fn create(ty: &ast::CreateType) -> Option<ActKind> {
    let kind = match ty.kind() {
        Some(ast::CreateTypeKind::EnumType(it)) => {
            let values = it.variant_list().into_iter().flat_map(|list| list.variants());
            TypeKind::Enum(values.filter_map(|value| name::literal(&value.literal()?)).collect())
        }
        Some(ast::CreateTypeKind::CompositeType(it)) => {
            let fields = it.composite_field_list().into_iter().flat_map(|list| list.composite_field_defs());
            let field =
                |field: ast::CompositeFieldDef| Some((name::name_of(field.name())?, types::lower(&field.ty()?)));
            TypeKind::Composite(fields.filter_map(field).collect())
        }
        Some(ast::CreateTypeKind::BaseType(_) | ast::CreateTypeKind::RangeType(_)) | None => TypeKind::Other,
    };
    Some(ActKind::CreateType(CreateType { name: name::qualified_of(ty.type_name())?, kind }))
}

/// Reads the type of many ranges that comes with a range type, where it is given a name.
pub(super) fn multirange(ty: &ast::CreateType) -> Option<ActKind> {
    let Some(ast::CreateTypeKind::RangeType(it)) = ty.kind() else { return None };
    let is_name = |option: &ast::AttributeOption| {
        option.name().is_some_and(|name| name.syntax().text().to_string().eq_ignore_ascii_case("multirange_type_name"))
    };
    let value = it.attribute_list()?.attribute_options().find(is_name)?.attribute_value()?;
    let text = value.syntax().text().to_string();
    let name = match text.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(text) => {
            let name = Name { text: text.replace("''", "'"), range: name::range(value.syntax()) };
            QualifiedName { schema: None, name }
        }
        None => name::any(value.syntax().descendants_with_tokens().filter_map(|part| part.into_token())).pop()?,
    };
    Some(ActKind::CreateType(CreateType { name, kind: TypeKind::Other }))
}

/// Reads `ALTER TYPE`.
pub(super) fn alter(ty: &ast::AlterType) -> Option<Vec<ActKind>> {
    use ast::AlterTypeAction as A;
    let name = name::qualified_of(ty.type_name_ref())?;
    let altered = Altered { kind: ObjectKind::Type, table: name.clone(), if_exists: false };
    Some(vec![match ty.action()? {
        A::TypeRenameTo(to) => renamed(ObjectKind::Type, name, None, to.type_name())?,
        A::SetSchema(to) => moved(ObjectKind::Type, name, &to)?,
        A::AddValue(it) => {
            let (mut before, mut after) = (None, None);
            match it.value_position() {
                Some(ast::ValuePosition::BeforeValue(it)) => before = Some(name::literal(&it.literal()?)?),
                Some(ast::ValuePosition::AfterValue(it)) => after = Some(name::literal(&it.literal()?)?),
                None => {}
            }
            let value = name::literal(&it.literal()?)?;
            ActKind::AddEnumValue { name, value, if_not_exists: it.if_not_exists().is_some(), before, after }
        }
        A::RenameValue(it) => {
            let (from, to) = (name::literal(&it.from()?)?, name::literal(&it.to()?)?);
            ActKind::RenameEnumValue { name, from, to }
        }
        A::RenameAttribute(it) => altered.act(TableChange::RenameColumn {
            from: name::name_of(it.composite_field_ref())?,
            to: name::name_of(it.composite_field())?,
        }),
        A::AlterTypeAttributeActionList(list) => {
            return list.actions().map(|action| Some(altered.act(attribute(&action)?))).collect();
        }
        A::OwnerTo(_) | A::SetOptions(_) => ActKind::Harmless,
    }])
}

fn attribute(action: &ast::AlterTypeAttributeAction) -> Option<TableChange> {
    use ast::AlterTypeAttributeAction as A;
    Some(match action {
        A::AddAttribute(it) => {
            let name = name::name_of(it.composite_field())?;
            let column = field(name, types::lower(&it.ty()?));
            TableChange::AddColumn { column: Box::new(column), if_not_exists: false }
        }
        A::AlterAttribute(it) => TableChange::AlterColumn {
            name: name::name_of(it.composite_field_ref())?,
            change: ColumnChange::Type { ty: types::lower(&it.ty()?), collated: false, using: None },
        },
        A::DropAttribute(it) => TableChange::DropColumn {
            name: name::name_of(it.composite_field_ref())?,
            if_exists: it.if_exists().is_some(),
            cascade: cascade(it.drop_behavior()),
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
    for qualifier in domain.domain_qualifiers() {
        let ast::DomainQualifier::Constraint(it) = qualifier else { continue };
        match it {
            ast::Constraint::NotNullConstraint(_) => not_null = true,
            ast::Constraint::DefaultConstraint(it) => default = it.expr().map(expression::lower),
            it => constraints.extend(constraint::lower(&it, None)),
        }
    }
    let base = types::lower(&domain.ty()?);
    Some(ActKind::CreateType(CreateType {
        name: name::qualified_of(domain.domain())?,
        kind: TypeKind::Domain { base, not_null, default, constraints },
    }))
}

/// Reads `ALTER DOMAIN`.
pub(super) fn alter_domain(domain: &ast::AlterDomain) -> Option<Vec<ActKind>> {
    use ast::AlterDomainAction as A;
    let name = name::qualified_of(domain.domain_ref())?;
    let change = match domain.action()? {
        A::DomainRenameTo(to) => return Some(vec![renamed(ObjectKind::Domain, name, None, to.domain())?]),
        A::SetSchema(to) => return Some(vec![moved(ObjectKind::Domain, name, &to)?]),
        A::OwnerTo(_) => return Some(vec![ActKind::Harmless]),
        A::AddConstraint(it) => {
            let constraint = it.syntax().children().find_map(ast::Constraint::cast)?;
            match constraint {
                // Since PostgreSQL 17 a domain's NOT NULL may be added by this word too.
                ast::Constraint::NotNullConstraint(_) => DomainChange::SetNotNull(true),
                it => DomainChange::AddConstraint(constraint::lower(&it, None)?),
            }
        }
        A::DropConstraint(it) => DomainChange::DropConstraint {
            name: name::qualified_of(it.constraint_name_ref())?.name,
            if_exists: it.if_exists().is_some(),
        },
        A::RenameConstraint(it) => DomainChange::RenameConstraint {
            from: name::qualified_of(it.constraint_name_ref())?.name,
            to: name::name_of(it.constraint_name())?,
        },
        A::ValidateConstraint(it) => {
            DomainChange::ValidateConstraint(name::qualified_of(it.constraint_name_ref())?.name)
        }
        A::SetDefault(it) => DomainChange::SetDefault(Some(expression::lower(it.expr()?))),
        A::DropDefault(_) => DomainChange::SetDefault(None),
        A::SetNotNull(_) => DomainChange::SetNotNull(true),
        A::DropNotNull(_) => DomainChange::SetNotNull(false),
    };
    Some(vec![ActKind::AlterDomain { name, change }])
}
