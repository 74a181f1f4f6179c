//! Strings, by the text that they stand for: each letter keeps its place, for the text may be code.

use super::{SyntaxNode, SyntaxToken};
use squawk_parser::SyntaxKind::*;
use std::iter::Peekable;
use std::str::CharIndices;

/// A text that was written as a string.
#[derive(Clone, Debug)]
pub(in crate::postgres) struct Text {
    text: String,
    /// Where the bytes of the text stand, in order: a byte of it, and its place. Up to the next they follow each other.
    places: Vec<(usize, usize)>,
}

impl Text {
    /// Begins a text that stands at a place.
    pub(super) fn at(place: usize) -> Text {
        Text { text: String::new(), places: vec![(0, place)] }
    }

    pub(in crate::postgres) fn text(&self) -> &str {
        &self.text
    }

    pub(in crate::postgres) fn into_text(self) -> String {
        self.text
    }

    /// Finds where a byte of the text stands.
    pub(in crate::postgres) fn place(&self, byte: usize) -> usize {
        let before = self.places.partition_point(|(at, _)| *at <= byte);
        let (at, place) = self.places.get(before.saturating_sub(1)).copied().unwrap_or_default();
        place + byte.saturating_sub(at)
    }

    fn push(&mut self, letter: char, place: usize) {
        self.mark(place);
        self.text.push(letter);
    }

    pub(super) fn push_str(&mut self, text: &str, place: usize) {
        self.mark(place);
        self.text.push_str(text);
    }

    /// Says where the next byte stands, which may be the end.
    fn mark(&mut self, place: usize) {
        let byte = self.text.len();
        match self.places.last_mut() {
            Some((at, known)) if *at == byte => *known = place,
            Some((at, known)) if *known + (byte - *at) == place => {}
            _ => self.places.push((byte, place)),
        }
    }
}

/// How a string is written.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    /// `B'…'` and `X'…'`.
    Bits,
    /// `E'…'`
    Escaped,
    /// `U&'…'`, with the letter that escapes.
    Unicode(char),
}

/// Reads a literal with all the strings that it goes on in; `None` where one is never closed.
pub(super) fn decoded(literal: &SyntaxNode) -> Option<Text> {
    let words = || literal.children_with_tokens().filter_map(|element| element.into_token());
    let mut text = Text::at(literal.text_range().start().into());
    let mut form = Form::Plain;
    for word in words() {
        let prefix = match word.kind() {
            STRING => 0,
            NATIONAL_STRING => 1,
            BIT_STRING | BYTE_STRING => {
                form = Form::Bits;
                1
            }
            ESC_STRING => {
                form = Form::Escaped;
                1
            }
            UNICODE_ESC_STRING => {
                form = Form::Unicode(escape(words()));
                2
            }
            DOLLAR_QUOTED_STRING => {
                let (before, inside) = between_dollars(word.text())?;
                text.push_str(inside, start(&word) + before);
                return Some(text);
            }
            UESCAPE_KW => break,
            _ => continue,
        };
        let inside = word.text().get(prefix..)?.strip_prefix('\'')?.strip_suffix('\'')?;
        let from = start(&word) + prefix + 1;
        match form {
            Form::Plain => read_plain(inside, from, &mut text),
            Form::Bits => text.push_str(inside, from),
            Form::Escaped => read_escaped(inside, from, &mut text),
            Form::Unicode(escape) => {
                let mut plain = Text::at(from);
                read_plain(inside, from, &mut plain);
                read_unicode(&plain, escape, &mut text);
            }
        }
        text.mark(from + inside.len());
    }
    Some(text)
}

fn start(word: &SyntaxToken) -> usize {
    word.text_range().start().into()
}

/// Takes `$tag$` off both ends; gives the bytes of the first too.
fn between_dollars(text: &str) -> Option<(usize, &str)> {
    let length = text.strip_prefix('$')?.find('$')? + 2;
    let (tag, rest) = text.split_at_checked(length)?;
    Some((length, rest.strip_suffix(tag)?))
}

/// Finds the letter that escapes, which `UESCAPE` may name.
fn escape(words: impl Iterator<Item = SyntaxToken>) -> char {
    let mut behind = words.skip_while(|word| word.kind() != UESCAPE_KW);
    behind.find(|word| word.kind() == STRING).and_then(|word| escape_of(word.text())).unwrap_or('\\')
}

/// Reads the letter that `UESCAPE` names; `None` for one that can't be it.
pub(super) fn escape_of(text: &str) -> Option<char> {
    let [letter] = text.strip_prefix('\'')?.strip_suffix('\'')?.as_bytes() else { return None };
    let fits = !letter.is_ascii_hexdigit() && !b"+'\" \t\n\r\x0b\x0c".contains(letter) && letter.is_ascii();
    fits.then_some(char::from(*letter))
}

type Letters<'a> = Peekable<CharIndices<'a>>;

/// Reads a text in which a quote stands twice.
fn read_plain(inside: &str, from: usize, text: &mut Text) {
    let mut letters: Letters<'_> = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\'' {
            letters.next_if(|(_, next)| *next == '\'');
        }
        text.push(letter, from + at);
    }
}

/// Reads a text with `\n`, `\x41`, `\101`, `\u0041` and the like in it.
fn read_escaped(inside: &str, from: usize, text: &mut Text) {
    let mut letters: Letters<'_> = inside.char_indices().peekable();
    // What is written byte by byte, until it makes a letter.
    let (mut bytes, mut place) = (Vec::new(), 0);
    while let Some((at, letter)) = letters.next() {
        if bytes.is_empty() {
            place = from + at;
        }
        match escaped(letter, &mut letters) {
            Some(Escaped::Byte(byte)) => {
                bytes.push(byte);
                let ends = std::str::from_utf8(&bytes).map_or_else(|error| error.error_len().is_some(), |_| true);
                if !ends {
                    continue;
                }
                flush(&mut bytes, place, text);
            }
            Some(Escaped::Letter(letter)) => {
                flush(&mut bytes, place, text);
                text.push(letter, from + at);
            }
            None => {}
        }
    }
    flush(&mut bytes, place, text);
}

fn flush(bytes: &mut Vec<u8>, place: usize, text: &mut Text) {
    if !bytes.is_empty() {
        text.push_str(&String::from_utf8_lossy(bytes), place);
        bytes.clear();
    }
}

enum Escaped {
    Byte(u8),
    Letter(char),
}

/// Reads one letter and what belongs to it; `None` where that makes none.
fn escaped(letter: char, letters: &mut Letters<'_>) -> Option<Escaped> {
    if letter == '\'' {
        letters.next_if(|(_, next)| *next == '\'');
    }
    if letter != '\\' {
        return Some(Escaped::Letter(letter));
    }
    let Some((_, kind)) = letters.next_if(|(_, next)| !next.is_digit(8)) else {
        return match digits(letters, 8, 3) {
            (_, 0) => Some(Escaped::Letter('\\')),
            (code, _) => byte(code),
        };
    };
    Some(Escaped::Letter(match kind {
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' => match digits(letters, 16, 2) {
            (_, 0) => 'x',
            (code, _) => return byte(code),
        },
        'u' => return code_point(digits(letters, 16, 4), 4),
        'U' => return code_point(digits(letters, 16, 8), 8),
        other => other,
    }))
}

/// No text has the byte zero.
fn byte(code: u32) -> Option<Escaped> {
    u8::try_from(code & 0xff).ok().filter(|byte| *byte != 0).map(Escaped::Byte)
}

fn code_point((code, read): (u32, usize), wanted: usize) -> Option<Escaped> {
    char::from_u32(code).filter(|letter| read == wanted && *letter != '\0').map(Escaped::Letter)
}

/// Reads digits, up to so many; gives their number and how many there were.
fn digits(letters: &mut Letters<'_>, radix: u32, most: usize) -> (u32, usize) {
    let (mut number, mut read) = (0_u32, 0);
    while read < most
        && let Some((_, digit)) = letters.next_if(|(_, next)| next.is_digit(radix))
    {
        number = number.wrapping_mul(radix).wrapping_add(digit.to_digit(radix).unwrap_or_default());
        read += 1;
    }
    (number, read)
}

/// Reads a text with `\0041` and `\+01F600` in it, two halves of a letter among them.
pub(super) fn read_unicode(plain: &Text, escape: char, text: &mut Text) {
    let mut letters: Letters<'_> = plain.text.char_indices().peekable();
    let mut half: Option<(u32, usize)> = None;
    while let Some((at, letter)) = letters.next() {
        let place = plain.place(at);
        if letter != escape || letters.next_if(|(_, next)| *next == escape).is_some() {
            half = None;
            text.push(letter, place);
            continue;
        }
        let wanted = if letters.next_if(|(_, next)| *next == '+').is_some() { 6 } else { 4 };
        let (code, read) = digits(&mut letters, 16, wanted);
        match (code, half.take()) {
            _ if read < wanted => {}
            (0xd800..=0xdbff, _) => half = Some((code, place)),
            (0xdc00..=0xdfff, Some((first, place))) => {
                let letter = char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (code - 0xdc00));
                letter.into_iter().for_each(|letter| text.push(letter, place));
            }
            _ => char::from_u32(code).into_iter().for_each(|letter| text.push(letter, place)),
        }
    }
}
