//! What a statement of MySQL does, as far as it is about a schema: its reader's result, in the dialect's own terms.

use crate::statement::{Name, QualifiedName, Scope};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A statement.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) range: Range<usize>,
    pub(crate) kind: DeedKind,
}

impl Deed {
    /// Says why it can't be followed, and what it names; nothing where it can.
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) fn opaque(&self) -> Option<(&'static str, &[QualifiedName])> {
        match &self.kind {
            DeedKind::Opaque { reason, names } => Some((reason, names)),
            DeedKind::Call(_) => Some(("it calls a procedure", &[])),
            DeedKind::Execute(_) => Some(("its SQL is put together when it runs", &[])),
            DeedKind::Block(_) => Some(("a block may run its statements or not", &[])),
            _ => None,
        }
    }
}

/// The kinds of statements.
#[derive(Clone, Debug)]
pub(crate) enum DeedKind {
    CreateTable(Box<CreateTable>),
    AlterTable(Box<AlterTable>),
    DropTables {
        names: Vec<QualifiedName>,
        if_exists: bool,
        temporary: bool,
    },
    RenameTables {
        pairs: Vec<(QualifiedName, QualifiedName)>,
        if_exists: bool,
    },
    CreateIndex {
        table: QualifiedName,
        key: Key,
        or_replace: bool,
        online: Online,
    },
    DropIndex {
        name: Name,
        table: QualifiedName,
        if_exists: bool,
    },
    CreateView {
        name: QualifiedName,
        or_replace: bool,
        if_not_exists: bool,
        columns: Vec<Name>,
        query: Scope,
    },
    DropViews {
        names: Vec<QualifiedName>,
        if_exists: bool,
    },
    Truncate(QualifiedName),
    /// A query or a change of rows.
    Rows(Scope),
    /// A trigger; its body is looked at when it runs.
    CreateTrigger {
        table: QualifiedName,
    },
    /// A procedure or a function, which may do something to the tables that its words name.
    CreateProgram {
        name: String,
        words: Words,
    },
    Call(Words),
    /// SQL that is put together when it runs, out of a script with these words.
    Execute(Arc<Words>),
    /// `BEGIN NOT ATOMIC … END`: statements that a block runs or doesn't.
    Block(Words),
    Use(Name),
    ForeignKeyChecks(bool),
    Transaction,
    /// Something that changes no table and commits nothing (`SET`), or that does (`GRANT`, `ANALYZE`, `CREATE PROCEDURE`).
    Harmless {
        commits: bool,
    },
    /// Something that can't be followed, and the reason. Whatever it names may be anything from here on; without names,
    /// everything.
    Opaque {
        #[cfg_attr(not(feature = "cli"), allow(dead_code))]
        reason: &'static str,
        names: Vec<QualifiedName>,
    },
}

/// What code that isn't followed may name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// In lower case, those in strings included.
    pub(crate) all: BTreeSet<String>,
    /// The procedures that it calls; one without a name where which it is stands in a string.
    pub(crate) calls: BTreeSet<String>,
}

impl Words {
    pub(crate) fn has(&self, word: &str) -> bool {
        self.all.contains(word)
    }

    /// Adds what other code may name.
    pub(crate) fn unite(&mut self, other: &Words) {
        self.all.extend(other.all.iter().cloned());
        self.calls.extend(other.calls.iter().cloned());
    }

    /// Tells whether such code may make a table, or go through all that there are.
    pub(crate) fn makes(&self) -> bool {
        self.has("create") || self.has("rename") || self.is_wild()
    }

    /// Tells whether it may name a table by none of these words.
    pub(crate) fn is_wild(&self) -> bool {
        self.has("cursor") || self.has("group_concat")
    }
}

/// `CREATE TABLE`.
#[derive(Clone, Debug)]
pub(crate) struct CreateTable {
    pub(crate) name: QualifiedName,
    pub(crate) temporary: bool,
    pub(crate) or_replace: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) parts: Vec<Part>,
    pub(crate) like: Option<QualifiedName>,
    /// `AS SELECT`: its columns aren't followed.
    pub(crate) query: Option<Scope>,
    pub(crate) options: Options,
}

/// What a table's options say that is followed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) comment: Option<String>,
    /// In lower case.
    pub(crate) charset: Option<String>,
}

/// What a table has besides columns.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Key(Key),
    Reference(Reference),
    Check(Check),
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Name,
    /// Canonical: `bigint unsigned`, `varchar(64)`.
    pub(crate) ty: String,
    /// A character set and a collation of its own.
    pub(crate) charset: String,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    pub(crate) auto_increment: bool,
    /// Computed by this, and whether it is kept in the row.
    pub(crate) generated: Option<(String, bool)>,
    pub(crate) comment: Option<String>,
    /// Keys, references and checks that stand with it.
    pub(crate) parts: Vec<Part>,
    pub(crate) place: Option<Place>,
    pub(crate) if_not_exists: bool,
    pub(crate) range: Range<usize>,
}

/// Where a column is put.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    First,
    After(Name),
}

/// The kinds of keys and indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
    Plain,
    Fulltext,
    Spatial,
    Vector,
}

/// A key or an index.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) name: Option<Name>,
    pub(crate) parts: Vec<KeyPart>,
    pub(crate) if_not_exists: bool,
    pub(crate) range: Range<usize>,
}

/// What a key is sorted by.
#[derive(Clone, Debug)]
pub(crate) struct KeyPart {
    /// `None` for an expression.
    pub(crate) column: Option<Name>,
    /// As it was written, without the column.
    pub(crate) text: String,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) name: Option<Name>,
    pub(crate) index: Option<Name>,
    pub(crate) columns: Vec<Name>,
    pub(crate) table: QualifiedName,
    pub(crate) references: Vec<Name>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) if_not_exists: bool,
    /// Whether it stands with a column, where MySQL reads it and makes nothing of it.
    pub(crate) inline: bool,
    pub(crate) range: Range<usize>,
}

/// A check.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) name: Option<Name>,
    pub(crate) text: String,
    pub(crate) uses: Scope,
}

/// `ALTER TABLE`.
#[derive(Clone, Debug)]
pub(crate) struct AlterTable {
    pub(crate) table: QualifiedName,
    pub(crate) if_exists: bool,
    pub(crate) changes: Vec<Change>,
    pub(crate) online: Online,
}

/// How the author wants an index or a table to be changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Online {
    /// In upper case.
    pub(crate) algorithm: Option<String>,
    pub(crate) lock: Option<String>,
}

/// One change of a table.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) range: Range<usize>,
    pub(crate) kind: ChangeKind,
}

/// The kinds of changes.
#[allow(clippy::large_enum_variant)] // One for each change, read once.
#[derive(Clone, Debug)]
pub(crate) enum ChangeKind {
    Add(Box<Column>),
    AddPart(Part),
    /// `MODIFY` and `CHANGE`, which say a column anew.
    Replace {
        from: Name,
        column: Box<Column>,
        if_exists: bool,
    },
    RenameColumn {
        from: Name,
        to: Name,
        if_exists: bool,
    },
    Default {
        name: Name,
        default: Option<String>,
        if_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
    },
    DropPrimary {
        if_exists: bool,
    },
    DropIndex {
        name: Name,
        if_exists: bool,
    },
    DropReference {
        name: Name,
        if_exists: bool,
    },
    /// A check, or anything else that has a constraint's name.
    DropConstraint {
        name: Name,
        if_exists: bool,
    },
    RenameIndex {
        from: Name,
        to: Name,
        if_exists: bool,
    },
    Rename(QualifiedName),
    /// `CONVERT TO CHARACTER SET`, which may make texts longer; in lower case.
    Convert(String),
    /// An index that has to be there: `ALTER INDEX i INVISIBLE`.
    Index {
        name: Name,
        if_exists: bool,
    },
    Comment(String),
    /// A storage engine: every row is written anew.
    Engine,
    /// `ORDER BY`, `FORCE`, a row format: every row is written anew.
    Rebuild,
    /// Partitions.
    Partition,
    /// Whatever changes nothing that is followed.
    Harmless,
}
