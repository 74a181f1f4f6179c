//! A lock file.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| whimbrel_build::fuzzing::lock(text));
