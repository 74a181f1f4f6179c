//! A type's JSON Schema as MongoDB's `$jsonSchema`, which is of another draft and has types of its own.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/>

use crate::error::{Error, Result};
use mongodb::bson::{Bson, Document, doc};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Gives the validator of a collection of these: `{ $jsonSchema: … }`.
///
/// An integer may be an int or a long, whichever the writer of a document took; its range is that of the Rust type. What is `Option` may
/// be missing or null.
///
/// # Errors
/// A type that contains itself, and what MongoDB's `$jsonSchema` can't say.
pub fn of<T: JsonSchema>() -> Result<Document> {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut document = translated(schema.as_value(), &T::schema_name())?;
    let closed = document.get_bool("additionalProperties").is_ok_and(|open| !open);
    if let Ok(properties) = document.get_document_mut("properties")
        && closed
        && !properties.contains_key("_id")
    {
        // Every document has one, whatever the type says.
        properties.insert("_id", doc! {});
    }
    Ok(doc! { "$jsonSchema": document })
}

macro_rules! marker {
    ($name:ident, $bson:literal, $what:literal) => {
        #[doc = concat!("Stands for ", $what, " in `#[schemars(with = \"…\")]`.")]
        #[derive(Debug)]
        pub struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "bsonType": $bson })
            }
        }
    };
}

marker!(Date, "date", "a `bson::DateTime`");
marker!(ObjectId, "objectId", "a `bson::oid::ObjectId`");
marker!(Decimal, "decimal", "a `bson::Decimal128`");

/// The keywords that MongoDB has, in the order in which they are written.
const KEYWORDS: [&str; 27] = [
    "title",
    "description",
    "bsonType",
    "enum",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "dependencies",
    "minProperties",
    "maxProperties",
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "allOf",
    "anyOf",
    "oneOf",
];
/// Those that say nothing about a document.
const REMARKS: [&str; 9] =
    ["$schema", "$id", "default", "examples", "format", "readOnly", "writeOnly", "deprecated", "contentEncoding"];

/// Translates the schema at a place that is named for errors.
fn translated(value: &Value, place: &str) -> Result<Document> {
    let Value::Object(schema) = value else {
        // `true` takes everything.
        return if value == &Value::Bool(true) { Ok(doc! {}) } else { Ok(doc! { "not": {} }) };
    };
    if schema.contains_key("$ref") {
        return Err(Error::new(format!("`{place}` contains itself, which MongoDB's `$jsonSchema` can't say")));
    }
    let mut schema = schema.clone();
    constants(&mut schema);
    bson_type(&mut schema);
    limits(&mut schema);
    let known = |key: &str| KEYWORDS.contains(&key) || REMARKS.contains(&key) || key == "not" || key.starts_with("x-");
    if let Some(unknown) = schema.keys().find(|key| !known(key)) {
        return Err(Error::new(format!("MongoDB's `$jsonSchema` has no `{unknown}`, which the schema of `{place}` has")));
    }
    let mut document = Document::new();
    for keyword in KEYWORDS.iter().chain(&["not"]) {
        if let Some(value) = schema.get(*keyword) {
            document.insert(*keyword, keyword_value(keyword, value, place)?);
        }
    }
    Ok(document)
}

fn keyword_value(keyword: &str, value: &Value, place: &str) -> Result<Bson> {
    let each = |schemas: &[Value]| -> Result<Bson> {
        let all = schemas.iter().map(|schema| translated(schema, place).map(Bson::Document));
        all.collect::<Result<Vec<_>>>().map(Bson::Array)
    };
    match (keyword, value) {
        ("properties" | "patternProperties", Value::Object(fields)) => {
            let field = |(name, schema): (&String, &Value)| {
                Ok((name.clone(), Bson::Document(translated(schema, &format!("{place}.{name}"))?)))
            };
            fields.iter().map(field).collect::<Result<Document>>().map(Bson::Document)
        }
        ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(schemas)) => each(schemas),
        ("additionalProperties" | "additionalItems", Value::Bool(open)) => Ok(Bson::Boolean(*open)),
        ("items" | "not" | "additionalProperties" | "additionalItems", schema) => {
            translated(schema, place).map(Bson::Document)
        }
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> Result<Bson> {
    Ok(match value {
        Value::Null => Bson::Null,
        Value::Bool(truth) => Bson::Boolean(*truth),
        Value::String(text) => Bson::String(text.clone()),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => i32::try_from(whole).map_or(Bson::Int64(whole), Bson::Int32),
            None => Bson::Double(number.as_f64().unwrap_or_default()),
        },
        Value::Array(items) => Bson::Array(items.iter().map(plain).collect::<Result<_>>()?),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| Ok((name.clone(), plain(value)?));
            Bson::Document(fields.iter().map(field).collect::<Result<_>>()?)
        }
    })
}

/// Makes one enum of a choice between constants, and an enum of one of a constant by itself.
fn constants(schema: &mut Map<String, Value>) {
    if let Some(constant) = schema.remove("const") {
        schema.insert("enum".into(), Value::Array(vec![constant]));
    }
    let values = |part: &Value| {
        let of = part.get("enum").and_then(Value::as_array).cloned();
        of.or_else(|| part.get("const").map(|constant| vec![constant.clone()]))
    };
    for choice in ["oneOf", "anyOf"] {
        let Some(Value::Array(parts)) = schema.get(choice) else { continue };
        let all: Option<Vec<_>> = parts.iter().map(values).collect();
        if let Some(all) = all.filter(|_| !schema.contains_key("enum")) {
            let of_null = parts.iter().any(|part| values(part).is_some_and(|values| values.contains(&Value::Null)));
            let kind = if of_null { serde_json::json!(["string", "null"]) } else { "string".into() };
            let mut all = all.concat();
            if all.iter().all(|value| value.is_string() || value.is_null()) {
                schema.remove(choice);
                all.dedup();
                schema.insert("type".into(), kind);
                schema.insert("enum".into(), Value::Array(all));
            }
        }
    }
}

/// Names the types as BSON does.
fn bson_type(schema: &mut Map<String, Value>) {
    let Some(kind) = schema.remove("type") else { return };
    let kinds = match kind {
        Value::Array(kinds) => kinds,
        kind => vec![kind],
    };
    let mut named: Vec<Value> = Vec::new();
    for kind in &kinds {
        match kind.as_str().unwrap_or_default() {
            "integer" => named.extend(["int", "long"].map(Into::into)),
            "number" => named.extend(["double", "int", "long"].map(Into::into)),
            "boolean" => named.push("bool".into()),
            other => named.push(other.into()),
        }
    }
    let one = if named.len() == 1 { named.remove(0) } else { Value::Array(named) };
    schema.insert("bsonType".into(), one);
    // What the narrow types leave unsaid elsewhere: a long would take more.
    let range = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        Some("uint32") => Some((0, i64::from(u32::MAX))),
        _ => None,
    };
    if let Some((least, most)) = range {
        schema.entry("minimum").or_insert(least.into());
        schema.entry("maximum").or_insert(most.into());
    }
}

/// Draft 4 says of a limit whether it is itself outside.
fn limits(schema: &mut Map<String, Value>) {
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(number) = schema.get(exclusive).filter(|value| value.is_number()).cloned() {
            schema.insert(limit.into(), number);
            schema.insert(exclusive.into(), Value::Bool(true));
        }
    }
}
