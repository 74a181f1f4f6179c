//! What was meant: the edit of a word or two that makes a statement right.

use super::super::ast::SyntaxNode;
use super::tokens::Token;
use super::{Mistake, keywords};
use squawk_parser::SyntaxKind::*;
use squawk_parser::{is_reserved_keyword, is_type_func_name_keyword};
use std::ops::Range;

/// How many words are read again to find out what was meant, all in all.
const EFFORT: usize = 40_000;
/// The longest statement that is read again.
const LONGEST: usize = 16_000;
/// The deepest: reading what is nested takes the square of its levels.
const DEEPEST: usize = 60;
/// Words that go missing.
const COMMON: &str = "TABLE TO SET VALUES INTO FROM ON KEY NULL NOT BY AS TYPE COLUMN = EXISTS USING IS REFERENCES SELECT \
    FUNCTION CONSTRAINT PRIMARY FOREIGN INDEX EXECUTE FOR ROW LANGUAGE RETURNS IF THEN END WITH DEFAULT \
    AND";

/// A statement with a mistake.
pub(super) struct Wrong<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token<'a>],
    /// The word that shows it, counted in the statement; as many as there are words where it is the end.
    pub(super) at: usize,
    /// What the parser said.
    pub(super) said: &'a str,
    /// The parser.
    pub(super) parse: fn(&str) -> (SyntaxNode, Vec<Mistake>),
    /// How often it may be asked again to find out what was meant.
    pub(super) patience: usize,
}

/// An edit of one word, or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// Write another word.
    Replace(usize, String),
    /// Write a word before.
    Insert(usize, String),
    Remove(usize),
    /// Put quotes around it.
    Quote(usize),
    /// The word and the one behind it are the wrong way round.
    Swap(usize),
    /// It is one name with the two words behind it: `uuid-ossp`.
    Join(usize),
}

/// Finds the edit that makes a statement right.
pub(super) fn find(wrong: &Wrong<'_>) -> Option<Edit> {
    let tries = wrong.patience.min(EFFORT / wrong.tokens.len().max(1));
    let search = Search::new(wrong).filter(|_| tries > 0)?;
    let mut edits = Vec::new();
    search.likely(&mut edits);
    let count = wrong.tokens.len();
    edits.retain(|(edit, _)| !matches!(edit, Edit::Insert(place, _) if *place > count));
    let mut further = None;
    let mut tried: Vec<Edit> = Vec::new();
    for (edit, firm) in edits {
        if !firm && tried.contains(&edit) {
            continue;
        }
        if tried.len() >= tries {
            break;
        }
        match search.reach(&edit) {
            Some(None) => return Some(edit),
            // Another mistake comes later.
            Some(Some(at)) if firm && at > wrong.at + 2 => further = further.or(Some(edit.clone())),
            _ => {}
        }
        tried.push(edit);
    }
    further
}

struct Search<'a> {
    wrong: &'a Wrong<'a>,
    start: usize,
    end: usize,
    keywords: Vec<String>,
}

impl<'a> Search<'a> {
    fn new(wrong: &'a Wrong<'a>) -> Option<Search<'a>> {
        let (first, last) = (wrong.tokens.first()?, wrong.tokens.last()?);
        let (start, end) = (first.range.start, last.range.end);
        let open = wrong.tokens.iter().filter(|token| token.kind == L_PAREN).count();
        let closed = wrong.tokens.iter().filter(|token| token.kind == R_PAREN).count();
        if open.abs_diff(closed) > DEEPEST {
            return None;
        }
        (end - start <= LONGEST).then(|| Search { wrong, start, end, keywords: keywords::all() })
    }

    fn token(&self, at: usize) -> Option<&'a Token<'a>> {
        self.wrong.tokens.get(at)
    }

    /// Lists edits, the likeliest first, each with whether it is worth something though it doesn't mend all.
    fn likely(&self, edits: &mut Vec<(Edit, bool)>) {
        let (at, count) = (self.wrong.at, self.wrong.tokens.len());
        let last = self.token(count - 1).filter(|token| token.kind == SEMICOLON).map_or(count, |_| count - 1);
        self.repeated(edits);
        self.unbalanced(last, edits);
        for place in [at, at.wrapping_sub(1), at.wrapping_sub(2), at.wrapping_sub(3), at + 1] {
            self.slips(place, edits);
        }
        for place in [at.wrapping_sub(1), at, at.wrapping_sub(2)] {
            if self.token(place).is_some_and(|token| token.kind == COMMA) {
                edits.push((Edit::Remove(place), true));
            }
        }
        self.quotes(edits);
        // Nothing is wrong with a word that any other may stand before.
        if self.open(at) {
            return;
        }
        for place in [at, at.wrapping_sub(1)] {
            let reserved =
                |token: &&Token<'_>| is_reserved_keyword(token.kind) || is_type_func_name_keyword(token.kind);
            if self.token(place).filter(reserved).is_some() {
                edits.push((Edit::Quote(place), true));
            }
        }
        self.missing(edits);
        // The mistake may be well before the word that shows it.
        for place in (0..at.saturating_sub(3)).rev().take(30) {
            self.slips(place, edits);
        }
        for place in [at, at.wrapping_sub(1)] {
            if place > 0 && place <= last && !self.open(place) {
                edits.extend(COMMON.split(' ').map(|word| (Edit::Insert(place, word.to_owned()), false)));
            }
        }
        for place in [at, at.wrapping_sub(1)].into_iter().filter(|place| *place < last && at < last) {
            edits.push((Edit::Remove(place), false));
        }
    }

    /// Words and marks that are missing, or others than those that should be there.
    fn missing(&self, edits: &mut Vec<(Edit, bool)>) {
        let (at, count) = (self.wrong.at, self.wrong.tokens.len());
        for place in [at, at.wrapping_sub(1)] {
            let exists = self.token(place).is_some_and(|token| token.kind == EXISTS_KW);
            let alone = self.token(place.wrapping_sub(1)).is_some_and(|before| !matches!(before.kind, IF_KW | NOT_KW));
            if exists && alone {
                edits.push((Edit::Insert(place, "IF".to_owned()), true));
            }
        }
        if at > 0 && self.token(at - 1).is_some_and(Token::is_keyword) {
            edits.push((Edit::Insert(at - 1, "_".to_owned()), false));
        }
        let granted = self.token(0).is_some_and(|first| matches!(first.kind, GRANT_KW | REVOKE_KW));
        let cascades = self.token(at).is_some_and(|token| matches!(token.kind, DELETE_KW | UPDATE_KW))
            && self.token(at + 1).is_some_and(|next| matches!(next.kind, CASCADE_KW | NO_KW | RESTRICT_KW | SET_KW));
        if granted || cascades {
            edits.push((Edit::Insert(at, "ON".to_owned()), false));
        }
        let said = self.said();
        let ended = Edit::Insert(at, ";".to_owned());
        let again = self.token(at).filter(|token| starts(token)).map(|_| (ended.clone(), true));
        edits.extend(again.is_some().then_some((ended, false)));
        if self.token(at).is_some_and(|token| token.is_keyword() && at + 1 < count) {
            edits.push((Edit::Remove(at), false));
        }
        edits.push((Edit::Insert(at, ",".to_owned()), true));
        if at > 0 {
            edits.extend(said.iter().map(|word| (Edit::Insert(at, word.clone()), true)));
            edits.push((Edit::Insert(at - 1, ",".to_owned()), false));
        }
        for place in [at.wrapping_sub(1), at] {
            let word = |place: usize| self.token(place).is_some_and(Token::is_word);
            if word(place) && word(place.wrapping_add(1)) {
                edits.push((Edit::Swap(place), false));
            }
        }
        if self.token(at).is_some_and(Token::is_keyword) {
            let common = ["TO", "AS", "FROM", "ON", "BY", "IN", "INTO", "WITH", "SET", "FOR"];
            let words = said.iter().map(String::as_str).chain(common);
            edits.extend(words.map(|word| (Edit::Replace(at, word.to_owned()), false)));
        }
        edits.extend(again);
    }

    /// Quotes that are missing, or the wrong ones, and parentheses around a number.
    fn quotes(&self, edits: &mut Vec<(Edit, bool)>) {
        let at = self.wrong.at;
        let Some(token) = self.token(at) else { return };
        if token.kind == IDENT && token.is_word() {
            edits.push((Edit::Replace(at, format!("'{}'", token.text)), false));
        }
        if let Some(name) = token.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            edits.push((Edit::Replace(at, format!("\"{name}\"")), false));
        }
        if token.kind == INT_NUMBER {
            edits.push((Edit::Replace(at, format!("({})", token.text)), false));
        }
        let joined = at > 0 && self.token(at + 1).is_some_and(|next| next.range.start == token.range.end);
        if token.kind == MINUS && joined {
            edits.push((Edit::Join(at - 1), false));
        }
    }

    /// Tells whether a name or a string is missing, whatever it may say: then no word of the grammar's own is.
    fn open(&self, place: usize) -> bool {
        ["_", "''"].into_iter().any(|any| self.reach(&Edit::Insert(place, any.to_owned())) == Some(None))
    }

    /// A word that stands twice.
    fn repeated(&self, edits: &mut Vec<(Edit, bool)>) {
        for place in [self.wrong.at, self.wrong.at.wrapping_sub(1), self.wrong.at + 1] {
            let (Some(token), Some(before)) = (self.token(place), self.token(place.wrapping_sub(1))) else { continue };
            if token.text.eq_ignore_ascii_case(before.text) && !matches!(token.kind, L_PAREN | R_PAREN | SEMICOLON) {
                edits.push((Edit::Remove(place), true));
            }
        }
    }

    /// Parentheses that aren't closed, or not opened.
    fn unbalanced(&self, last: usize, edits: &mut Vec<(Edit, bool)>) {
        let count = |kind| self.wrong.tokens.iter().filter(|token| token.kind == kind).count();
        if count(L_BRACK) > count(R_BRACK) {
            edits.push((Edit::Insert(self.wrong.at.min(last), "]".to_owned()), true));
        }
        let (open, closed, at) = (count(L_PAREN), count(R_PAREN), self.wrong.at);
        if open > closed {
            edits.push((Edit::Insert(at.min(last), ")".to_owned()), true));
            edits.push((Edit::Insert(last, ")".to_owned()), false));
        } else if closed > open {
            let places = [at, at.wrapping_sub(1)];
            let closing = |place: &usize| self.token(*place).is_some_and(|token| token.kind == R_PAREN);
            edits.extend(places.into_iter().filter(closing).map(|place| (Edit::Remove(place), true)));
            edits.extend(places.into_iter().map(|place| (Edit::Insert(place.min(last), "(".to_owned()), true)));
        }
    }

    fn slips(&self, place: usize, edits: &mut Vec<(Edit, bool)>) {
        let Some(token) = self.token(place).filter(|token| token.is_word()) else { return };
        if token.kind != IDENT {
            // A word that is right elsewhere: `VALUE`, `RETURN`.
            let near = keywords::near(token.text, &self.keywords).into_iter();
            let meant =
                near.filter(|word| !is_reserved_keyword(token.kind) && COMMON.split(' ').any(|common| common == word));
            edits.extend(meant.take(2).map(|word| (Edit::Replace(place, word), false)));
            return;
        }
        let near = keywords::near(token.text, &self.keywords).into_iter().take(5);
        let words = near.chain(keywords::split(token.text, &self.keywords));
        edits.extend(words.map(|word| (Edit::Replace(place, word), true)));
    }

    /// The words that the parser would have liked.
    fn said(&self) -> Vec<String> {
        let words = self.wrong.said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let spelt = |word: &str| match word {
            "L_PAREN" => Some("(".to_owned()),
            "R_PAREN" => Some(")".to_owned()),
            "EQ" => Some("=".to_owned()),
            "DOT" => Some(".".to_owned()),
            _ => {
                let word = word.strip_suffix("_KW").unwrap_or(word);
                let capital = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
                (capital && self.keywords.iter().any(|keyword| keyword == word)).then(|| word.to_owned())
            }
        };
        // What was found isn't what was expected.
        words.take_while(|word| !matches!(*word, "found" | "got")).filter_map(spelt).collect()
    }

    /// Reads the statement with an edit; gives the word that shows its first mistake, in the words of before. The inner `None`
    /// is a statement that is right.
    fn reach(&self, edit: &Edit) -> Option<Option<usize>> {
        let (text, grown) = self.edited(edit)?;
        let (_, mistakes) = (self.wrong.parse)(&text);
        let Some(first) = mistakes.iter().map(|mistake: &Mistake| mistake.range.start).min() else { return Some(None) };
        let place = (first + self.start).saturating_sub(grown);
        Some(Some(self.wrong.tokens.partition_point(|token| token.range.end <= place)))
    }

    /// Gives the statement with an edit, and how much longer it is.
    fn edited(&self, edit: &Edit) -> Option<(String, usize)> {
        let bytes = |place: usize| self.token(place).map_or(self.end..self.end, |token| token.range.clone());
        let (range, words): (Range<usize>, String) = match edit {
            Edit::Replace(place, word) => (bytes(*place), word.clone()),
            Edit::Insert(place, word) => (bytes(*place).start..bytes(*place).start, format!(" {word} ")),
            Edit::Remove(place) => (bytes(*place), " ".to_owned()),
            Edit::Quote(place) => (bytes(*place), format!("\"{}\"", self.token(*place)?.text)),
            Edit::Join(place) => {
                let (first, last) = (self.token(*place)?, self.token(place + 2)?);
                let name = self.wrong.text.get(first.range.start..last.range.end)?;
                (first.range.start..last.range.end, format!("\"{name}\""))
            }
            Edit::Swap(place) => {
                let (first, second) = (self.token(*place)?, self.token(place + 1)?);
                (first.range.start..second.range.end, format!("{} {}", second.text, first.text))
            }
        };
        let before = self.wrong.text.get(self.start..range.start)?;
        let after = self.wrong.text.get(range.end..self.end)?;
        Some((format!("{before}{words}{after}"), words.len().saturating_sub(range.len())))
    }
}

/// Tells whether a word begins statements.
pub(super) fn starts(token: &Token<'_>) -> bool {
    matches!(
        token.kind,
        ALTER_KW
            | BEGIN_KW
            | COMMENT_KW
            | COMMIT_KW
            | COPY_KW
            | CREATE_KW
            | DELETE_KW
            | DO_KW
            | DROP_KW
            | GRANT_KW
            | INSERT_KW
            | LOCK_KW
            | MERGE_KW
            | REINDEX_KW
            | REVOKE_KW
            | SELECT_KW
            | SET_KW
            | TRUNCATE_KW
            | UPDATE_KW
            | VACUUM_KW
            | WITH_KW
    )
}
