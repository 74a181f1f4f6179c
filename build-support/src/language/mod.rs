//! What is understood of a script that isn't SQL, whatever its language.

mod complaint;
mod statement;

pub(crate) use complaint::Complaint;
pub(crate) use statement::Statement;

use crate::rules::Verdict;
use crate::sql::checksum::Hasher;
use whimbrel_grammar::{DatabaseKind, Language};

/// What a script is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// To do something.
    Work,
    /// To ask whether all is well; it changes nothing.
    Question,
}

/// What is understood of a script.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// In order, empty ones left out.
    pub(crate) statements: Vec<Statement>,
    /// What is wrong, in order.
    pub(crate) complaints: Vec<Complaint>,
    /// What the rules say.
    pub(crate) verdicts: Vec<Verdict>,
    /// What running it may lose, each once.
    pub(crate) losses: Vec<String>,
    /// Whether it could be told into statements.
    pub(crate) is_readable: bool,
}

impl Reading {
    /// Computes the checksum: version 1, as `sql/checksum.rs` has it, of the statements' tokens, with `language=redis` (`cypher`,
    /// `mongodb`) for the first option. No script in SQL begins like that, so none has the same.
    pub(crate) fn checksum(&self, text: &str, language: Language, options: &[&str]) -> String {
        let tag = format!("language={}", language.extension());
        let mut hasher = Hasher::new(&[&[tag.as_str()], options].concat());
        for statement in &self.statements {
            for token in &statement.tokens {
                let token = text.get(token.clone()).unwrap_or_default();
                if token.contains('\r') { hasher.token(&token.replace("\r\n", "\n")) } else { hasher.token(token) }
            }
            hasher.end_statement();
        }
        hasher.finish()
    }

    /// Adds what running it may lose.
    #[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
    pub(crate) fn loses(&mut self, what: String) {
        if !self.losses.contains(&what) {
            self.losses.push(what);
        }
    }
}

/// Reads a script in the language of a database; `None` where that was left out of this build.
pub(crate) fn read(text: &str, kind: DatabaseKind, role: Role) -> Option<Reading> {
    #[cfg(not(any(feature = "redis", feature = "neo4j", feature = "mongodb")))]
    let _ = (text, role);
    match kind {
        #[cfg(feature = "redis")]
        DatabaseKind::Redis => Some(crate::redis::read(text, role)),
        #[cfg(feature = "neo4j")]
        DatabaseKind::Neo4j => Some(crate::cypher::read(text, role)),
        #[cfg(feature = "mongodb")]
        DatabaseKind::Mongodb => Some(crate::mongodb::read(text, role)),
        _ => None,
    }
}

#[cfg(test)]
#[cfg(all(feature = "cli", feature = "sqlite"))]
mod random;
#[cfg(test)]
#[cfg(all(feature = "redis", feature = "neo4j", feature = "mongodb"))]
mod tests;
