//! Rows that psql sends behind a `COPY … FROM stdin`: no part of a schema, and left out where a folder is read as it is.

use super::{Found, Tool, Work};
use crate::source::{Files, Script};
use crate::sql::{self, Dialect, SqlErrorKind};
use std::ops::Range;

impl Found {
    /// Leaves rows out, and what a dump says to psql around them, of tools that send such scripts as psql does.
    pub(crate) fn leave_rows_out(&mut self, files: &Files, tool: Tool) {
        if !matches!(tool, Tool::Flyway | Tool::Numbered) {
            return;
        }
        for migration in &mut self.migrations {
            if let Work::Sql(script) = &mut migration.up
                && let Some(file) = script.whole_file
                && let Some(kept) = without_rows(&script.text)
            {
                *script = Script::pieces(files, file, &kept);
            }
        }
    }
}

/// Gives what is left of a script; `None` where there is nothing to leave out.
fn without_rows(text: &str) -> Option<Vec<Range<usize>>> {
    let errors = sql::Script::parse(text, Dialect::Postgres).err()?;
    let cuts: Vec<Range<usize>> = errors
        .into_iter()
        .filter_map(|error| match error.kind {
            SqlErrorKind::CopyFromStdin => Some(error.range.start..end_of_rows(text, error.range.end)?),
            SqlErrorKind::PsqlCommand(name) if matches!(name.as_str(), "\\restrict" | "\\unrestrict") => {
                Some(error.range)
            }
            _ => None,
        })
        .collect();
    let mut kept = Vec::new();
    let mut end = 0;
    for cut in &cuts {
        kept.push(end..cut.start.max(end));
        end = cut.end.max(end);
    }
    kept.push(end..text.len());
    (!cuts.is_empty()).then_some(kept)
}

/// Finds the end of the rows that begin in the line below a statement; `None` where no line ends them.
fn end_of_rows(text: &str, statement: usize) -> Option<usize> {
    let mut at = statement + text.get(statement..)?.find('\n')? + 1;
    for line in text.get(at..)?.split_inclusive('\n') {
        if line.trim_end() == "\\." {
            return Some(at + 2);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without_rows;

    fn left(text: &str) -> Option<String> {
        Some(without_rows(text)?.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn rows_are_left_out_with_their_statement() {
        let dump = "\\restrict x1\nCREATE TABLE t (a int);\nCOPY public.t (a) FROM stdin;\n1\n2;'\n\\.\n\nCOPY t FROM STDIN WITH (FORMAT csv);\n3\n\\.\nSELECT 1;\n\\unrestrict x1\n";
        assert_eq!(left(dump).as_deref(), Some("\nCREATE TABLE t (a int);\n\n\n\nSELECT 1;\n\n"));
    }

    #[test]
    fn what_has_no_end_or_is_something_else_stays() {
        assert_eq!(left("COPY t FROM stdin;\n1\n"), None);
        assert_eq!(left("CREATE TABLE t (a int);\n\\d t\n"), None);
        assert_eq!(left("COPY t FROM '/tmp/stdin';"), None);
    }
}
