#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checksum;
mod facts;
mod lex;
mod random;
mod script;
mod tables;

use super::{Dialect, Facts, Lexer, Script, SqlError, Token};

fn facts(text: &str, dialect: Dialect) -> Facts {
    Facts::of(&Script::parse(text, dialect).unwrap())
}

fn statements(text: &str, dialect: Dialect) -> Vec<&str> {
    let script = Script::parse(text, dialect).unwrap();
    script.statements().iter().map(|statement| &text[statement.range.clone()]).collect()
}

fn lex(text: &str, dialect: Dialect) -> Result<Vec<Token>, SqlError> {
    Lexer::new(text, dialect).collect()
}
