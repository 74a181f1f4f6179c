//! The comment lines at the top of a script's file: `-- schema: 1.1.0`, `-- after: 0001_init`, and its description.

use crate::arguments::{Allow, Arguments, NAMES};
use crate::language::Language;
use crate::mistake::Mistake;
use crate::names::nearest;
use std::ops::Range;

/// What the header of a script's file says.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Its arguments, with byte ranges of the file.
    pub arguments: Arguments<Range<usize>>,
    /// The other comment lines of the first paragraph, joined by spaces.
    pub description: String,
}

/// Reads the comment lines before the first statement.
pub fn read(text: &str) -> (Header, Vec<Mistake<Range<usize>>>) {
    read_as(text, Language::Sql)
}

/// Reads the same in a language, which says how a comment begins.
pub fn read_as(text: &str, language: Language) -> (Header, Vec<Mistake<Range<usize>>>) {
    let begin = language.comment();
    let mut header = Header::default();
    let mut mistakes = Vec::new();
    let mut offset = 0;
    let mut description_ended = false;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let Some(comment) = trimmed.strip_prefix(begin) else {
            if !trimmed.is_empty() {
                break;
            }
            description_ended |= !header.description.is_empty();
            continue;
        };
        match directive(comment) {
            Some((name, value)) => {
                let name_at = start + line.find(name).unwrap_or(0);
                let value_at = start + line.rfind(value).unwrap_or(0);
                let places = (name_at..name_at + name.len(), value_at..value_at + value.len());
                mistakes.extend(set(&mut header.arguments, name, value, (places, begin)).err());
            }
            None if comment.trim().is_empty() => description_ended |= !header.description.is_empty(),
            None if !description_ended => {
                let gap = if header.description.is_empty() { "" } else { " " };
                header.description = format!("{}{gap}{}", header.description, comment.trim());
            }
            None => {}
        }
    }
    (header, mistakes)
}

/// Splits `name: value` where the name is an argument's, or one slip away from it; other comments are prose.
fn directive(comment: &str) -> Option<(&str, &str)> {
    let (name, value) = comment.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    if name == "allow" && !is_excuse(value) {
        return None;
    }
    let known =
        NAMES.contains(&name) || (name.len() > 3 && name == name.to_lowercase() && nearest(name, NAMES).is_some());
    known.then_some((name, value))
}

/// Tells `rule-name, reason` from a sentence that happens to begin with `allow:`.
fn is_excuse(value: &str) -> bool {
    let (rule, reason) = value.split_once(',').map_or((value, None), |(rule, reason)| (rule.trim(), Some(reason)));
    let is_name = !rule.is_empty() && rule.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_'));
    is_name && (reason.is_some() || rule.contains('-'))
}

type Places = (Range<usize>, Range<usize>);

fn set(
    arguments: &mut Arguments<Range<usize>>,
    name: &str,
    value: &str,
    (places, begin): (Places, &str),
) -> Result<(), Mistake<Range<usize>>> {
    let (name_at, value_at) = places;
    arguments.admit(name, name_at.clone())?;
    if name == "allow" {
        let (rule, reason) = value.split_once(',').unwrap_or((value, ""));
        let (rule, reason) = (rule.trim_end(), reason.trim());
        let place = value_at.start..value_at.start + rule.len();
        if reason.is_empty() {
            return Err(Mistake::new(place, "`allow` needs a reason")
                .help(format!("write `{begin} allow: {rule}, why it does no harm here`")));
        }
        arguments.allow.push(Allow { rule: rule.to_owned(), reason: reason.to_owned(), place });
        return Ok(());
    }
    if !matches!(name, "after" | "replaces") {
        let at = if value.is_empty() { name_at } else { value_at };
        return arguments.set(name, value, at.clone()).map_err(|message| Mistake::new(at, message));
    }
    let mut ids = Vec::new();
    for part in value.split(',') {
        let id = part.trim();
        if !id.is_empty() {
            // Both are slices of the same line, so the distance of their addresses is the offset.
            let at = value_at.start + (id.as_ptr() as usize - value.as_ptr() as usize);
            ids.push((crate::id::canonical(id).to_owned(), at..at + id.len()));
        }
    }
    match name {
        "after" => arguments.after = Some(ids),
        _ => arguments.replaces.extend(ids),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_description_are_told_apart() {
        let text = "\u{feff}-- Adds the severity.\r\n-- schema: 1.1.0\n-- after: m0001_a, 0002_b\n-- More: of it.\n\nSELECT 1; -- schema: 9.9.9\n";
        let (header, mistakes) = read(text);
        assert_eq!(mistakes, []);
        assert_eq!(header.description, "Adds the severity. More: of it.");
        assert_eq!(header.arguments.schema.map(|(version, at)| (version, &text[at])), Some(([1, 1, 0], "1.1.0")));
        let after: Vec<_> = header.arguments.after.into_iter().flatten().map(|(id, at)| (id, &text[at])).collect();
        assert_eq!(after, [("0001_a".to_owned(), "m0001_a"), ("0002_b".to_owned(), "0002_b")]);
    }

    #[test]
    fn what_is_replaced_may_take_several_lines() {
        let (header, mistakes) = read("-- replaces: 0001_a, m0002_b\n-- replaces: 0003_c\nSELECT 1");
        assert_eq!(mistakes, []);
        let replaced: Vec<_> = header.arguments.replaces.into_iter().map(|(id, _)| id).collect();
        assert_eq!(replaced, ["0001_a", "0002_b", "0003_c"]);
    }

    #[test]
    fn a_comment_is_the_languages_own() {
        let text = "// Names.\n// on: graph\n-- schema: 1.0.0\n";
        let (header, mistakes) = read_as(text, Language::Cypher);
        assert_eq!(mistakes, []);
        assert_eq!(header.description, "Names.");
        assert_eq!(header.arguments.on.map(|(on, at)| (on, &text[at])), Some(("graph".to_owned(), "graph")));
        assert!(header.arguments.schema.is_none());
        let (header, _) = read_as("# schema: 1.2.0\nSET a b", Language::Redis);
        assert_eq!(header.arguments.schema.map(|(version, _)| version), Some([1, 2, 0]));
    }

    #[test]
    fn rules_are_excused_with_a_reason() {
        let text = "-- allow: truncate, it is a cache, after all\n-- allow: table-dropped, unused\n-- allow: column-dropped\n-- allow: nulls in here\n";
        let (header, mistakes) = read(text);
        let excused: Vec<_> =
            header.arguments.allow.iter().map(|allow| (&text[allow.place.clone()], allow.reason.as_str())).collect();
        assert_eq!(excused, [("truncate", "it is a cache, after all"), ("table-dropped", "unused")]);
        let messages: Vec<_> = mistakes.iter().map(|m| m.message.as_str()).collect();
        assert_eq!(messages, ["`allow` needs a reason"]);
        assert_eq!(header.description, "allow: nulls in here");
    }

    #[test]
    fn slips_are_reported_and_prose_is_not() {
        let (_, mistakes) = read("-- shema: 1.0.0\n-- transaction: no\n-- schema: 1\n-- note: x\n-- Schema: changes\n");
        let messages: Vec<_> = mistakes.iter().map(|m| m.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "unknown argument `shema`",
                "`transaction` is `true` or `false`, not `no`",
                "`1` is no schema version: three numbers, as in `1.2.0`"
            ]
        );
    }
}
