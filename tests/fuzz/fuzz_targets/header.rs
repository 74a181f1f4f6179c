//! The comment header of a SQL file: every place that a mistake names lies in the text.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (_, mistakes) = whimbrel_grammar::header::read(text);
    for mistake in mistakes {
        assert!(text.get(mistake.place).is_some(), "a place outside of the text");
    }
});
