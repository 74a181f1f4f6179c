//! What a tenant is, from the day on which it was written down.

use serde::{Deserialize, Serialize};
use whimbrel::mongodb::bson::DateTime;
use whimbrel::prelude::*;
use whimbrel::schemars::{self, JsonSchema};
use whimbrel::validator;

/// Tenants are what the type says: the server refuses anything else from now on.
#[migration(on = gateway, transaction = false, after(m0003_create_tenants))]
pub mod m0004_validate_tenants {
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
        /// Since when it sends them.
        #[schemars(with = "validator::Date")]
        pub created_at: DateTime,
        /// When this document was last changed.
        #[schemars(with = "validator::Date")]
        pub updated_at: DateTime,
    }

    /// Whether a tenant's logs are taken.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    pub enum Status {
        /// They are.
        Active,
        /// They are not.
        Inactive,
    }

    pub async fn up(gateway: &mut MongodbStep) -> whimbrel::Result<()> {
        gateway.tighten::<Tenant>("tenants").apply().await.map(drop)
    }

    pub const DOWN: &str = r#"{ "collMod": "tenants", "validator": {}, "validationLevel": "off" }"#;
}
