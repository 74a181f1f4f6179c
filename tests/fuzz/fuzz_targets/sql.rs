//! A chain of scripts, parted by form feeds: read, followed through the catalog, judged; and run in SQLite.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| whimbrel_build::fuzzing::chain(text));
