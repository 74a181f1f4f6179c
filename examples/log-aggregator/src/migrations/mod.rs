//! One history of two databases, oldest first.

pub mod release_1_0;
pub mod release_1_1;

whimbrel::registry! { main: Postgres, gateway: Mongodb }
