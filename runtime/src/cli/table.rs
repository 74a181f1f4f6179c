//! A table that fits the terminal: the last column gives way first, then whole columns, the last ones first. A row may have
//! notes below it, which are never cut.

use super::terminal::{PLAIN, painted};
use crate::escaped::Escaped;
use clap::builder::styling::Style;
use console::{measure_text_width, truncate_str};

/// Collects rows of cells.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
    /// Lines, each below the row of this number.
    notes: Vec<(usize, Cell)>,
}

/// Holds a text and its colour.
#[derive(Debug)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(super) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { text: Escaped(&text.into()).to_string(), style }
    }
    fn width(&self) -> usize {
        measure_text_width(&self.text)
    }
    /// Writes it as wide as told, the end cut off where it is wider.
    fn fit(&self, width: usize, coloured: bool) -> String {
        let text = truncate_str(&self.text, width, "…");
        let pad = width.saturating_sub(measure_text_width(&text));
        painted(coloured, self.style, &text) + &" ".repeat(pad)
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(PLAIN, text)
    }
}

const GAP: &str = "  ";
/// A column narrower than this says nothing any more.
const LEAST: usize = 12;

impl Table {
    pub(super) fn new<C: Into<Cell>>(header: impl IntoIterator<Item = C>) -> Self {
        let mut table = Self::default();
        table.row(header);
        table
    }

    pub(super) fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Adds a line below the last row.
    pub(super) fn note(&mut self, line: impl Into<Cell>) {
        self.notes.push((self.rows.len(), line.into()));
    }

    /// Draws it, no row wider than the given width. Columns without any text below their header are left out.
    pub(super) fn draw(&self, width: Option<usize>, coloured: bool) -> String {
        let columns = self.columns(width.unwrap_or(usize::MAX));
        let mut text = String::new();
        let mut notes = self.notes.iter().peekable();
        for (number, row) in (1..).zip(&self.rows) {
            let cells: Vec<_> = columns
                .iter()
                .filter_map(|&(column, wide)| row.get(column).map(|cell| cell.fit(wide, coloured)))
                .collect();
            text.push_str(cells.join(GAP).trim_end());
            text.push('\n');
            while let Some((_, note)) = notes.next_if(|(below, _)| *below == number) {
                text += &format!("    {}\n", painted(coloured, note.style, &note.text));
            }
        }
        text
    }

    /// Chooses the columns that are shown, with their widths.
    fn columns(&self, width: usize) -> Vec<(usize, usize)> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let mut columns: Vec<_> = (0..count)
            .filter(|&column| column == 0 || cells(column).skip(1).any(|cell| !cell.text.is_empty()))
            .map(|column| (column, cells(column).map(Cell::width).max().unwrap_or(0)))
            .collect();
        loop {
            let total: usize = columns.iter().map(|(_, wide)| wide + GAP.len()).sum();
            let over = total.saturating_sub(GAP.len()).saturating_sub(width);
            let alone = columns.len() <= 1;
            match columns.last_mut() {
                Some((_, wide)) if alone || over == 0 || wide.saturating_sub(over) >= LEAST => {
                    *wide = wide.saturating_sub(over);
                    return columns;
                }
                Some(_) => columns.truncate(columns.len() - 1),
                None => return columns,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Table};
    use crate::cli::terminal::GOOD;

    fn table() -> Table {
        let mut table = Table::new(["id", "note", "took", "description"]);
        table.row(["0001_create_observers", "", "2 ms", "The people who watch"]);
        table.row(["0002_create_species", "", "12 ms", "The birds that can be seen"]);
        table
    }

    #[test]
    fn columns_line_up_and_empty_ones_are_left_out() {
        let drawn = "id                     took   description\n\
                     0001_create_observers  2 ms   The people who watch\n\
                     0002_create_species    12 ms  The birds that can be seen\n";
        assert_eq!(table().draw(None, true), drawn);
    }

    #[test]
    fn the_last_column_gives_way_then_whole_columns() {
        let shorter = "id                     took   description\n\
                       0001_create_observers  2 ms   The people wh…\n\
                       0002_create_species    12 ms  The birds tha…\n";
        assert_eq!(table().draw(Some(44), false), shorter);
        let narrow = "id                     took\n0001_create_observers  2 ms\n0002_create_species    12 ms\n";
        assert_eq!(table().draw(Some(38), false), narrow);
        assert_eq!(table().draw(Some(10), false), "id\n0001_crea…\n0002_crea…\n");
    }

    #[test]
    fn notes_stand_below_their_row_and_are_whole() {
        let mut table = Table::new(["id", "note"]);
        table.row(["0001_create_observers", "The people who watch"]);
        table.note("locks `people` ACCESS EXCLUSIVE (blocks reads and writes)");
        table.row(["0002", "Birds"]);
        table.note("a \n b");
        table.note("c");
        let drawn = "id                     note\n0001_create_observers  The people …\n    \
                     locks `people` ACCESS EXCLUSIVE (blocks reads and writes)\n\
                     0002                   Birds\n    a \\n b\n    c\n";
        assert_eq!(table.draw(Some(35), false), drawn);
    }

    #[test]
    fn colours_take_no_width() {
        let mut table = Table::new(["id", "took"]);
        table.row([Cell::new(GOOD, "0001"), "2 ms".into()]);
        assert_eq!(table.draw(None, true), "id    took\n\u{1b}[32m0001\u{1b}[0m  2 ms\n");
        assert_eq!(table.draw(None, false), "id    took\n0001  2 ms\n");
    }
}
