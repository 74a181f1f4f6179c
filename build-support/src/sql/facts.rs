use std::ops::Range;

use super::cursor::Cursor;
use super::loss::{self, Loss};
use super::outside::{self, Outside};
use super::retry::{self, Retry};
use super::tables::{self, Tables};
use super::{Dialect, Script, needed, timescale, transaction};

/// Tells what a script does to the database, as far as its words show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Gives the places of a plain `BEGIN` and `COMMIT` around the whole script, which [`Script::body`] leaves out.
    pub(crate) outer_transaction: Option<(Range<usize>, Range<usize>)>,
    /// Gives each statement of the body that begins or ends a transaction; savepoints don't count.
    pub(crate) transaction_control: Vec<Finding>,
    /// Gives each statement of the body that does its work outside a transaction only.
    pub(crate) outside: Vec<Outside>,
    /// Tells for each statement of the body how it is taken up again.
    pub(crate) retries: Vec<Retry>,
    /// Names the tables that exist because of the script, each once; temporary ones don't count.
    pub(crate) creates: Vec<String>,
    /// Names the tables that are gone because of the script, each once.
    pub(crate) drops: Vec<String>,
    /// Tells whether `creates` and `drops` may be wrong: a statement runs code, or changes many tables, without naming them.
    pub(crate) hides_tables: bool,
    /// Names the tables that it makes hypertables of.
    pub(crate) hypertables: Vec<String>,
    /// Names the extensions that it can't do without, each once.
    pub(crate) extensions: Vec<String>,
    /// Says what running it may lose, each once, in the order of the statements; empty where nothing.
    pub(crate) losses: Vec<String>,
}

/// Holds a statement that the caller may have to object to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Gives its bytes in the text.
    pub(crate) range: Range<usize>,
    /// Gives its first words, as the author wrote them.
    pub(crate) words: String,
}

impl Facts {
    /// Collects the facts of a script.
    pub(crate) fn of(script: &Script<'_>) -> Self {
        let body = script.body();
        let mut facts = Self {
            outer_transaction: transaction::outer(script),
            transaction_control: transaction::control(script, body),
            ..Self::default()
        };
        let mut known = Tables::default();
        let mut losses = Vec::new();
        for statement in body {
            let cursor = Cursor::new(script, statement);
            facts.outside.extend(outside::find(cursor, &statement.range));
            facts.retries.push(Retry::of(cursor));
            if script.dialect() == Dialect::Postgres {
                facts.hypertables.extend(timescale::hypertable(cursor));
                let extension = needed::extension(cursor).filter(|extension| !facts.extensions.contains(extension));
                facts.extensions.extend(extension);
            }
            facts.hides_tables |= tables::hides(cursor);
            loss::collect(cursor, &known, &mut losses);
            known.apply(cursor);
        }
        if script.dialect() == Dialect::Mysql {
            retry::join(script, body, &mut facts.retries);
        }
        for block in transaction::blocks(script, body) {
            let inside = &mut facts.retries[block];
            // What changes a schema commits, and then there is no such transaction.
            if script.dialect() == Dialect::Mysql && !inside.iter().all(Retry::is_transactional) {
                continue;
            }
            inside.fill(Retry::Inside);
            inside.last_mut().into_iter().for_each(|last| *last = Retry::Closes);
        }
        facts.creates = known.created();
        facts.drops = known.dropped();
        for said in losses.into_iter().map(|loss: Loss| loss.say(&facts.drops)) {
            if !facts.losses.contains(&said) {
                facts.losses.push(said);
            }
        }
        facts
    }
}
