//! SQLite's tables and views in the catalog's words.

use super::definition::{ConstraintKind, Definition, expression};
use super::object::{Described, Object, ObjectKind};
use super::session::{Session, literal};
use super::text::folded;
use crate::by_name::ByName;
use crate::catalog::{
    Catalog, Check, Column, Default, Expression, Index, IndexKey, IndexPart, Key, KeyKind, Reference, Relation, Schema,
    Table, Trigger, View,
};
use crate::sort;
use crate::sql::{Dialect, Script, TokenKind};
use std::sync::Arc;

/// The schema that everything is in.
pub(super) const SCHEMA: &str = "main";

/// Reads a table or a view that is in a session's database.
pub(super) fn described(object: &Object, session: &Session) -> Described {
    Described::new(match object.kind {
        ObjectKind::View => Relation::View(Arc::new(view(object, session))),
        _ => Relation::Table(Arc::new(table(object, session))),
    })
}

/// Puts what was described into a catalog.
pub(super) fn catalog<'o>(objects: impl IntoIterator<Item = &'o Arc<Object>>) -> Catalog {
    let mut schema = Schema::default();
    for object in objects {
        let relation = match object.kind {
            ObjectKind::Table | ObjectKind::Virtual | ObjectKind::View => object.described.relation().clone(),
            ObjectKind::Index => Relation::Index(object.table.clone()),
            ObjectKind::Shadow | ObjectKind::Trigger => continue,
        };
        schema.relations.insert(object.name.clone(), relation);
    }
    Catalog { schemas: ByName::from_iter([(SCHEMA.to_owned(), Arc::new(schema))]), ..Catalog::default() }
}

fn view(object: &Object, session: &Session) -> View {
    let columns = session.names(&format!("SELECT name FROM pragma_table_xinfo({})", literal(&object.name)));
    let columns = (!columns.is_empty()).then(|| columns.into_iter().map(|name| (name, String::new())).collect());
    View { columns, text: query(&object.sql).unwrap_or_else(|| folded(&object.sql)), ..View::default() }
}

/// Takes the query of a `CREATE VIEW`.
fn query(sql: &str) -> Option<String> {
    let script = Script::parse(sql, Dialect::Sqlite).ok()?;
    let mut cursor = crate::sql::Cursor::new(&script, script.statements().first()?);
    cursor.find(&["AS"]).then(|| Some(folded(sql.get(cursor.peek()?.start..)?))).flatten()
}

fn table(object: &Object, session: &Session) -> Table {
    let name = literal(&object.name);
    let definition =
        if object.kind == ObjectKind::Table { Definition::read(&object.sql) } else { Definition::default() };
    let mut table = Table::default();
    let mut primary: Vec<(i64, String)> = Vec::new();
    let sql = format!("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo({name})");
    let _ = session.rows(&sql, |row| {
        let (column, rank): (String, i64) = (row.get(0)?, row.get(4)?);
        if rank > 0 {
            primary.push((rank, column.clone()));
        }
        table.columns.push(Column {
            name: column,
            // SQLite doesn't tell `int` from `INT`.
            ty: row.get::<_, String>(1)?.to_ascii_uppercase(),
            not_null: row.get(2)?,
            default: match (row.get::<_, i64>(5)?, row.get::<_, Option<String>>(3)?) {
                (hidden @ (2 | 3), _) => Default::Generated { expression: Expression::default(), stored: hidden == 3 },
                (_, Some(text)) if !text.eq_ignore_ascii_case("NULL") => {
                    Default::Expression(Expression { text: folded(&text), ..Expression::default() })
                }
                _ => Default::None,
            },
            local: true,
            ..Column::default()
        });
        Ok(())
    });
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    for column in &mut table.columns {
        refine(column, &definition, &names);
    }
    sort::by(&mut primary, Ord::cmp);
    let primary: Vec<String> = primary.into_iter().map(|(_, column)| column).collect();
    if !primary.is_empty() {
        let rowid = primary.len() == 1
            && table
                .columns
                .iter()
                .any(|column| column.name == primary[0] && column.ty.eq_ignore_ascii_case("INTEGER"));
        if rowid && definition.autoincrement {
            let numbered = table.columns.iter_mut().filter(|column| column.name == primary[0]);
            numbered.for_each(|column| column.default = Default::Sequence(format!("{SCHEMA}.sqlite_sequence")));
        }
        let name = definition.name(ConstraintKind::Primary, &primary).unwrap_or("primary key").to_owned();
        table
            .keys
            .insert(name, Key { kind: KeyKind::Primary, columns: primary, deferral: String::new(), inherited: false });
    }
    indexes(&mut table, &name, &definition, &names, session);
    references(&mut table, &name, &definition, session);
    for (name, text) in &definition.checks {
        let name = name.clone().unwrap_or_else(|| format!("check ({text})"));
        let proves_not_null =
            proves_not_null(text).and_then(|named| names.iter().find(|name| name.eq_ignore_ascii_case(&named)));
        let expression = expression(text, &names);
        let proves_not_null = proves_not_null.cloned();
        table.checks.insert(name, Check { expression, proves_not_null, validated: true, inherited: false });
    }
    let triggers =
        format!("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = {name} COLLATE NOCASE");
    for name in session.names(&triggers) {
        table.triggers.insert(name, Trigger::default());
    }
    table
}

/// Adds to a column what its text tells.
fn refine(column: &mut Column, definition: &Definition, names: &[String]) {
    let of = |list: &[(String, String)]| {
        list.iter().find(|(name, _)| name.eq_ignore_ascii_case(&column.name)).map(|(_, text)| text.clone())
    };
    let collation = of(&definition.collations);
    if let (Default::Generated { expression: known, .. }, Some(text)) = (&mut column.default, of(&definition.generated))
    {
        *known = expression(&text, names);
    }
    if let Some(collation) = collation.filter(|collation| collation != "BINARY") {
        column.ty = format!("{} COLLATE {collation}", column.ty).trim_start().to_owned();
    }
}

fn indexes(table: &mut Table, name: &str, definition: &Definition, names: &[String], session: &Session) {
    let sql = format!(
        "SELECT l.name, l.\"unique\", l.origin, i.cid, i.name, i.\"desc\", i.coll, s.sql FROM pragma_index_list({name}) l \
         JOIN pragma_index_xinfo(l.name) i LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name WHERE i.key \
         ORDER BY l.seq DESC, i.seqno"
    );
    let mut found: Vec<(String, String, Index)> = Vec::new();
    let _ = session.rows(&sql, |row| {
        let (index, origin, text): (String, String, Option<String>) = (row.get(0)?, row.get(2)?, row.get(7)?);
        if found.last().is_none_or(|(last, ..)| *last != index) {
            let predicate = text.as_deref().and_then(predicate).map(|text| expression(&text, names));
            let unique = row.get(1)?;
            let empty = Index {
                unique,
                method: "btree".to_owned(),
                keys: Vec::new(),
                include: Vec::new(),
                predicate,
                nulls_not_distinct: false,
                part_of: None,
                valid: true,
                comment: None,
            };
            found.push((index, origin, empty));
        }
        let Some((.., index)) = found.last_mut() else { return Ok(()) };
        let mut options = String::new();
        let collation: Option<String> = row.get(6)?;
        if let Some(collation) = collation.filter(|collation| collation != "BINARY") {
            options = format!("COLLATE {collation}");
        }
        if row.get::<_, bool>(5)? {
            options = format!("{options} DESC").trim_start().to_owned();
        }
        let place = index.keys.len();
        let part = match row.get::<_, Option<String>>(4)? {
            Some(column) => IndexPart::Column(column),
            None => IndexPart::Expression(text.as_deref().map(|text| key_text(text, place, names)).unwrap_or_default()),
        };
        index.keys.push(IndexKey { part, called: String::new(), options });
        Ok(())
    });
    for (index, origin, described) in found {
        let columns: Vec<String> = described
            .keys
            .iter()
            .filter_map(|key| match &key.part {
                IndexPart::Column(column) => Some(column.clone()),
                IndexPart::Expression(_) => None,
            })
            .collect();
        let name = match origin.as_str() {
            "pk" => definition.name(ConstraintKind::Primary, &columns).unwrap_or("primary key").to_owned(),
            "u" => {
                let name = definition.name(ConstraintKind::Unique, &columns).map(str::to_owned);
                let name = name.unwrap_or_else(|| format!("unique ({})", columns.join(", ")));
                table.keys.insert(
                    name.clone(),
                    Key { kind: KeyKind::Unique, columns, deferral: String::new(), inherited: false },
                );
                name
            }
            _ => index,
        };
        table.indexes.insert(name, described);
    }
}

/// Takes the predicate of a `CREATE INDEX`.
fn predicate(sql: &str) -> Option<String> {
    let script = Script::parse(sql, Dialect::Sqlite).ok()?;
    let mut cursor = crate::sql::Cursor::new(&script, script.statements().first()?);
    cursor.find(&["WHERE"]).then(|| Some(folded(sql.get(cursor.peek()?.start..)?))).flatten()
}

/// Takes one of the expressions of a `CREATE INDEX`.
fn key_text(sql: &str, place: usize, names: &[String]) -> Expression {
    let find = || {
        let script = Script::parse(sql, Dialect::Sqlite).ok()?;
        let statement = script.statements().first()?;
        let mut cursor = crate::sql::Cursor::new(&script, statement);
        while !cursor.eat_mark(b'(') {
            cursor.next()?;
        }
        for _ in 0..place {
            cursor.next_item();
        }
        let start = cursor.peek()?.start;
        let mut depth = 0usize;
        while let Some(token) = cursor.peek() {
            let ends = depth == 0 && (token.is_mark(sql, b',') || token.is_mark(sql, b')'));
            if ends {
                return Some(folded(sql.get(start..token.start)?));
            }
            depth += usize::from(token.is_mark(sql, b'('));
            depth = depth.saturating_sub(usize::from(token.is_mark(sql, b')')));
            cursor.next();
        }
        None
    };
    find().map(|text| expression(&text, names)).unwrap_or_default()
}

fn references(table: &mut Table, name: &str, definition: &Definition, session: &Session) {
    let sql = format!(
        "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list({name}) ORDER BY id, seq"
    );
    let mut found: Vec<(i64, Reference)> = Vec::new();
    let _ = session.rows(&sql, |row| {
        let id = row.get(0)?;
        if found.last().is_none_or(|(last, _)| *last != id) {
            let parent: String = row.get(1)?;
            let reference = Reference {
                columns: Vec::new(),
                table: format!("{SCHEMA}.{parent}"),
                references: Vec::new(),
                on_delete: row.get(5)?,
                on_update: row.get(4)?,
                deferral: String::new(),
                validated: true,
                inherited: false,
            };
            found.push((id, reference));
        }
        if let Some((_, reference)) = found.last_mut() {
            reference.columns.push(row.get(2)?);
            reference.references.extend(row.get::<_, Option<String>>(3)?);
        }
        Ok(())
    });
    for (_, reference) in found {
        let name = definition.name(ConstraintKind::Foreign, &reference.columns).map(str::to_owned);
        let name = name.unwrap_or_else(|| {
            let parent = reference.table.strip_prefix("main.").unwrap_or(&reference.table);
            format!("foreign key ({}) to {parent}", reference.columns.join(", "))
        });
        table.references.insert(name, reference);
    }
}

/// Gives the column of `a IS NOT NULL` and `a NOTNULL`.
fn proves_not_null(text: &str) -> Option<String> {
    let script = Script::parse(text, Dialect::Sqlite).ok()?;
    let mut cursor = crate::sql::Cursor::new(&script, script.statements().first()?);
    let is_name = matches!(cursor.peek()?.kind, TokenKind::Word | TokenKind::QuotedName);
    let name = cursor.name_part().filter(|_| is_name)?;
    let claims = cursor.eat(&["IS", "NOT", "NULL"]) || cursor.eat(&["NOTNULL"]) || cursor.eat(&["NOT", "NULL"]);
    (claims && cursor.is_done()).then_some(name)
}
