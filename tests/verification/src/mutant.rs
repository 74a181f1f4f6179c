//! Chains with one mistake each.

use crate::corpus::{Migration, Project};
use crate::word::words;
use fastrand::Rng;
use std::collections::BTreeSet;

/// A chain in which one migration is different.
#[derive(Debug)]
pub(crate) struct Mutant {
    /// Which migration.
    pub(crate) at: usize,
    pub(crate) kind: Kind,
    /// What was done, for a person.
    pub(crate) what: String,
    /// Its script now.
    pub(crate) up: String,
}

/// The kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One letter of a table's or column's name is wrong.
    Misspelt,
    /// A table or a column was renamed before.
    Renamed,
    /// A table or a column was dropped before.
    Dropped,
    /// One letter of a keyword is wrong.
    Keyword,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Misspelt, Kind::Renamed, Kind::Dropped, Kind::Keyword];
}

/// Draws mutants: as many of each kind, from migrations all over the chain.
pub(crate) fn draw(project: &Project, count: usize, seed: u64) -> Vec<Mutant> {
    let mut rng = Rng::with_seed(seed);
    let names = names(project);
    let mut mutants: Vec<Mutant> = Vec::new();
    // Some draws give nothing: a script of which nothing is known by name.
    for _ in 0..count * 50 {
        if mutants.len() == count {
            break;
        }
        let at = rng.usize(..project.migrations.len());
        let kind = *Kind::ALL.get(mutants.len() % Kind::ALL.len()).unwrap_or(&Kind::Misspelt);
        if let Some(mutant) = project.migrations.get(at).and_then(|one| mutant(at, one, kind, &names, &mut rng)) {
            mutants.push(mutant);
        }
    }
    mutants.sort_by_key(|mutant| mutant.at);
    mutants
}

/// What the project calls its tables and columns.
struct Names {
    tables: BTreeSet<String>,
    columns: BTreeSet<(String, String)>,
}

fn names(project: &Project) -> Names {
    let mut names = Names { tables: BTreeSet::new(), columns: BTreeSet::new() };
    for line in project.digest.iter().filter_map(|line| line.strip_prefix("col ")) {
        let mut path = line.split(' ').next().unwrap_or_default().split('.');
        if let (Some(schema), Some(table), Some(column)) = (path.next(), path.next(), path.next()) {
            names.tables.insert(table.to_owned());
            names.columns.insert((format!("{schema}.{table}"), column.to_owned()));
        }
    }
    names
}

fn mutant(at: usize, migration: &Migration, kind: Kind, names: &Names, rng: &mut Rng) -> Option<Mutant> {
    let text = &migration.up;
    let words = words(text);
    let word = |range: &std::ops::Range<usize>| text.get(range.clone()).unwrap_or_default();
    let is_name = |word: &str| names.tables.contains(word) || names.columns.iter().any(|(_, column)| column == word);
    let (up, what) = match kind {
        Kind::Misspelt | Kind::Keyword => {
            let wanted = |range: &&std::ops::Range<usize>| {
                let word = word(range);
                let keyword = KEYWORDS.contains(&word.to_ascii_uppercase().as_str());
                if kind == Kind::Keyword { keyword } else { word.len() > 3 && !keyword && is_name(word) }
            };
            let candidates: Vec<_> = words.iter().filter(wanted).collect();
            let range = candidates.get(rng.usize(..candidates.len().max(1)))?;
            let wrong = misspelt(word(range), rng);
            (splice(text, range, &wrong), format!("`{}` is `{wrong}`", word(range)))
        }
        Kind::Renamed | Kind::Dropped => {
            let used: BTreeSet<&str> = words.iter().map(word).collect();
            let columns: Vec<_> = names
                .columns
                .iter()
                .filter(|(path, column)| used.contains(column.as_str()) && used.contains(table(path)))
                .collect();
            let (path, column) = columns.get(rng.usize(..columns.len().max(1)))?;
            let before = match (kind, rng.bool()) {
                (Kind::Renamed, true) => format!("ALTER TABLE {path} RENAME TO mutated_name;"),
                (Kind::Renamed, false) => format!("ALTER TABLE {path} RENAME COLUMN {column} TO mutated_name;"),
                (_, true) => format!("DROP TABLE {path} CASCADE;"),
                (_, false) => format!("ALTER TABLE {path} DROP COLUMN {column} CASCADE;"),
            };
            (format!("{before}\n{text}"), before)
        }
    };
    Some(Mutant { at, kind, what, up })
}

fn table(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, table)| table)
}

fn splice(text: &str, range: &std::ops::Range<usize>, word: &str) -> String {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    format!("{before}{word}{after}")
}

/// Leaves out, doubles, swaps or replaces a letter.
fn misspelt(word: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = rng.usize(..letters.len().max(1));
    match rng.u8(..4) {
        0 if letters.len() > 2 => drop(letters.remove(at)),
        1 => letters.insert(at, letters.get(at).copied().unwrap_or('x')),
        2 if at + 1 < letters.len() && letters.get(at) != letters.get(at + 1) => letters.swap(at, at + 1),
        _ => letters.splice(at..=at, ['q']).for_each(drop),
    }
    letters.into_iter().collect()
}

const KEYWORDS: [&str; 40] = [
    "ADD",
    "ALTER",
    "AND",
    "AS",
    "CASCADE",
    "CHECK",
    "COLUMN",
    "CONSTRAINT",
    "CREATE",
    "DEFAULT",
    "DELETE",
    "DROP",
    "EXECUTE",
    "EXISTS",
    "FOREIGN",
    "FROM",
    "FUNCTION",
    "GROUP",
    "IF",
    "INDEX",
    "INSERT",
    "INTO",
    "JOIN",
    "KEY",
    "NOT",
    "NULL",
    "ON",
    "PRIMARY",
    "REFERENCES",
    "RENAME",
    "RETURNS",
    "SELECT",
    "SET",
    "TABLE",
    "TO",
    "TRIGGER",
    "UNIQUE",
    "UPDATE",
    "VALUES",
    "WHERE",
];
