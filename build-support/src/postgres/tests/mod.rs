mod corpus;
mod mistakes;
mod random;
mod types;
