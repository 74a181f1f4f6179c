mod acts;
mod corpus;
mod expression;
mod mistakes;
mod random;
mod told;
mod types;
