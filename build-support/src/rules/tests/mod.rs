mod chain;
mod documentation;
mod examples;
#[cfg(feature = "mysql")]
mod mysql;
mod severity;
mod truth;
