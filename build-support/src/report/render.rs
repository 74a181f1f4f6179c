//! Diagnostics as text, as rustc draws them, and as the JSON that Cargo takes for rustc's own.

use super::json::{list, null, object, string};
use super::{Diagnostic, Level};
use crate::source::{File, Files, Place};
use annotate_snippets::{AnnotationKind, Level as Drawn, Renderer, Snippet};

/// Stands for the package's folder until `registry!` knows where rustc runs.
const PACKAGE: &str = "{whimbrel:package}/";

/// One diagnostic in every form that it may be asked for.
pub(crate) struct Rendered {
    /// Plain text.
    pub(crate) text: String,
    /// One line of rustc's JSON, drawn without colour.
    pub(crate) plain: String,
    /// One line of rustc's JSON, drawn with colour.
    pub(crate) ansi: String,
}

impl Rendered {
    /// Renders a diagnostic.
    pub(crate) fn new(diagnostic: &Diagnostic, files: &Files) -> Rendered {
        let text = draw(diagnostic, files, &Renderer::plain());
        let ansi = json(diagnostic, files, &draw(diagnostic, files, &Renderer::styled()));
        Rendered { plain: json(diagnostic, files, &text), text, ansi }
    }
}

/// Draws a diagnostic for a terminal; `package` stands in front of every path.
#[cfg(feature = "cli")]
pub(crate) fn drawn(diagnostic: &Diagnostic, files: &Files, package: &str, coloured: bool) -> String {
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    draw(diagnostic, files, &renderer).replace(PACKAGE, package)
}

fn draw(diagnostic: &Diagnostic, files: &Files, renderer: &Renderer) -> String {
    let level = match diagnostic.level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
        #[cfg(feature = "cli")]
        Level::Note => Drawn::NOTE,
    };
    let mut shown: Vec<usize> = Vec::new();
    for label in &diagnostic.labels {
        if !shown.contains(&label.place.file) {
            shown.push(label.place.file);
        }
    }
    let snippets = shown.into_iter().map(|file| {
        let file_labels = diagnostic.labels.iter().enumerate().filter(move |(_, label)| label.place.file == file);
        let annotations = file_labels.map(|(index, label)| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = label.place.range.clone();
            kind.span(range).label(Some(label.text.as_str()).filter(|text| !text.is_empty()))
        });
        let file = files.get(file);
        Snippet::source(file.text.as_str()).path(format!("{PACKAGE}{}", file.path)).fold(true).annotations(annotations)
    });
    let help = diagnostic.help.iter().map(|text| Drawn::HELP.message(text.as_str()));
    let title = level.primary_title(diagnostic.message.as_str()).id(format!("whimbrel::{}", diagnostic.code));
    let group = title.elements(snippets).elements(help);
    format!("{}\n", renderer.render(&[group]))
}

fn json(diagnostic: &Diagnostic, files: &Files, rendered: &str) -> String {
    let level = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        #[cfg(feature = "cli")]
        Level::Note => "note",
    };
    let child = |text: &String| {
        object([
            ("message", string(text)),
            ("code", null()),
            ("level", string("help")),
            ("spans", list([])),
            ("children", list([])),
            ("rendered", null()),
        ])
    };
    let labels = diagnostic.labels.iter().enumerate();
    let code = format!("whimbrel::{}", diagnostic.code);
    let json = object([
        ("$message_type", string("diagnostic")),
        ("message", string(&diagnostic.message)),
        ("code", object([("code", string(&code)), ("explanation", null())])),
        ("level", string(level)),
        ("spans", list(labels.map(|(index, label)| span(&label.place, &label.text, index == 0, files)))),
        ("children", list(diagnostic.help.iter().map(child))),
        ("rendered", string(&format!("{rendered}\n"))),
    ]);
    json + "\n"
}

fn span(place: &Place, label: &str, is_primary: bool, files: &Files) -> String {
    let file = files.get(place.file);
    let (start, end) = (file.position(place.range.start), file.position(place.range.end));
    object([
        ("file_name", string(&format!("{PACKAGE}{}", file.path))),
        ("byte_start", place.range.start.to_string()),
        ("byte_end", place.range.end.to_string()),
        ("line_start", start.0.to_string()),
        ("line_end", end.0.to_string()),
        ("column_start", start.1.to_string()),
        ("column_end", end.1.to_string()),
        ("is_primary", is_primary.to_string()),
        ("text", list(lines(file, start, end))),
        ("label", if label.is_empty() { null() } else { string(label) }),
        ("suggested_replacement", null()),
        ("suggestion_applicability", null()),
        ("expansion", null()),
    ])
}

fn lines(file: &File, start: (usize, usize), end: (usize, usize)) -> Vec<String> {
    let lines = file.text.lines().enumerate().skip(start.0 - 1).take(end.0 - start.0 + 1);
    lines
        .map(|(index, text)| {
            let from = if index + 1 == start.0 { start.1 } else { 1 };
            let to = if index + 1 == end.0 { end.1 } else { text.chars().count() + 1 };
            let (from, to) = (from.to_string(), to.to_string());
            object([("text", string(text)), ("highlight_start", from), ("highlight_end", to)])
        })
        .collect()
}
