//! Which new names two catalogs bear out. Where a name stands for something in both, it is compared by that name instead.

use super::Renamed;
use crate::catalog::past::Subject;
use crate::catalog::{Catalog, Id, KeyKind, Kind, Relation, Type};
use crate::sort;

/// Keeps the pairs that are borne out: schemas first, then what is in them, then parts.
pub(super) fn accepted(pairs: &[(Subject, Subject)], before: &Catalog, after: &Catalog) -> Vec<Renamed> {
    let mut renamed = Vec::new();
    let mut parts: Vec<(Id, &str, &str)> = Vec::new();
    for (from, to) in pairs {
        let (one, two) = match (from, to) {
            (Subject::Schema(from), Subject::Schema(to)) => {
                let has = |catalog: &Catalog, name: &str| catalog.schemas.contains_key(name);
                if has(before, from) && has(after, to) && !has(before, to) && !has(after, from) {
                    renamed.push(whole(Kind::Schema, Id::new("", from), Id::new("", to)));
                }
                continue;
            }
            (Subject::Part(of, from), Subject::Part(_, to)) => {
                parts.push((Id::parse(of), from, to));
                continue;
            }
            (Subject::Relation(from), Subject::Relation(to))
            | (Subject::Type(from), Subject::Type(to))
            | (Subject::Function(from), Subject::Function(to)) => (Id::parse(from), Id::parse(to)),
            _ => continue,
        };
        if let (Subject::Relation(_), Some(Relation::Index(table))) = (from, before.relation(&one)) {
            if let (Subject::Relation(from), Subject::Relation(to)) = (from, to) {
                parts.push((one.beside(table.clone()), own(from), own(to)));
            }
            continue;
        }
        let kind = |catalog: &Catalog, id: &Id| kind(catalog, from, id);
        let sure = !before.is_doubtful(&one) && !after.is_doubtful(&two);
        if let Some(is) = kind(before, &one)
            && sure
            && kind(after, &two) == Some(is)
            && kind(before, &two).is_none()
            && kind(after, &one).is_none()
        {
            renamed.push(whole(is, one, two));
        }
    }
    sort::by_key(&mut renamed, |one| one.kind != Kind::Schema);
    let wholes = renamed.clone();
    renamed.retain(|one| one.kind == Kind::Schema || now(&wholes, &one.from) != one.to);
    sort::by(&mut parts, Ord::cmp);
    parts.dedup();
    renamed.extend(parts.into_iter().flat_map(|(of, from, to)| {
        // What has a table's name now is another one, where the table's own new name is not borne out.
        let moved = wholes.iter().find(|one| one.kind != Kind::Schema && one.from == of);
        let is = moved.map_or_else(|| now(&wholes, &of), |one| one.to.clone());
        part(before, after, (&of, &is), from, to)
    }));
    renamed
}

fn whole(kind: Kind, from: Id, to: Id) -> Renamed {
    Renamed { kind, of: None, from, to }
}

/// Gives the name that something has once schemas have theirs.
pub(super) fn now(renamed: &[Renamed], id: &Id) -> Id {
    let schema = renamed.iter().find(|one| one.kind == Kind::Schema && one.from.name == id.schema);
    schema.map_or_else(|| id.clone(), |one| Id::new(&one.to.name, &id.name))
}

/// Takes the schema off.
fn own(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, name)| name)
}

/// Says what something is.
fn kind(catalog: &Catalog, subject: &Subject, id: &Id) -> Option<Kind> {
    match subject {
        Subject::Relation(_) => match catalog.relation(id)? {
            Relation::Table(_) => Some(Kind::Table),
            Relation::View(view) if view.materialized => Some(Kind::MaterializedView),
            Relation::View(_) => Some(Kind::View),
            Relation::Sequence(_) => Some(Kind::Sequence),
            // Whatever it is, it has the name.
            Relation::Index(_) | Relation::Opaque => Some(Kind::Index),
        },
        Subject::Type(_) => catalog.type_at(id).map(|_| Kind::Type),
        Subject::Function(_) => {
            let functions = catalog.schemas.get(&id.schema)?.functions.get(&id.name)?;
            (!functions.is_empty()).then_some(Kind::Function)
        }
        Subject::Schema(_) | Subject::Extension(_) | Subject::Part(..) => None,
    }
}

/// Lists what a part's new name is of: a column and a constraint may share one.
fn part(before: &Catalog, after: &Catalog, (was, is): (&Id, &Id), from: &str, to: &str) -> Vec<Renamed> {
    let has = |catalog: &Catalog, of: &Id, name: &str| kinds(catalog, of, name);
    let (one, two) = (has(before, was, from), has(after, is, to));
    let (early, late) = (has(before, was, to), has(after, is, from));
    let fits = |kind: &Kind| two.contains(kind) && !early.contains(kind) && !late.contains(kind);
    let renamed = |kind: Kind| Renamed { kind, of: Some(is.clone()), from: is.beside(from), to: is.beside(to) };
    one.iter().filter(|kind| fits(kind)).map(|kind| renamed(*kind)).collect()
}

/// Lists the kinds of parts that have a name.
fn kinds(catalog: &Catalog, of: &Id, name: &str) -> Vec<Kind> {
    let mut found = Vec::new();
    match catalog.relation(of) {
        Some(Relation::Table(table)) if !table.opaque => {
            let key = table.keys.get(name).map(|key| match key.kind {
                KeyKind::Primary => Kind::PrimaryKey,
                KeyKind::Unique => Kind::Unique,
            });
            let of_constraint = key.is_some() || table.exclusions.contains_key(name);
            found.extend(key);
            for (has, kind) in [
                (table.columns.iter().any(|column| column.name == name && !column.doubtful), Kind::Column),
                (table.references.contains_key(name), Kind::ForeignKey),
                (table.checks.contains_key(name), Kind::Check),
                (table.exclusions.contains_key(name), Kind::Exclusion),
                (table.indexes.contains_key(name) && !of_constraint, Kind::Index),
                (table.triggers.contains_key(name), Kind::Trigger),
            ] {
                found.extend(has.then_some(kind));
            }
        }
        Some(Relation::View(view)) => {
            let has_column = view.columns.iter().flatten().any(|(column, _)| column == name);
            found.extend(has_column.then_some(Kind::Column));
            found.extend(view.indexes.contains_key(name).then_some(Kind::Index));
        }
        _ => {}
    }
    match catalog.type_at(of) {
        Some(Type::Enum(values)) => found.extend(values.iter().any(|value| value == name).then_some(Kind::Value)),
        Some(Type::Composite(fields)) => {
            found.extend(fields.iter().any(|field| field.name == name).then_some(Kind::Attribute));
        }
        Some(Type::Domain(domain)) => found.extend(domain.checks.contains_key(name).then_some(Kind::Check)),
        Some(Type::Other) | None => {}
    }
    found
}
