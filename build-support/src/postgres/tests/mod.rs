mod corpus;
mod types;
