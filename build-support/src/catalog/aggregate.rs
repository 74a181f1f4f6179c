//! Aggregates, which are made of functions.

use super::complaint::finding;
use super::{Function, FunctionKind, Simulator};
use crate::sql::{Dialect, Script, Token, TokenKind};
use crate::statement::{Effects, Name, QualifiedName};
use std::ops::Range;

impl Simulator {
    pub(super) fn create_aggregate(&mut self, name: &QualifiedName) {
        let Some(id) = self.place_for(name, false) else { return };
        let text = self.excerpt.behind(name.range().end).to_owned();
        for (option, function) in parts(&text, name.range().end) {
            if matches!(option.as_str(), "SFUNC" | "FINALFUNC" | "MSFUNC" | "MINVFUNC" | "MFINALFUNC" | "COMBINEFUNC") {
                self.function(&function, false);
            }
        }
        let function = Function {
            kind: FunctionKind::Aggregate,
            arguments: None,
            parameters: Vec::new(),
            returns: None,
            volatile: None,
            types: Vec::new(),
            text: text.into(),
            effects: Effects::default(),
        };
        self.put_function(&id, function, true, &name.range());
    }

    /// Reports a function that can't take another one's place, because callers name its parameters or count on its result.
    pub(super) fn replaceable_function(&mut self, old: &Function, new: &Function, name: &str, range: &Range<usize>) {
        let pairs = old.parameters.iter().zip(&new.parameters);
        let renamed = pairs.into_iter().find(|(own, other)| !own.is_empty() && own != other);
        let message = match (renamed, &old.returns, &new.returns) {
            (Some((own, other)), ..) if other.is_empty() => {
                format!("function `{name}` can't be replaced: its parameter `{own}` would lose its name")
            }
            (Some((own, other)), ..) => {
                format!("function `{name}` can't be replaced: its parameter `{own}` would become `{other}`")
            }
            (None, Some(one), Some(two)) if one != two && !one.is_empty() && !two.is_empty() => {
                format!("function `{name}` can't be replaced: it would give `{two}` where it gave `{one}`")
            }
            _ => return,
        };
        let mut finding = finding("changed_function", message, range, "not what it was");
        finding.help.push("drop the function first".to_owned());
        self.report(finding);
    }
}

/// Lists the options of an aggregate that are names: `SFUNC = f`. `start` is where the text begins in the script.
fn parts(text: &str, start: usize) -> Vec<(String, QualifiedName)> {
    let Ok(script) = Script::parse(text, Dialect::Postgres) else { return Vec::new() };
    let tokens: Vec<Token> =
        script.statements().iter().flat_map(|statement| script.tokens_of(statement)).copied().collect();
    let name = |token: &Token| {
        let word = token.text(text);
        let text = match token.kind {
            TokenKind::Word => word.to_lowercase(),
            TokenKind::QuotedName => word.trim_matches('"').to_owned(),
            _ => return None,
        };
        Some(Name { text, range: start + token.start..start + token.end })
    };
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if tokens.get(at + 1).is_none_or(|next| next.text(text) != "=") {
            continue;
        }
        let Some(first) = tokens.get(at + 2).and_then(name) else { continue };
        let dotted = tokens.get(at + 3).is_some_and(|next| next.is_mark(text, b'.'));
        let second = tokens.get(at + 4).filter(|_| dotted).and_then(name);
        let qualified = match second {
            Some(name) => QualifiedName { schema: Some(first), name },
            None => QualifiedName { schema: None, name: first },
        };
        found.push((token.text(text).to_ascii_uppercase(), qualified));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_of_an_aggregate_are_read() {
        let found = parts("(text) (sfunc = app.f, STYPE= text, finalfunc =\"G\", parallel = safe)", 10);
        let found: Vec<String> = found.iter().map(|(option, name)| format!("{option} {name}")).collect();
        assert_eq!(found, ["SFUNC app.f", "STYPE text", "FINALFUNC G", "PARALLEL safe"]);
    }
}
