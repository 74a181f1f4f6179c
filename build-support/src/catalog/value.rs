//! What the values of columns can be: which types go together, and where a value may come from.

use super::complaint::finding;
use super::data_type::DataType;
use super::state::StrangerKind;
use super::{Column, Default, Id, Simulator, Table};
use crate::statement::{self, ForeignKey, Generated};

/// Types whose values can be held against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Time,
    Day,
    Uuid,
    Truth,
    Bytes,
    Address,
}

/// Tells the family of a type of the server's own, as it prints it; `None` where that isn't sure.
fn family(ty: &str) -> Option<Family> {
    let bare = ty.split('(').next().unwrap_or(ty).trim_end();
    let is_array = ty.ends_with(']');
    Some(match bare {
        _ if is_array => return None,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Family::Number,
        "text" | "character varying" | "character" => Family::Text,
        "date" => Family::Day,
        _ if bare.starts_with("timestamp") => Family::Day,
        _ if bare.starts_with("time") => Family::Time,
        "uuid" => Family::Uuid,
        "boolean" => Family::Truth,
        "bytea" => Family::Bytes,
        "inet" | "cidr" => Family::Address,
        _ => return None,
    })
}

/// Tells whether the server asks for `USING` from one type of its own to another: it has no cast between them that an
/// assignment may use.
fn needs_using(from: &str, to: &str) -> bool {
    match (family(from), family(to)) {
        (Some(Family::Text), Some(Family::Text)) => false,
        (Some(Family::Text), Some(_)) => true,
        (Some(Family::Text), None) => matches!(to, "json" | "jsonb"),
        (Some(Family::Truth), Some(Family::Number)) | (Some(Family::Number), Some(Family::Truth)) => true,
        _ => false,
    }
}

impl Simulator {
    /// Reports a column whose value would come from two places, or an identity that can't count.
    pub(super) fn check_source(&mut self, column: &statement::Column, ty: &DataType, serial: bool) {
        let name = &column.name;
        let is_identity = matches!(column.generated, Some(Generated::Identity { .. }));
        if let Some(default) = &column.default
            && (serial || column.generated.is_some())
        {
            let own = match (serial, is_identity) {
                (true, _) => "`serial` has one already",
                (_, true) => "an identity has one already",
                _ => "its value is generated",
            };
            let message = format!("column `{}` can't have a default: {own}", name.text);
            self.report(finding("duplicate_default", message, &default.range, "one too many"));
        }
        let counts = matches!(ty.text.as_str(), "smallint" | "integer" | "bigint" | "");
        if is_identity && !counts {
            let message = format!(
                "an identity has to be `smallint`, `integer` or `bigint`, and `{}` is `{}`",
                name.text, ty.text
            );
            self.report(finding("wrong_type", message, &name.range, "can't count"));
        }
    }

    /// Reports a column that has got a type which its values don't become by themselves.
    pub(super) fn check_conversion(&mut self, id: &Id, old: &Column) {
        let Some(table) = self.catalog.table(id).filter(|table| !table.foreign && !table.opaque) else { return };
        let Some(new) = table.columns.iter().find(|column| column.name == old.name) else { return };
        let is_plain =
            old.own_type.is_none() && new.own_type.is_none() && !matches!(old.default, Default::Generated { .. });
        let is_cast = self.catalog.opaque || self.may_be_strange(StrangerKind::Cast, "", "");
        if !is_plain || is_cast || !needs_using(&old.ty, &new.ty) {
            return;
        }
        let (name, ty) = (super::server::quoted(&old.name), new.ty.clone());
        let message = format!(
            "column `{}` of `{}` is `{}`, which does not become `{ty}` by itself",
            old.name,
            id.shown(),
            old.ty
        );
        let mut finding = finding("wrong_type", message, &self.range.clone(), "needs `USING`");
        finding.help.push(format!("say how: `TYPE {ty} USING {name}::{ty}`"));
        self.report(finding);
    }

    /// Reports a foreign key to columns of a type that its own can't be held against, or to a table that may not last.
    pub(super) fn check_key_types(&mut self, id: &Id, other: &Id, key: &ForeignKey, references: &[String]) {
        let (Some(table), Some(held)) = (self.catalog.table(id), self.catalog.table(other)) else { return };
        let find = |table: &Table, name: &str| table.columns.iter().find(|column| column.name == *name).cloned();
        let mut found = Vec::new();
        // A cast of the author's own may let one type stand for another.
        let is_cast = self.catalog.opaque || self.may_be_strange(StrangerKind::Cast, "", "");
        for (own, theirs) in key.columns.iter().zip(references) {
            let (Some(column), Some(referred)) = (find(table, &own.text), find(held, theirs)) else { continue };
            let differ = match (family(&column.ty), family(&referred.ty)) {
                (Some(one), Some(two)) => one != two,
                _ => false,
            };
            if differ && !is_cast && !table.opaque && !held.opaque {
                let message = format!(
                    "column `{}` is `{}`, and can't refer to `{}.{theirs}`, which is `{}`",
                    own.text,
                    column.ty,
                    other.shown(),
                    referred.ty
                );
                found.push(finding("wrong_type", message, &own.range, "not of the same kind"));
            }
        }
        let lasts = |table: &Table| (table.temporary, table.unlogged);
        let reason = match (lasts(table), lasts(held)) {
            ((false, _), (true, _)) => Some("is temporary"),
            ((false, false), (false, true)) => Some("is unlogged"),
            ((true, _), (false, _)) => Some("is not temporary"),
            _ => None,
        };
        if let Some(reason) = reason.filter(|_| !table.opaque && !held.opaque) {
            let message = format!("`{}` can't refer to `{}`, which {reason}", id.shown(), other.shown());
            found.push(finding("wrong_kind", message, &key.table.range(), "lasts another while"));
        }
        for finding in found {
            self.report(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_one_family_can_be_compared() {
        assert_eq!(family("character varying(8)"), family("text"));
        assert_eq!(family("timestamp(3) with time zone"), Some(Family::Day));
        assert_ne!(family("uuid"), family("text"));
        assert_eq!(family("mood"), None);
        assert_eq!(family("integer[]"), None);
    }

    #[test]
    fn what_no_assignment_converts_needs_using() {
        for (from, to) in [
            ("text", "integer"),
            ("character varying(8)", "uuid"),
            ("character(3)", "numeric(10,2)"),
            ("text", "timestamp with time zone"),
            ("text", "jsonb"),
            ("boolean", "integer"),
            ("smallint", "boolean"),
        ] {
            assert!(needs_using(from, to), "{from} {to}");
        }
        for (from, to) in [
            ("integer", "text"),
            ("text", "character varying(8)"),
            ("json", "jsonb"),
            ("integer", "bigint"),
            ("date", "timestamp without time zone"),
            ("timestamp without time zone", "time without time zone"),
            ("text", "name"),
            ("text", "mood"),
            ("boolean", "text"),
            ("text[]", "integer[]"),
        ] {
            assert!(!needs_using(from, to), "{from} {to}");
        }
    }
}
