//! How bad a line is, and how much a tenant pays.

use super::release_1_0::m0004_validate_tenants::{Status, Tenant as TenantBefore};
use serde::{Deserialize, Serialize};
use whimbrel::mongodb::bson::DateTime;
use whimbrel::prelude::*;
use whimbrel::schemars::{self, JsonSchema};
use whimbrel::validator;

/// A severity for each line; old lines have none.
#[migration(schema = "1.1.0", after(m0001_create_logs))]
pub mod m0005_add_severity {
    pub const UP: &str = "ALTER TABLE logs ADD COLUMN severity INTEGER";
    pub const DOWN: &str = "ALTER TABLE logs DROP COLUMN severity";
    pub const VERIFY: &str = "SELECT count(*) = 0 FROM logs WHERE severity IS NOT NULL";
}

/// Each tenant is of a tier: those that are there already are `basic`.
#[migration(on = gateway, schema = "1.1.0", transaction = false, after(m0004_validate_tenants))]
pub mod m0006_add_tier {
    use super::*;

    /// An organization that sends its logs.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct Tenant {
        /// What the organization is called.
        pub organization_name: String,
        /// Where alerts are sent to.
        pub contact_email: String,
        /// Whether its logs are taken.
        pub status: Status,
        /// What it pays for.
        pub tier: String,
        /// Since when it sends them.
        #[schemars(with = "validator::Date")]
        pub created_at: DateTime,
        /// When this document was last changed.
        #[schemars(with = "validator::Date")]
        pub updated_at: DateTime,
    }

    pub async fn up(gateway: &mut MongodbStep) -> whimbrel::Result<()> {
        gateway.tighten::<Tenant>("tenants").fill("tier", "basic").apply().await.map(drop)
    }

    /// The validator from before; the tiers stay, for who has paid for one may not have noticed.
    pub async fn down(gateway: &mut MongodbStep) -> whimbrel::Result<()> {
        gateway.tighten::<TenantBefore>("tenants").apply().await.map(drop)
    }
}
