//! Chains followed, and what is said of them.

mod corpus;
