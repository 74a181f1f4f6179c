//! The words of a text, as they are shown in a message.

/// Puts a word of an author in quotes, unless it brings its own.
pub(super) fn quoted(text: &str) -> String {
    if text.starts_with(['"', '\'']) { text.to_owned() } else { format!("\"{text}\"") }
}
