//! MongoDB: what dies between two writes, leases that run out, what is there already, and fields of many documents.
//!
//! Each test runs on FerretDB, which stands in for MongoDB and has neither transactions nor validators. What only MongoDB can show is
//! ignored by name, and run where `WHIMBREL_TEST_MONGODB_URL` names a server.

mod ask;
mod dying;
mod filling;
mod half;
mod leases;
mod place;
mod proxy;
mod recognised;
mod untold;
mod validators;
