mod acts;
mod corpus;
mod mistakes;
mod random;
mod told;
mod types;
