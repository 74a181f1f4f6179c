//! The comment header of a script's file: every place that a mistake names lies in the text.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    for language in whimbrel_grammar::Language::ALL {
        let (_, mistakes) = whimbrel_grammar::header::read_as(text, language);
        for mistake in mistakes {
            assert!(text.get(mistake.place).is_some(), "a place outside of the text");
        }
    }
});
