//! The rules for SQLite: they are shown a whole script, for what a rebuilt table has lost is seen at its end only.

mod rebuild;
mod story;

pub(crate) use rebuild::{Rebuild, find, is_generated};
pub(crate) use story::{Around, Broken, Story};

use super::words::Text;
use super::{
    Verdict, column_dropped, column_renamed, left_dangling, non_constant_default, not_null_column,
    rebuild_forgets_index, rebuild_forgets_reference, rebuild_forgets_trigger, rebuild_misses_column,
    stored_generated_column, table_dropped, table_renamed,
};
use crate::sort;
use crate::sqlite::{Deed, Effect, Named, RowRefusal};

/// A script, and what was there before and after it.
#[derive(Debug)]
pub(crate) struct Case<'s, 'a> {
    pub(crate) text: Text<'s>,
    pub(crate) story: &'s Story<'a>,
    pub(crate) around: &'s Around<'a>,
}

impl<'s> Case<'s, '_> {
    /// Gives a name as it was written.
    pub(crate) fn written<'n: 's>(&self, name: &'n Named) -> &'s str {
        self.text.0.get(name.range.clone()).unwrap_or(&name.name)
    }
}

/// What each rule says of a script.
static JUDGES: [fn(&Case<'_, '_>, &mut Vec<Verdict>); 12] = [
    table_dropped::sqlite,
    table_renamed::sqlite,
    column_dropped::sqlite,
    column_renamed::sqlite,
    not_null_column::sqlite,
    stored_generated_column::sqlite,
    non_constant_default::sqlite,
    rebuild_forgets_index::sqlite,
    rebuild_forgets_trigger::sqlite,
    rebuild_forgets_reference::sqlite,
    rebuild_misses_column::sqlite,
    left_dangling::sqlite,
];

/// Gives what the rules of all editions say, in the order of the script.
pub(crate) fn judge<'a>(text: &str, story: &Story<'a>, around: &Around<'a>) -> Vec<Verdict> {
    let case = Case { text: Text(text), story, around };
    let mut found = Vec::new();
    JUDGES.iter().for_each(|judge| judge(&case, &mut found));
    sort::by_key(&mut found, |verdict: &Verdict| (verdict.range.start, verdict.range.end));
    found
}

/// Lists the new columns of tables that were there which SQLite refuses where there are rows: the table as it was written, the
/// column's name, its definition.
pub(crate) fn refused<'s>(case: &Case<'s, '_>, wanted: RowRefusal) -> Vec<(&'s str, &'s Named, String)> {
    let of = |(old, deed): &(String, &'s Deed)| match &deed.effect {
        Effect::AddColumn { table, column, definition } if deed.refusal == Some(wanted) => {
            // A virtual table takes no column, and what isn't known may be one.
            case.around.table_before(old)?;
            Some((case.written(table), column, case.text.piece(definition.clone())))
        }
        _ => None,
    };
    case.story.changes.iter().filter_map(of).collect()
}
