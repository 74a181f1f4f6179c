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
    /// Whether others may have the same id, each for another database.
    pub(crate) together: Option<Together>,
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

    /// Names the database, where it says one.
    pub(crate) fn on(&self) -> Option<&str> {
        self.arguments.on.as_ref().map(|(name, _)| name.as_str())
    }

    /// Tells whether both are parts of one migration, each for another database.
    pub(crate) fn is_part_with(&self, other: &Declaration) -> bool {
        let both = self.together.is_some() && other.together.is_some();
        both && self.id == other.id && self.on() != other.on()
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

/// Says what makes the parts of one migration, each for a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Together {
    /// A module with `on = all`, by the place of its name: it has a part for each database.
    All(Place),
    /// A file whose name names a database.
    File,
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
