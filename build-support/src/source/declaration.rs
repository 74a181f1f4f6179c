//! A migration as it was written: owned, and with the place of every word.

use super::{Place, Script};
use whimbrel_grammar::{Arguments, Id, Language};

/// One migration as an author declared it.
#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) id: Id,
    /// Where its name stands.
    pub(crate) place: Place,
    pub(crate) origin: Origin,
    pub(crate) description: String,
    pub(crate) arguments: Arguments<Place>,
    pub(crate) up: Part,
    pub(crate) down: Option<Part>,
    pub(crate) require: Option<Part>,
    pub(crate) verify: Option<Part>,
}

impl Declaration {
    /// Tells whether it runs in one transaction with its ledger row.
    pub(crate) fn is_transactional(&self) -> bool {
        self.arguments.transaction.as_ref().is_none_or(|(transaction, _)| *transaction)
    }

    /// Gives the name as its author wrote it: the module's path, or the file's name.
    pub(crate) fn source(&self) -> String {
        match &self.origin {
            Origin::Module(path) => path.join("::"),
            Origin::File(name) => name.clone(),
        }
    }

    /// Gives the language of the file that it is; a module's is its database's.
    pub(crate) fn language(&self) -> Option<Language> {
        match &self.origin {
            Origin::Module(_) => None,
            Origin::File(name) => Language::of_file(name).map(|(_, language)| language),
        }
    }
}

/// Where a declaration comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// A module, by its path from the folder's `mod.rs`.
    Module(Vec<String>),
    /// A script's file, by its name.
    File(String),
}

/// What `up`, `down`, `verify` or `require` is.
#[derive(Debug)]
pub(crate) enum Part {
    Script(Script),
    Rust(RustPart),
}

/// An author's function.
#[derive(Debug)]
pub(crate) struct RustPart {
    /// Where its name stands.
    pub(crate) place: Place,
    /// The last segment of its parameter's type: `SqliteStep`.
    pub(crate) step: String,
    /// The SHA-256 of the tokens that it is made of.
    pub(crate) checksum: String,
}
