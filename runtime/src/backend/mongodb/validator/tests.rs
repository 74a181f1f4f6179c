//! Types as MongoDB reads them, and the commands, byte by byte.

#![allow(clippy::unwrap_used, dead_code, reason = "a test fails by panicking; the types are only read for what they say")]

use super::super::extended_json::text;
use super::drift::differences;
use super::rehearsal::verdict;
use super::tighten::Previous;
use super::{Date, ObjectId, commands, of};
use mongodb::bson::{Document, doc};
use schemars::JsonSchema;

/// An organization
/// that uses the application.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    #[serde(rename = "_id")]
    #[schemars(with = "ObjectId")]
    id: mongodb::bson::oid::ObjectId,
    /// As it is registered.
    organization_name: String,
    contact_email: String,
    status: Status,
    tier: Option<Tier>,
    seats: u32,
    #[schemars(range(min = 1, max = 5))]
    level: i64,
    share: f64,
    tags: Vec<String>,
    address: Address,
    #[schemars(with = "Date")]
    created_at: mongodb::bson::DateTime,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Inactive,
}

#[derive(JsonSchema)]
enum Tier {
    /// What everybody has.
    #[serde(rename = "basic")]
    Basic,
    #[serde(rename = "gold")]
    Gold,
}

#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    street: String,
    #[serde(rename = "no")]
    number: u16,
}

#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    a: bool,
}

#[derive(JsonSchema)]
struct Endless {
    next: Option<Box<Endless>>,
}

#[test]
fn a_type_says_everything() {
    let schema = of::<Tenant>().unwrap();
    let schema = schema.get_document("$jsonSchema").unwrap();
    assert_eq!(schema.get_str("bsonType").unwrap(), "object");
    assert_eq!(schema.get_str("description").unwrap(), "An organization\nthat uses the application.");
    let required = ["_id", "organizationName", "contactEmail", "status", "seats", "level", "share", "tags", "address", "createdAt"];
    assert_eq!(schema.get_array("required").unwrap(), &required.map(Into::into).to_vec());
    let property = |name: &str| schema.get_document("properties").unwrap().get_document(name).unwrap().clone();
    assert_eq!(property("_id"), doc! { "bsonType": "objectId" });
    assert_eq!(property("organizationName"), doc! { "description": "As it is registered.", "bsonType": "string" });
    assert_eq!(property("status"), doc! { "bsonType": "string", "enum": ["active", "inactive"] });
    assert_eq!(property("seats"), doc! { "bsonType": ["int", "long"], "minimum": 0, "maximum": 4_294_967_295_i64 });
    assert_eq!(property("level"), doc! { "bsonType": ["int", "long"], "minimum": 1, "maximum": 5 });
    assert_eq!(property("share"), doc! { "bsonType": ["double", "int", "long"] });
    assert_eq!(property("tags"), doc! { "bsonType": "array", "items": { "bsonType": "string" } });
    assert_eq!(property("createdAt"), doc! { "bsonType": "date" });
    let number = doc! { "bsonType": ["int", "long"], "minimum": 0, "maximum": 65535 };
    let address = doc! {
        "bsonType": "object", "required": ["street", "no"],
        "properties": { "no": number, "street": { "bsonType": "string" } }, "additionalProperties": false,
    };
    assert_eq!(property("address"), address);
    let tier = text(&property("tier"));
    for part in ["basic", "gold", "null"] {
        assert!(tier.contains(part), "{tier}");
    }
}

#[test]
fn a_closed_type_still_has_an_id() {
    let schema = of::<Closed>().unwrap();
    let properties = schema.get_document("$jsonSchema").unwrap().get_document("properties").unwrap();
    assert_eq!(properties, &doc! { "a": { "bsonType": "bool" }, "_id": {} });
}

#[test]
fn a_type_that_contains_itself_is_refused() {
    assert!(of::<Endless>().unwrap_err().to_string().contains("contains itself"));
}

fn validator() -> Document {
    doc! { "$jsonSchema": { "bsonType": "object", "required": ["tier"], "properties": { "tier": { "bsonType": "string" } } } }
}

const SCHEMA: &str =
    r#"{"$jsonSchema": {"bsonType": "object", "required": ["tier"], "properties": {"tier": {"bsonType": "string"}}}}"#;

/// # Source
/// <https://www.mongodb.com/docs/manual/reference/command/collMod/#change-validation-rules>
#[test]
fn a_validator_is_set_as_the_manual_has_it() {
    assert_eq!(
        text(&commands::set_validator("tenants", &validator(), "moderate", "error")),
        format!(
            r#"{{"collMod": "tenants", "validator": {SCHEMA}, "validationLevel": "moderate", "validationAction": "error", "writeConcern": {{"w": "majority"}}}}"#
        )
    );
}

/// # Source
/// <https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/#find-documents-that-don-t-match-the-schema>
#[test]
fn what_a_validator_refuses_is_asked_as_the_manual_has_it() {
    let refused = commands::refused(&validator());
    assert_eq!(
        text(&commands::count("tenants", refused.clone())),
        format!(r#"{{"count": "tenants", "query": {{"$nor": [{SCHEMA}]}}}}"#)
    );
    assert_eq!(
        text(&commands::samples("tenants", refused)),
        format!(r#"{{"find": "tenants", "filter": {{"$nor": [{SCHEMA}]}}, "projection": {{"_id": 1}}, "limit": 10, "singleBatch": true}}"#)
    );
}

/// # Source
/// <https://www.mongodb.com/docs/manual/core/index-unique/convert-to-unique/>
#[test]
fn an_index_becomes_unique_as_the_manual_has_it() {
    let keys = doc! { "contactEmail": 1 };
    assert_eq!(
        text(&commands::create_index("tenants", "email", &keys)),
        r#"{"createIndexes": "tenants", "indexes": [{"key": {"contactEmail": 1}, "name": "email"}], "writeConcern": {"w": "majority"}}"#
    );
    assert_eq!(
        text(&commands::prepare_unique("tenants", "email", true)),
        r#"{"collMod": "tenants", "index": {"name": "email", "prepareUnique": true}, "writeConcern": {"w": "majority"}}"#
    );
    assert_eq!(
        text(&commands::make_unique("tenants", "email")),
        r#"{"collMod": "tenants", "index": {"name": "email", "unique": true}, "writeConcern": {"w": "majority"}}"#
    );
}

/// # Source
/// <https://www.mongodb.com/docs/manual/reference/operator/aggregation/documents/>
#[test]
fn examples_are_judged_without_being_stored() {
    let judge = text(&commands::judge(&[doc! { "tier": 1 }], &validator()));
    assert_eq!(
        judge,
        concat!(
            r#"{"aggregate": 1, "pipeline": [{"$documents": [{"d": {"$literal": [{"n": 0, "document": {"tier": 1}}]}}]}, "#,
            r#"{"$unwind": "$d"}, {"$replaceRoot": {"newRoot": {"$mergeObjects": ["$d.document", {"whimbrel: n": "$d.n"}]}}}, "#,
            r#"{"$match": {"$nor": [{"$jsonSchema": {"bsonType": "object", "required": ["tier"], "properties": "#,
            r#"{"tier": {"bsonType": "string"}, "whimbrel: n": {}}}}]}}, {"$project": {"_id": 0, "n": "$whimbrel: n"}}], "cursor": {}}"#
        )
    );
}

#[test]
fn what_will_be_filled_may_be_missing_beforehand() {
    let weak = commands::without(&validator(), &["tier".into()]);
    assert!(!weak.get_document("$jsonSchema").unwrap().contains_key("required"));
    assert_eq!(commands::without(&validator(), &["other".into()]), validator());
}

#[test]
fn examples_that_are_judged_wrongly_are_shown() {
    let (good, bad) = ([doc! { "tier": "a" }], [doc! { "tier": 1 }]);
    assert!(verdict(&good, &bad, &[1]).is_ok());
    let wrong = verdict(&good, &bad, &[0]).unwrap_err().to_string();
    assert!(wrong.contains(r#"refuses {"tier": "a"}"#) && wrong.contains(r#"takes {"tier": 1}"#), "{wrong}");
}

#[test]
fn what_was_in_force_comes_back() {
    let options = doc! { "validator": validator(), "validationLevel": "moderate", "validationAction": "warn" };
    let reply = doc! { "cursor": { "id": 0_i64, "firstBatch": [{ "name": "tenants", "options": options }] } };
    let restored = Previous::read(&reply).restore("tenants");
    assert_eq!(restored, commands::set_validator("tenants", &validator(), "moderate", "warn"));
    let none = Previous::default().restore("tenants");
    assert_eq!(none, commands::set_validator("tenants", &doc! {}, "strict", "error"));
}

#[test]
fn drift_is_told_by_its_place() {
    assert!(differences(&validator(), &validator()).is_empty());
    let there = doc! { "$jsonSchema": { "bsonType": "object", "required": ["name", "tier"], "properties": {} } };
    let told: Vec<_> = differences(&validator(), &there).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"`$jsonSchema.required`: the type says ["tier"], the server has ["name", "tier"]"#,
            r#"`$jsonSchema.properties.tier`: the type says {"bsonType": "string"}, the server has nothing"#,
        ]
    );
}
