//! The arguments of `#[migration(…)]` and of a SQL file's header: the same names, the same values.

use crate::expression::split_commas;
use crate::item::{cooked, is_punct};
use crate::mistake::Mistake;
use crate::names::nearest;
use crate::value::{Phase, boolean, milliseconds, phase, version};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// The arguments by name.
pub const NAMES: [&str; 10] = [
    "after",
    "allow",
    "irreversible",
    "lock_timeout",
    "on",
    "phase",
    "replaces",
    "schema",
    "statement_timeout",
    "transaction",
];

/// What an author said about a migration, each with its place.
#[derive(Debug, Clone)]
pub struct Arguments<P> {
    /// The ids it comes after, a leading `m` dropped.
    pub after: Option<Vec<(String, P)>>,
    /// The safety rules that it breaks on purpose; this one may stand several times.
    pub allow: Vec<Allow<P>>,
    /// Why it can't be rolled back.
    pub irreversible: Option<(String, P)>,
    /// The most milliseconds that one of its statements waits for a lock; 0 is no limit.
    pub lock_timeout: Option<(u64, P)>,
    /// The database that it changes, or `all`.
    pub on: Option<(String, P)>,
    /// Whether the application's version before it still works with it.
    pub phase: Option<(Phase, P)>,
    /// The ids of earlier migrations whose place it takes, a leading `m` dropped; this one may stand several times.
    pub replaces: Vec<(String, P)>,
    /// The schema version that is reached with it.
    pub schema: Option<([u64; 3], P)>,
    /// The most milliseconds that one of its statements runs; 0 is no limit.
    pub statement_timeout: Option<(u64, P)>,
    /// Whether it runs in one transaction with its ledger row.
    pub transaction: Option<(bool, P)>,
}

/// A safety rule that is excused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow<P> {
    /// The rule's name.
    pub rule: String,
    /// Why it does no harm.
    pub reason: String,
    /// Where the rule is named.
    pub place: P,
}

impl<P> Default for Arguments<P> {
    fn default() -> Self {
        Arguments {
            after: None,
            allow: Vec::new(),
            irreversible: None,
            lock_timeout: None,
            on: None,
            phase: None,
            replaces: Vec::new(),
            schema: None,
            statement_timeout: None,
            transaction: None,
        }
    }
}

impl<P> Arguments<P> {
    /// Gives the same arguments with other places.
    pub fn map<Q>(self, place: impl Fn(P) -> Q) -> Arguments<Q> {
        fn both<V, P, Q>(value: Option<(V, P)>, place: &impl Fn(P) -> Q) -> Option<(V, Q)> {
            value.map(|(value, at)| (value, place(at)))
        }
        Arguments {
            after: self.after.map(|ids| ids.into_iter().map(|(id, at)| (id, place(at))).collect()),
            allow: (self.allow.into_iter())
                .map(|Allow { rule, reason, place: at }| Allow { rule, reason, place: place(at) })
                .collect(),
            irreversible: both(self.irreversible, &place),
            lock_timeout: both(self.lock_timeout, &place),
            on: both(self.on, &place),
            phase: both(self.phase, &place),
            replaces: self.replaces.into_iter().map(|(id, at)| (id, place(at))).collect(),
            schema: both(self.schema, &place),
            statement_timeout: both(self.statement_timeout, &place),
            transaction: both(self.transaction, &place),
        }
    }

    /// Sets the argument that is written as text (in a header, or as `name = "text"`).
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(crate) fn set(&mut self, name: &str, text: &str, place: P) -> Result<(), String> {
        match name {
            "irreversible" if text.trim().is_empty() => return Err("`irreversible` needs a reason".to_owned()),
            "irreversible" => self.irreversible = Some((text.trim().to_owned(), place)),
            "lock_timeout" => self.lock_timeout = Some((milliseconds(text)?, place)),
            "on" => self.on = Some((text.trim().to_owned(), place)),
            "phase" => self.phase = Some((phase(text.trim())?, place)),
            "schema" => self.schema = Some((version(text)?, place)),
            "statement_timeout" => self.statement_timeout = Some((milliseconds(text)?, place)),
            "transaction" => self.transaction = Some((boolean(text.trim())?, place)),
            _ => return Err(format!("`{name}` takes no text")),
        }
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        match name {
            "after" => self.after.is_some(),
            "allow" | "replaces" => false,
            "irreversible" => self.irreversible.is_some(),
            "lock_timeout" => self.lock_timeout.is_some(),
            "on" => self.on.is_some(),
            "phase" => self.phase.is_some(),
            "schema" => self.schema.is_some(),
            "statement_timeout" => self.statement_timeout.is_some(),
            _ => self.transaction.is_some(),
        }
    }

    /// Refuses an argument that nobody knows or that was given before.
    pub(crate) fn admit(&self, name: &str, place: P) -> Result<P, Mistake<P>> {
        if !NAMES.contains(&name) {
            let known = NAMES.map(|name| format!("`{name}`")).join(", ");
            let meant = nearest(name, NAMES).map(|meant| format!("did you mean `{meant}`?"));
            return Err(Mistake::new(place, format!("unknown argument `{name}`"))
                .help(meant.unwrap_or_else(|| format!("the arguments are {known}"))));
        }
        if self.has(name) {
            return Err(Mistake::new(place, format!("argument `{name}` is given twice")).help("keep one of them"));
        }
        Ok(place)
    }
}

impl Arguments<Span> {
    /// Reads the tokens between the parentheses of `#[migration(…)]`.
    pub fn read(stream: TokenStream) -> (Self, Vec<Mistake<Span>>) {
        let mut arguments = Arguments::default();
        let mut mistakes = Vec::new();
        for part in split_commas(stream) {
            if let Err(mistake) = arguments.argument(&part) {
                mistakes.push(mistake);
            }
        }
        (arguments, mistakes)
    }

    fn argument(&mut self, part: &[TokenTree]) -> Result<(), Mistake<Span>> {
        let Some(TokenTree::Ident(ident)) = part.first() else {
            let place = part.first().map_or_else(Span::call_site, TokenTree::span);
            return Err(Mistake::new(place, "an argument begins with its name")
                .help("for instance `schema = \"1.2.0\"` or `after(m0001_initial_schema)`"));
        };
        let name = ident.to_string();
        self.admit(&name, ident.span())?;
        match (name.as_str(), &part[1..]) {
            ("after", [TokenTree::Group(list)]) if list.delimiter() == Delimiter::Parenthesis => {
                self.after = Some(ids(ident, list.stream())?);
                Ok(())
            }
            ("replaces", [TokenTree::Group(list)]) if list.delimiter() == Delimiter::Parenthesis => {
                self.replaces.extend(ids(ident, list.stream())?);
                Ok(())
            }
            ("allow", [TokenTree::Group(list)]) if list.delimiter() == Delimiter::Parenthesis => {
                self.allow(ident, list.stream())
            }
            ("allow", _) => Err(Mistake::new(ident.span(), "`allow` takes the names of rules and a reason")
                .help(format!("write `{}`", example("allow")))),
            ("after" | "replaces", _) => {
                Err(Mistake::new(ident.span(), format!("`{name}` takes a list of migrations"))
                    .help(format!("write `{}`", example(&name))))
            }
            (_, [eq, value]) if is_punct(Some(eq), '=') => self.value(&name, value),
            _ => Err(Mistake::new(ident.span(), format!("`{name}` needs a value"))
                .help(format!("write `{}`", example(&name)))),
        }
    }

    fn value(&mut self, name: &str, value: &TokenTree) -> Result<(), Mistake<Span>> {
        let text = match value {
            TokenTree::Literal(literal) if name != "transaction" => cooked(literal),
            TokenTree::Ident(ident) if matches!(name, "on" | "phase" | "transaction") => Some(ident.to_string()),
            _ => None,
        };
        let wrong = |message: String| Mistake::new(value.span(), message).help(format!("write `{}`", example(name)));
        let text = text.ok_or_else(|| wrong(format!("`{name}` takes another kind of value")))?;
        self.set(name, &text, value.span()).map_err(wrong)
    }

    fn allow(&mut self, name: &Ident, list: TokenStream) -> Result<(), Mistake<Span>> {
        let wrong = |place, message: &str| Mistake::new(place, message).help(format!("write `{}`", example("allow")));
        let (mut rules, mut reason) = (Vec::new(), None);
        for part in split_commas(list) {
            match part.as_slice() {
                [TokenTree::Ident(key), eq, TokenTree::Literal(text)] if key == "reason" && is_punct(Some(eq), '=') => {
                    reason = cooked(text).filter(|text| !text.trim().is_empty());
                }
                [TokenTree::Literal(literal)] => rules.extend(cooked(literal).map(|rule| (rule, literal.span()))),
                words => {
                    let place = words.first().map_or_else(|| name.span(), TokenTree::span);
                    rules.push((kebab(words).ok_or_else(|| wrong(place, "`allow` takes names of rules"))?, place));
                }
            }
        }
        if rules.is_empty() {
            return Err(wrong(name.span(), "`allow` names no rule"));
        }
        let reason = reason.ok_or_else(|| wrong(name.span(), "`allow` needs a reason"))?;
        let excuses = rules.into_iter().map(|(rule, place)| Allow { rule, reason: reason.trim().to_owned(), place });
        self.allow.extend(excuses);
        Ok(())
    }
}

/// Reads the names of migrations between the parentheses of `after(…)` or `replaces(…)`.
fn ids(name: &Ident, list: TokenStream) -> Result<Vec<(String, Span)>, Mistake<Span>> {
    let mut ids = Vec::new();
    for part in split_commas(list) {
        let id = match part.as_slice() {
            [TokenTree::Literal(literal)] => cooked(literal).map(|id| (id, literal.span())),
            // A path is fine: the last segment is the module's name.
            [.., TokenTree::Ident(last)] => Some((last.to_string(), last.span())),
            _ => None,
        };
        let place = part.first().map_or_else(|| name.span(), TokenTree::span);
        let (id, place) = id.ok_or_else(|| {
            Mistake::new(place, format!("`{name}` takes names of migrations"))
                .help(format!("write `{name}(m0001_initial_schema)` or `{name}(\"0001_initial_schema\")`"))
        })?;
        ids.push((crate::id::canonical(&id).to_owned(), place));
    }
    Ok(ids)
}

/// Reads a name of several words: `blocking-index-build`.
fn kebab(tokens: &[TokenTree]) -> Option<String> {
    let mut name = String::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if index % 2 == 0 => name.push_str(&word.to_string()),
            TokenTree::Punct(dash) if index % 2 == 1 && dash.as_char() == '-' => name.push('-'),
            _ => return None,
        }
    }
    (tokens.len() % 2 == 1).then_some(name)
}

fn example(name: &str) -> &'static str {
    match name {
        "allow" => "allow(blocking-index-build, reason = \"the table is small\")",
        "irreversible" => "irreversible = \"the old values are gone\"",
        "lock_timeout" => "lock_timeout = \"2s\"",
        "on" => "on = main",
        "phase" => "phase = expand",
        "replaces" => "replaces(m0001_initial_schema, m0002_users)",
        "schema" => "schema = \"1.2.0\"",
        "statement_timeout" => "statement_timeout = \"5min\"",
        "transaction" => "transaction = false",
        _ => "after(m0001_initial_schema)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Arguments<Span>, Vec<String>) {
        let (arguments, mistakes) = Arguments::read(text.parse().unwrap());
        (arguments, mistakes.into_iter().map(|mistake| mistake.message).collect())
    }

    #[test]
    fn rules_are_excused_with_a_reason() {
        let (arguments, mistakes) = read(
            "allow(blocking-index-build, truncate, reason = \"forty rows\"), allow(\"enum-value-renamed\", reason = \"new\")",
        );
        assert_eq!(mistakes, [""; 0]);
        let excused: Vec<_> =
            arguments.allow.iter().map(|allow| (allow.rule.as_str(), allow.reason.as_str())).collect();
        assert_eq!(
            excused,
            [("blocking-index-build", "forty rows"), ("truncate", "forty rows"), ("enum-value-renamed", "new")]
        );
    }

    #[test]
    fn limits_and_phases_are_read() {
        let (arguments, mistakes) = read("lock_timeout = \"2s\", statement_timeout = \"5min\", phase = contract");
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(arguments.lock_timeout.map(|(time, _)| time), Some(2_000));
        assert_eq!(arguments.statement_timeout.map(|(time, _)| time), Some(300_000));
        assert_eq!(arguments.phase.map(|(phase, _)| phase), Some(Phase::Contract));
        assert_eq!(read("lock_timeout = 2").1, ["`lock_timeout` takes another kind of value"]);
    }

    #[test]
    fn what_is_replaced_is_listed_in_one_place_or_several() {
        let (arguments, mistakes) = read("replaces(m0001_a, old::m0002_b), schema = \"1.0.0\", replaces(\"0003_c\")");
        assert_eq!(mistakes, [""; 0]);
        let replaced: Vec<_> = arguments.replaces.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(replaced, ["0001_a", "0002_b", "0003_c"]);
        assert_eq!(read("replaces = 1").1, ["`replaces` takes a list of migrations"]);
        assert_eq!(read("replaces(1 2)").1, ["`replaces` takes names of migrations"]);
    }

    #[test]
    fn an_excuse_without_its_parts_is_a_mistake() {
        for (text, mistake) in [
            ("allow(truncate)", "`allow` needs a reason"),
            ("allow(truncate, reason = \" \")", "`allow` needs a reason"),
            ("allow(reason = \"x\")", "`allow` names no rule"),
            ("allow(a b, reason = \"x\")", "`allow` takes names of rules"),
            ("allow = \"truncate\"", "`allow` takes the names of rules and a reason"),
        ] {
            assert_eq!(read(text).1, [mistake], "{text}");
        }
    }
}
