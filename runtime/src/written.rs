//! How generated code writes a migration down: what every one has, and then what only some have.
//!
//! A chain of a thousand is one constant, and rustc checks it expression by expression: what is left out costs nothing.

use crate::registry::{Anchor, Check, Migration, Script, Work};
use semver::Version;

impl Migration {
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn written(
        (id, number): (&'static str, i64),
        (source, file, line): (&'static str, &'static str, u32),
        description: &'static str,
        database: &'static str,
        schema: Option<Version>,
        (checksum_algorithm, checksum, text_checksum): (u16, &'static str, &'static str),
        up: Work,
    ) -> Migration {
        Migration {
            id,
            number,
            source,
            file,
            line,
            description,
            database,
            after: None,
            schema,
            transactional: true,
            irreversible: None,
            checksum,
            text_checksum,
            checksum_algorithm,
            down_checksum: None,
            up,
            down: None,
            require: None,
            verify: None,
            creates: &[],
            drops: &[],
            down_loses: &[],
            sealed: true,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn comes_after(mut self, ids: &'static [&'static str]) -> Self {
        self.after = Some(ids);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn without_transaction(mut self) -> Self {
        self.transactional = false;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn unsealed(mut self) -> Self {
        self.sealed = false;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn is_irreversible(mut self, reason: &'static str) -> Self {
        self.irreversible = Some(reason);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn has_down(mut self, down: Work, checksum: &'static str, loses: &'static [&'static str]) -> Self {
        self.down = Some(down);
        self.down_checksum = Some(checksum);
        self.down_loses = loses;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn requires(mut self, check: Check) -> Self {
        self.require = Some(check);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn verifies(mut self, check: Check) -> Self {
        self.verify = Some(check);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_tables(mut self, creates: &'static [&'static str], drops: &'static [&'static str]) -> Self {
        self.creates = creates;
        self.drops = drops;
        self
    }
}

impl Script {
    /// Takes a whole file.
    #[doc(hidden)]
    pub const fn file(text: &'static str, file: &'static str, statements: &'static [(u32, u32)]) -> Script {
        Script { text, file, statements, anchors: &[] }
    }

    /// Takes a text that is put together from places in files.
    #[doc(hidden)]
    pub const fn pieces(text: &'static str, statements: &'static [(u32, u32)], anchors: &'static [Anchor]) -> Script {
        Script { text, file: "", statements, anchors }
    }
}
