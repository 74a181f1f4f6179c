//! What the handlers of a block catch, and what that means for what it does.

use super::super::ast::{self, SyntaxNode};
use crate::statement::{ActKind, Condition};
use squawk_parser::SyntaxKind::{PLPGSQL_RAISE_LEVEL, PLPGSQL_RAISE_STMT};

/// What handlers catch.
#[derive(Debug, Default)]
pub(super) struct Caught {
    duplicates: bool,
    missing: bool,
    others: bool,
}

impl Caught {
    pub(super) fn add(&mut self, condition: &SyntaxNode) {
        let text = condition.text().to_string().to_ascii_lowercase();
        match text.trim() {
            "others" => self.others = true,
            text if text.starts_with("duplicate_")
                || text == "unique_violation"
                || text == "invalid_table_definition" =>
            {
                self.duplicates = true;
            }
            text if text.starts_with("undefined_") || text == "invalid_schema_name" => self.missing = true,
            // By number: 42P07 and its like are duplicates, 42P01 and its like are missing.
            text if ["42p06", "42p07", "42701", "42710", "42723", "23505", "42p16"]
                .iter()
                .any(|code| text.contains(code)) =>
            {
                self.duplicates = true;
            }
            text if ["42p01", "42703", "42704", "42883", "3f000"].iter().any(|code| text.contains(code)) => {
                self.missing = true
            }
            _ => {}
        }
    }

    pub(super) fn condition(&self, kind: &ActKind) -> Condition {
        let stands_alone = matches!(
            kind,
            ActKind::CreateSchema { .. }
                | ActKind::CreateType(_)
                | ActKind::CreateExtension { .. }
                | ActKind::CreateSequence { .. }
        );
        let creates = kind.creates();
        if self.others && !stands_alone {
            Condition::Sometimes
        } else if creates && (self.duplicates || self.others) {
            Condition::IfMissing
        } else if !creates && self.missing {
            Condition::IfThere
        } else if creates && self.missing {
            Condition::Sometimes
        } else {
            Condition::Always
        }
    }
}

/// Tells whether a statement ends a block with an error.
pub(super) fn is_raised(statement: &SyntaxNode) -> bool {
    let level = || ast::part(statement, PLPGSQL_RAISE_LEVEL);
    statement.kind() == PLPGSQL_RAISE_STMT
        && level().is_none_or(|level| level.text().to_string().eq_ignore_ascii_case("exception"))
}
