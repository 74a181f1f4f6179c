//! Diagnostics as text, as rustc draws them, and as the JSON that Cargo takes for rustc's own.

use super::json::Json;
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

fn draw(diagnostic: &Diagnostic, files: &Files, renderer: &Renderer) -> String {
    let level = match diagnostic.level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
    };
    let mut shown: Vec<usize> = diagnostic.labels.iter().map(|label| label.place.file).collect();
    shown.dedup();
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
    };
    let child = |text: &String| {
        Json::Object(vec![
            ("message", Json::text(text)),
            ("code", Json::Null),
            ("level", Json::text("help")),
            ("spans", Json::List(vec![])),
            ("children", Json::List(vec![])),
            ("rendered", Json::Null),
        ])
    };
    let labels = diagnostic.labels.iter().enumerate();
    let spans = labels.map(|(index, label)| span(&label.place, &label.text, index == 0, files)).collect();
    let code = format!("whimbrel::{}", diagnostic.code);
    let value = Json::Object(vec![
        ("$message_type", Json::text("diagnostic")),
        ("message", Json::text(&diagnostic.message)),
        ("code", Json::Object(vec![("code", Json::Text(code)), ("explanation", Json::Null)])),
        ("level", Json::text(level)),
        ("spans", Json::List(spans)),
        ("children", Json::List(diagnostic.help.iter().map(child).collect())),
        ("rendered", Json::Text(format!("{rendered}\n"))),
    ]);
    format!("{value}\n")
}

fn span(place: &Place, label: &str, is_primary: bool, files: &Files) -> Json {
    let file = files.get(place.file);
    let (start, end) = (file.position(place.range.start), file.position(place.range.end));
    Json::Object(vec![
        ("file_name", Json::Text(format!("{PACKAGE}{}", file.path))),
        ("byte_start", Json::Number(place.range.start)),
        ("byte_end", Json::Number(place.range.end)),
        ("line_start", Json::Number(start.0)),
        ("line_end", Json::Number(end.0)),
        ("column_start", Json::Number(start.1)),
        ("column_end", Json::Number(end.1)),
        ("is_primary", Json::Truth(is_primary)),
        ("text", Json::List(lines(file, start, end))),
        ("label", if label.is_empty() { Json::Null } else { Json::text(label) }),
        ("suggested_replacement", Json::Null),
        ("suggestion_applicability", Json::Null),
        ("expansion", Json::Null),
    ])
}

fn lines(file: &File, start: (usize, usize), end: (usize, usize)) -> Vec<Json> {
    let lines = file.text.lines().enumerate().skip(start.0 - 1).take(end.0 - start.0 + 1);
    lines
        .map(|(index, text)| {
            let from = if index + 1 == start.0 { start.1 } else { 1 };
            let to = if index + 1 == end.0 { end.1 } else { text.chars().count() + 1 };
            Json::Object(vec![
                ("text", Json::text(text)),
                ("highlight_start", Json::Number(from)),
                ("highlight_end", Json::Number(to)),
            ])
        })
        .collect()
}
