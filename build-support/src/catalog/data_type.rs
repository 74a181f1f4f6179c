//! Types as statements name them, looked up and printed as the server prints them.

use super::complaint::{create_extension, finding};
use super::lookup::{Found, Space};
use super::past::Subject;
use super::server::quoted;
use super::{Id, Simulator, Type, extension};
use crate::statement::TypeName;

/// A type that was looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DataType {
    /// As the server prints it.
    pub(super) text: String,
    /// `schema.type`, where it is none of the server's own.
    pub(super) own: Option<String>,
}

impl Simulator {
    /// Looks a type up, and reports one that isn't there.
    pub(super) fn data_type(&mut self, ty: &TypeName) -> DataType {
        if ty.copied {
            return DataType::default();
        }
        match self.look_up_type(ty) {
            Found::Here(id) => DataType { text: printed(&own_name(&id), ty), own: Some(id.to_string()) },
            Found::Unsure if super::server::is_type(&ty.name) => DataType { text: printed(&ty.name, ty), own: None },
            Found::Unsure => {
                let extension = extension::of_type(&ty.name).and_then(|name| self.catalog.extensions.get(name));
                let own = extension.map(|schema| format!("{schema}.{}", ty.name));
                DataType { text: printed(&quoted(&ty.name), ty), own }
            }
            Found::NoSchema(schema) => {
                self.unknown_schema(&schema);
                DataType { text: printed(&ty.name, ty), own: None }
            }
            Found::Missing(id) => {
                self.unknown_type(&id, ty);
                DataType { text: printed(&own_name(&id), ty), own: Some(id.to_string()) }
            }
        }
    }

    /// Writes a type as the server prints it; nothing where it isn't known.
    pub(super) fn type_text(&self, ty: &TypeName) -> String {
        match self.look_up_type(ty) {
            Found::Here(id) => printed(&own_name(&id), ty),
            Found::Unsure if super::server::is_type(&ty.name) => printed(&ty.name, ty),
            Found::Unsure | Found::Missing(_) | Found::NoSchema(_) => String::new(),
        }
    }

    fn unknown_type(&mut self, id: &Id, ty: &TypeName) {
        if !self.open_world {
            if let Some(extension) = extension::of_type(&ty.name) {
                let message = format!("type `{}` comes with the extension `{extension}`, which isn't created", ty.name);
                let mut finding = finding("missing_extension", message, &ty.range, "not there");
                finding.help.push(create_extension(extension));
                self.report(finding);
            } else {
                let servers = super::server::plain_types();
                let meant = self.nearest_in(Space::Type, &ty.name);
                let meant = meant.or_else(|| whimbrel_grammar::names::nearest(&ty.name, servers).map(str::to_owned));
                let message = format!("there is no type `{}`", id.shown());
                self.unknown("unknown_type", message, &ty.range, Subject::Type(id.to_string()), meant);
            }
        }
        self.put_type(id, Type::Other);
    }
}

/// Writes an own type's name as the server prints it where the search path is the usual one.
pub(super) fn own_name(id: &Id) -> String {
    match id.schema.as_str() {
        "public" => quoted(&id.name),
        schema => format!("{}.{}", quoted(schema), quoted(&id.name)),
    }
}

/// Writes a type with what stands behind its name.
fn printed(name: &str, ty: &TypeName) -> String {
    let mut text = name.to_owned();
    if !ty.arguments.is_empty() {
        let arguments = format!("({})", ty.arguments.join(","));
        // `timestamp(3) with time zone`
        let at = name.find(" with").filter(|_| name.starts_with("time")).unwrap_or(text.len());
        text.insert_str(at, &arguments);
    }
    if ty.array {
        text.push_str("[]");
    }
    text
}
