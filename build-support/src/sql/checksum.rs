//! The checksum of a migration, version 1, byte by byte, so that another implementation can compute it.
//!
//! A checksum is the SHA-256, as 64 lower-case hexadecimal digits, of these bytes:
//! 1. for each option, in the caller's order: its UTF-8 text (`transaction=false`), then 0x1D;
//! 2. for each statement of the script, in order: for each of its tokens the token's UTF-8 text with CR LF written as LF, then 0x1F;
//!    after the last token 0x1E.
//!
//! What isn't hashed: a byte order mark, white space between tokens, comments, the semicolon that ends a statement (one inside a
//! body or in parentheses is a token), empty statements, and a plain `BEGIN … COMMIT` around the whole script.
//! What is: executable comments (`/*! … */`, `/*+ … */`) inside a statement, and the case of words, as the author wrote it.
//!
//! What a token is: a word (a letter, `_` or any byte from 0x80, then those, digits and `$`); a quoted name; a string with its prefix,
//! or a dollar-quoted one with its tags; a number; a placeholder (`$1`); an operator (PostgreSQL: as long as its own lexer would make
//! it, SQLite: from its list; `::` and `:=` in both); any other character alone.

use sha2::{Digest, Sha256};

use super::{Script, TokenKind};

/// Names the version of the algorithm, which is stored beside each checksum.
pub(crate) const ALGORITHM: u16 = 1;

const OPTION_END: u8 = 0x1d;
const STATEMENT_END: u8 = 0x1e;
const TOKEN_END: u8 = 0x1f;

/// Computes the checksum of a script; `options` are the arguments that change how it is run.
pub(crate) fn checksum(script: &Script<'_>, options: &[&str]) -> String {
    let source = script.text();
    let crlf = source.contains("\r\n");
    let mut hasher = Hasher::new(options);
    hasher.bytes.reserve(source.len() + script.tokens().len());
    for statement in script.body() {
        for token in script.tokens_of(statement) {
            let text = token.text(source);
            let may_break =
                matches!(token.kind, TokenKind::String | TokenKind::QuotedName | TokenKind::ExecutableComment);
            if crlf && may_break { hasher.token(&text.replace("\r\n", "\n")) } else { hasher.token(text) }
        }
        hasher.end_statement();
    }
    hasher.finish()
}

/// Computes the SHA-256 of a whole text, a byte order mark dropped and CR LF written as LF: where only this differs, the edit is cosmetic.
pub(crate) fn text_checksum(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { hex(text.replace("\r\n", "\n").as_bytes()) } else { hex(text.as_bytes()) }
}

/// Collects the bytes of a checksum. SHA-256 sees them once, in one piece: unoptimised, each update costs more than its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasher {
    bytes: Vec<u8>,
}

impl Hasher {
    /// Starts with the options.
    pub(crate) fn new(options: &[&str]) -> Self {
        let mut hasher = Self::default();
        for option in options {
            hasher.bytes.extend_from_slice(option.as_bytes());
            hasher.bytes.push(OPTION_END);
        }
        hasher
    }

    /// Adds a token as it is.
    pub(crate) fn token(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(TOKEN_END);
    }

    /// Ends a statement.
    pub(crate) fn end_statement(&mut self) {
        self.bytes.push(STATEMENT_END);
    }

    /// Gives the checksum.
    pub(crate) fn finish(self) -> String {
        hex(&self.bytes)
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
        hex.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    hex
}
