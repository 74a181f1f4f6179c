//! The shop's schema, from the first day on.

whimbrel::registry! { main: Postgres }
