//! goose and dbmate: both directions in one file, parted by comments.

use super::listing::Listing;
use super::pairs::is_number;
use super::{Foreign, Found, Tool, Transaction, Work};
use crate::source::{Files, Script};
use std::ops::Range;

/// What begins the way up, in lower case.
pub(super) const GOOSE_UP: &str = "+goose up";
pub(super) const DBMATE_UP: &str = "migrate:up";

/// What a comment tells the tool.
#[derive(Debug, PartialEq, Eq)]
enum Directive {
    Up {
        transaction: bool,
    },
    Down,
    /// goose: the whole file runs without a transaction.
    Outside,
    /// goose: the environment's values are put in.
    Environment,
    /// Something that only parts statements.
    Other,
}

/// Tells whether a line of a text begins with a directive.
pub(super) fn has_directive(text: &str, directive: &str) -> bool {
    text.lines().any(|line| comment(line).is_some_and(|words| words.starts_with(directive)))
}

/// Gives the words of a line that is a comment, in lower case.
fn comment(line: &str) -> Option<String> {
    let words = line.trim_start_matches('\u{feff}').trim().strip_prefix("--")?;
    Some(words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
}

fn directive(line: &str, tool: Tool) -> Option<Directive> {
    let words = comment(line)?;
    if tool == Tool::Dbmate {
        let (name, options) = words.split_once(' ').unwrap_or((&words, ""));
        return match name {
            DBMATE_UP => Some(Directive::Up { transaction: !options.replace(' ', "").contains("transaction:false") }),
            "migrate:down" => Some(Directive::Down),
            _ => None,
        };
    }
    Some(match words.strip_prefix("+goose ")? {
        "up" => Directive::Up { transaction: true },
        "down" => Directive::Down,
        "no transaction" => Directive::Outside,
        "envsub on" => Directive::Environment,
        _ => Directive::Other,
    })
}

/// Reads the numbered files of a folder.
pub(super) fn read(files: &mut Files, listing: &Listing, tool: Tool) -> Result<Found, String> {
    let mut found = Found::default();
    for path in listing.names() {
        let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
        let Some((version, name)) = stem.split_once('_').filter(|(version, _)| is_number(version)) else { continue };
        let (version, name) = (version.to_owned(), name.to_owned());
        let is_code = ending == "go" && tool == Tool::Goose && !stem.ends_with("_test");
        if ending != "sql" && !is_code {
            continue;
        }
        let file = listing.read(files, path)?;
        if is_code {
            let up = Work::Code { file, why: "it is code (go), not SQL".to_owned() };
            found.migrations.push(Foreign { version, name, up, down: None, transaction: Transaction::Whole });
            continue;
        }
        let sections = Sections::read(&files.get(file).text, tool);
        let Some(up) = sections.up else {
            let begin = if tool == Tool::Goose { "-- +goose Up" } else { "-- migrate:up" };
            found.left_out.push((path.to_owned(), format!("it has no line `{begin}`")));
            continue;
        };
        let up = match sections.environment {
            true => Work::Code { file, why: "the environment's values are put into it".to_owned() },
            false => Work::Sql(Script::pieces(files, file, &up)),
        };
        let down = sections.down.map(|ranges| Script::pieces(files, file, &ranges));
        let transaction = if sections.transaction { Transaction::Whole } else { Transaction::None };
        found.migrations.push(Foreign { version, name, up, down, transaction });
    }
    Ok(found)
}

/// The two directions of a file, as ranges of lines without their directives.
struct Sections {
    up: Option<Vec<Range<usize>>>,
    down: Option<Vec<Range<usize>>>,
    transaction: bool,
    environment: bool,
}

impl Sections {
    fn read(text: &str, tool: Tool) -> Sections {
        let mut sections = Sections { up: None, down: None, transaction: true, environment: false };
        let mut is_down = None;
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let range = offset..offset + line.len();
            offset = range.end;
            match directive(line, tool) {
                Some(Directive::Up { transaction }) => {
                    sections.transaction &= transaction;
                    sections.up.get_or_insert_default();
                    is_down = Some(false);
                }
                Some(Directive::Down) => {
                    sections.down.get_or_insert_default();
                    is_down = Some(true);
                }
                Some(Directive::Outside) => sections.transaction = false,
                Some(Directive::Environment) => sections.environment = true,
                Some(Directive::Other) => {}
                None => {
                    let section = match is_down {
                        Some(true) => &mut sections.down,
                        Some(false) => &mut sections.up,
                        None => continue,
                    };
                    let ranges = section.get_or_insert_default();
                    match ranges.last_mut() {
                        Some(last) if last.end == range.start => last.end = range.end,
                        _ => ranges.push(range),
                    }
                }
            }
        }
        // A rollback of nothing but white space is none.
        let is_empty = |ranges: &Vec<Range<usize>>| ranges.iter().all(|range| text[range.clone()].trim().is_empty());
        sections.down = sections.down.filter(|ranges| !is_empty(ranges));
        sections
    }
}
