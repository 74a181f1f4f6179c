//! A script's text as rustc will see it, and the way back from each of its bytes to the author's file.

use super::files::{Files, Place};
use proc_macro2::{Literal, Span};
use std::ops::Range;
use std::path::Path;
use whimbrel_grammar::Expression;

/// A script's text with its places.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) text: String,
    /// The SQL file that the whole text is, where it is one: what the generated code includes.
    pub(crate) whole_file: Option<usize>,
    /// `(offset in the text, file, byte in the file)`, ascending: from there on the text is the file's.
    anchors: Vec<(usize, usize, usize)>,
}

impl Script {
    /// Takes a whole file for a script.
    pub(crate) fn file(files: &Files, file: usize) -> Script {
        Script { text: files.get(file).text.clone(), whole_file: Some(file), anchors: vec![(0, file, 0)] }
    }

    /// Takes pieces of a file, in order, for a script.
    #[cfg(feature = "cli")]
    pub(crate) fn pieces(files: &Files, file: usize, ranges: &[Range<usize>]) -> Script {
        let mut script = Script::default();
        for range in ranges {
            script.anchors.push((script.text.len(), file, range.start));
            script.text.push_str(files.get(file).text.get(range.clone()).unwrap_or_default());
        }
        script
    }

    /// Puts another script behind this one.
    #[cfg(feature = "cli")]
    pub(crate) fn followed_by(mut self, other: Script) -> Script {
        self.text.push_str("\n;\n");
        let offset = self.text.len();
        self.text.push_str(&other.text);
        self.anchors.extend(other.anchors.into_iter().map(|(from, file, byte)| (from + offset, file, byte)));
        self
    }

    /// Evaluates an expression that stands in a file; `None` where it includes a file that can't be read, which rustc
    /// reports at the same place.
    pub(crate) fn evaluate(expression: &Expression, file: usize, files: &mut Files) -> Option<Script> {
        let mut script = Script::default();
        script.append(expression, file, files)?;
        Some(script)
    }

    fn append(&mut self, expression: &Expression, file: usize, files: &mut Files) -> Option<()> {
        match expression {
            Expression::Literal(literal) => self.append_literal(literal, file, files),
            Expression::Concat(parts) => {
                for part in parts {
                    self.append(part, file, files)?;
                }
            }
            Expression::ManifestDir => self.text.push_str(&files.package().to_string_lossy()),
            Expression::Include(path) => {
                let named = Script::evaluate(path, file, files)?.text;
                let beside = Path::new(&files.get(file).path).parent().unwrap_or(Path::new("")).to_owned();
                let path = beside.join(named);
                let path = path.strip_prefix(files.package()).unwrap_or(&path);
                let included = files.read(path).ok()?;
                self.anchors.push((self.text.len(), included, 0));
                self.text.push_str(&files.get(included).text);
            }
        }
        Some(())
    }

    fn append_literal(&mut self, literal: &Literal, file: usize, files: &Files) {
        let place = place(literal.span(), file, files);
        let source = &files.get(file).text[place.range.clone()];
        let Some(open) = source.find('"') else {
            // A number or a character in `concat!`.
            self.anchors.push((self.text.len(), file, place.range.start));
            self.text.push_str(source.trim_matches('\''));
            return;
        };
        let hashes = source[..open].matches('#').count();
        let content = open + 1..source.len().saturating_sub(1 + hashes);
        let start = place.range.start + content.start;
        let content = &source[content];
        self.anchors.push((self.text.len(), file, start));
        if source.starts_with('r') {
            self.text.push_str(&content.replace("\r\n", "\n"));
            return;
        }
        // A carriage return outside an escape is an error to the escaper and nothing to rustc, which drops it from line ends.
        let mut expected = 0;
        rustc_literal_escaper::unescape_str(content, |range, character| {
            let character = character.ok();
            if range.start != expected || range.len() != character.map_or(0, char::len_utf8) {
                self.anchors.push((self.text.len(), file, start + range.start));
            }
            expected = range.end;
            self.text.extend(character);
            if content.as_bytes().get(range.start) == Some(&b'\\') {
                self.anchors.push((self.text.len(), file, start + range.end));
            }
        });
    }

    /// Finds the bytes of the author's file that a range of the text was written as.
    pub(crate) fn place(&self, range: Range<usize>, files: &Files) -> Place {
        let (file, start) = self.origin(range.start, files);
        let (end_file, end) = self.origin(range.end, files);
        let end = if end_file == file && end >= start { end } else { start };
        Place { file, range: start..end }
    }

    /// Gives file and byte of an offset; line ends that rustc has normalised are counted as they stand in the file.
    fn origin(&self, offset: usize, files: &Files) -> (usize, usize) {
        let last = self.anchors.iter().rev().find(|(from, ..)| *from <= offset);
        let Some(&(from, file, byte)) = last else { return (0, 0) };
        let rest = files.get(file).text.as_bytes().get(byte..).unwrap_or_default();
        let same = self.text.as_bytes().get(from..offset).unwrap_or_default();
        let mut at = 0;
        for wanted in same {
            if *wanted == b'\n' && rest.get(at) == Some(&b'\r') {
                at += 1;
            }
            at += 1;
        }
        (file, byte + at)
    }

    /// Gives the anchors as `(offset, file, byte)`.
    pub(crate) fn anchors(&self) -> &[(usize, usize, usize)] {
        &self.anchors
    }
}

/// Finds the bytes of a token in the file that it was read from.
pub(crate) fn place(span: Span, file: usize, files: &Files) -> Place {
    let mark = if files.get(file).text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let range = span.byte_range();
    Place { file, range: range.start + mark..range.end + mark }
}
