//! A script in each language that isn't SQL: read, told into statements, judged.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| whimbrel_build::fuzzing::script(text));
