//! A document database of tenants: what the tests of MongoDB apply.

use crate::Chain;
use whimbrel::{DatabaseKind, Registry};

/// Names the tenants that the chain brings along.
pub const NAMES: [&str; 3] = ["acme", "globex", "initech"];

/// Gives the chain: a collection, its indexes, three tenants, and a later field, each statement of which can be sent again.
pub fn registry() -> &'static Registry {
    let tenants = NAMES.map(|name| {
        format!(
            r#"{{"_id": "{name}", "organizationName": "{name}", "contactEmail": "it@{name}.example", "status": "active", "createdAt": {{"$date": "2026-01-01T00:00:00Z"}}}}"#
        )
    });
    let names = NAMES.map(|name| format!("\"{name}\"")).join(", ");
    Chain::new(DatabaseKind::Mongodb)
        .add(
            "0001_tenants",
            &[
                r#"{"create": "tenants"}"#,
                r#"{"createIndexes": "tenants", "indexes": [{"key": {"contactEmail": 1}, "name": "contact_email", "unique": true}]}"#,
            ],
        )
        .down(&[r#"{"drop": "tenants"}"#])
        .schema(1, 0, 0)
        .add("0002_first_tenants", &[&format!(r#"{{"insert": "tenants", "documents": [{}]}}"#, tenants.join(", "))])
        .down(&[&format!(
            r#"{{"delete": "tenants", "deletes": [{{"q": {{"_id": {{"$in": [{names}]}}}}, "limit": 0}}]}}"#
        )])
        .verify(r#"{"count": "tenants", "query": {"status": "active"}}"#)
        .add("0003_tier", &[r#"{"createIndexes": "tenants", "indexes": [{"key": {"tier": 1}, "name": "tier"}]}"#])
        .down(&[r#"{"dropIndexes": "tenants", "index": "tier"}"#])
        .schema(1, 1, 0)
        .registry()
}
