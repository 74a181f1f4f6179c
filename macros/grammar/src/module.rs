//! The shape of one annotated module: which parts it has, and everything that is wrong with them.

use crate::arguments::Arguments;
use crate::expression::Expression;
use crate::id::Id;
use crate::item::{self, Item, Kind, is_ident, is_punct};
use crate::mistake::Mistake;
use crate::names::{RESERVED, near_miss};
use crate::registry::ALL;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// A migration as its module declares it; what is wrong with it stands in [`Module::mistakes`].
#[derive(Debug, Clone)]
pub struct Module {
    /// The module's name.
    pub name: Ident,
    /// The id that the name stands for, where it is one.
    pub id: Option<Id>,
    /// The doc comment's first paragraph, in one line.
    pub description: String,
    /// The attribute's arguments.
    pub arguments: Arguments<Span>,
    /// What it does: one body, or, with `on = all`, one for each database.
    pub bodies: Vec<Contents>,
    /// All that is wrong; a module with mistakes is no migration.
    pub mistakes: Vec<Mistake<Span>>,
}

/// What a migration does to one database.
#[derive(Debug, Clone)]
pub struct Contents {
    /// With `on = all` the module in the module that is named as the database.
    pub inner: Option<Inner>,
    /// What applying it does.
    pub up: Option<Part>,
    /// What rolling it back does.
    pub down: Option<Part>,
    /// What must be true before it.
    pub require: Option<Part>,
    /// What must be true after it.
    pub verify: Option<Part>,
    /// The items that it is made of, in the module's braces and in those around it.
    pub items: Vec<Item>,
}

/// A module within the annotated one.
#[derive(Debug, Clone)]
pub struct Inner {
    /// Its name, which is the database's.
    pub name: Ident,
    /// Whether it begins with `pub`.
    pub public: bool,
}

/// One part of a migration: a constant with a script, or a function.
#[derive(Debug, Clone)]
pub struct Part {
    /// The item's name: `UP` or `up`.
    pub name: Ident,
    /// How it is written.
    pub body: Body,
}

/// How a part is written.
#[derive(Debug, Clone)]
pub enum Body {
    /// `pub const UP: &str = …;`
    Script(Expression),
    /// `pub async fn up(step: &mut SqliteStep) -> whimbrel::Result<()>`
    Function {
        /// The type behind `&mut`.
        step: Vec<TokenTree>,
        /// The return type.
        output: Vec<TokenTree>,
    },
}

impl Module {
    /// Reads the module that an attribute with these arguments stands on.
    ///
    /// # Errors
    /// The only mistake, where it is no inline module.
    pub fn read(arguments: TokenStream, item: &Item) -> Result<Module, Mistake<Span>> {
        let Kind::Module { name, body: Some(body) } = &item.kind else {
            let place = item.name().map_or_else(|| first_span(&item.tokens), Ident::span);
            return Err(Mistake::new(place, "`#[migration]` stands on a module with its items in braces")
                .help("write `#[migration] pub mod m0001_initial_schema { pub const UP: &str = \"…\"; }`"));
        };
        let (arguments, mistakes) = Arguments::read(arguments);
        let mut module = Module {
            name: name.clone(),
            id: None,
            description: first_paragraph(&item.doc()),
            arguments,
            bodies: Vec::new(),
            mistakes,
        };
        module.read_id();
        let items = item::items(body.clone());
        if module.is_for_all() {
            module.read_all(&items)
        } else {
            module.read_one(items)
        }
        Ok(module)
    }

    /// Tells whether it says `on = all`.
    pub fn is_for_all(&self) -> bool {
        self.arguments.on.as_ref().is_some_and(|(on, _)| on == ALL)
    }

    fn read_one(&mut self, items: Vec<Item>) {
        let contents = Contents::read(None, items, &mut self.mistakes);
        let says = |m: &Mistake<Span>| m.message.contains("`UP`") || m.message.contains("`up`");
        if contents.up.is_none() && !self.mistakes.iter().any(says) {
            let missing = Mistake::new(self.name.span(), "the migration does nothing: `UP` is missing");
            let inside =
                contents.items.iter().filter_map(inner).find(|(_, body)| item::items(body.clone()).iter().any(is_part));
            self.mistakes.push(match inside {
                Some((inner, _)) => missing.help(format!(
                    "for several databases say `#[migration(on = all)]`; or move what is in `{}` out of it",
                    inner.name
                )),
                None => missing.help("add `pub const UP: &str = \"…\";` or `pub async fn up(…)`"),
            });
        }
        self.bodies.push(contents);
    }

    /// Reads a module for each database; what is beside them belongs to all.
    fn read_all(&mut self, items: &[Item]) {
        for item in items.iter().filter(|item| is_part(item)) {
            let Some(name) = item.name() else { continue };
            self.mistakes.push(
                Mistake::new(name.span(), format!("`{name}` stands outside of the databases' modules"))
                    .help(format!("with `on = all` each database has its own: `pub mod main {{ pub … {name} … }}`")),
            );
        }
        let around: Vec<Item> = items.iter().filter(|item| inner(item).is_none()).cloned().collect();
        for (inner, body) in items.iter().filter_map(inner) {
            let name = inner.name.clone();
            if self.bodies.iter().any(|other| other.inner.as_ref().is_some_and(|other| other.name == name)) {
                self.mistakes.push(Mistake::new(name.span(), format!("there is a module `{name}` already")));
                continue;
            }
            let before = self.mistakes.len();
            let mut contents = Contents::read(Some(inner), item::items(body), &mut self.mistakes);
            if contents.up.is_none() && self.mistakes.len() == before {
                self.mistakes.push(
                    Mistake::new(name.span(), format!("the migration does nothing to `{name}`: `UP` is missing")).help(
                        "add `pub const UP: &str = \"…\";` or `pub async fn up(…)`; with `on = all` each module in it is a database's",
                    ),
                );
            }
            contents.items = around.iter().cloned().chain(contents.items).collect();
            self.bodies.push(contents);
        }
        if self.bodies.is_empty() && self.mistakes.is_empty() {
            self.mistakes.push(
                Mistake::new(self.name.span(), "`on = all`, and no module for any database in it")
                    .help("write `pub mod main { pub const UP: &str = \"…\"; }` for each that `registry!` declares"),
            );
        }
    }

    fn read_id(&mut self) {
        match Id::parse(&self.name.to_string()) {
            Ok(id) => self.id = Some(id),
            Err(reason) => self.mistakes.push(
                Mistake::new(self.name.span(), format!("`{}` is no migration id: {reason}", self.name))
                    .help("name the module like `m0003_add_user_preferences`"),
            ),
        }
    }
}

impl Contents {
    fn read(inner: Option<Inner>, items: Vec<Item>, mistakes: &mut Vec<Mistake<Span>>) -> Contents {
        let mut contents = Contents { inner, up: None, down: None, require: None, verify: None, items: Vec::new() };
        for item in &items {
            contents.read_item(item, mistakes);
        }
        contents.items = items;
        contents
    }

    fn read_item(&mut self, item: &Item, mistakes: &mut Vec<Mistake<Span>>) {
        let Some(name) = item.name() else { return };
        let text = name.to_string();
        let body = match (text.as_str(), &item.kind) {
            ("UP" | "DOWN" | "VERIFY" | "REQUIRE", Kind::Const { ty, value, .. }) => script(name, ty, value),
            ("up" | "down" | "verify" | "require", Kind::Function { is_async, inputs, output, .. }) => {
                function(name, *is_async, inputs, output)
            }
            ("UP" | "DOWN" | "VERIFY" | "REQUIRE", Kind::Function { .. }) => {
                Err(Mistake::new(name.span(), format!("`{text}` is the name of a script, not of a function")).help(
                    format!("write `pub const {text}: &str = \"…\";` or name the function `{}`", text.to_lowercase()),
                ))
            }
            (_, Kind::Const { .. } | Kind::Function { .. }) => match near_miss(&text) {
                Some(meant) => Err(Mistake::new(
                    name.span(),
                    format!("`{text}` means nothing to whimbrel; did you mean `{meant}`?"),
                )
                .help(format!("rename it to `{meant}`, or give an item of your own another name"))),
                None => return,
            },
            _ => return,
        };
        match body {
            Ok(body) => self.set(Part { name: name.clone(), body }, mistakes),
            Err(mistake) => mistakes.push(mistake),
        }
    }

    fn set(&mut self, part: Part, mistakes: &mut Vec<Mistake<Span>>) {
        let slot = match part.name.to_string().to_lowercase().as_str() {
            "up" => &mut self.up,
            "down" => &mut self.down,
            "verify" => &mut self.verify,
            _ => &mut self.require,
        };
        if let Some(first) = slot {
            mistakes.push(
                Mistake::new(part.name.span(), format!("the module has `{}` and `{}`", first.name, part.name))
                    .help("keep one of them: a script, or a function"),
            );
            return;
        }
        *slot = Some(part);
    }
}

/// Finds a module with its items in braces, unless it is there for a test or another condition.
fn inner(item: &Item) -> Option<(Inner, TokenStream)> {
    match &item.kind {
        Kind::Module { name, body: Some(body) } if item.attribute("cfg").is_none() => {
            Some((Inner { name: name.clone(), public: item.public }, body.clone()))
        }
        _ => None,
    }
}

/// Tells whether an item is a part of a migration by its name.
fn is_part(item: &Item) -> bool {
    matches!(item.kind, Kind::Const { .. } | Kind::Function { .. })
        && item.name().is_some_and(|name| RESERVED.contains(&name.to_string().as_str()))
}

fn script(name: &Ident, ty: &[TokenTree], value: &[TokenTree]) -> Result<Body, Mistake<Span>> {
    let is_str = match ty {
        [amp, rest @ ..] if is_punct(Some(amp), '&') => match rest {
            [ty] => is_ident(Some(ty), "str"),
            [tick, lifetime, ty] => {
                is_punct(Some(tick), '\'') && is_ident(Some(lifetime), "static") && is_ident(Some(ty), "str")
            }
            _ => false,
        },
        _ => false,
    };
    if !is_str {
        return Err(Mistake::new(first_span(ty), format!("`{name}` has to be a `&str`"))
            .help(format!("write `pub const {name}: &str = \"…\";`")));
    }
    Expression::read(value).map(Body::Script)
}

fn function(name: &Ident, is_async: bool, inputs: &[TokenTree], output: &[TokenTree]) -> Result<Body, Mistake<Span>> {
    let returns = if matches!(name.to_string().as_str(), "up" | "down") { "()" } else { "bool" };
    let wrong = |place, message: String| {
        Err(Mistake::new(place, message)
            .help(format!("write `pub async fn {name}(step: &mut SqliteStep) -> whimbrel::Result<{returns}>`")))
    };
    if !is_async {
        return wrong(name.span(), format!("`{name}` has to be an `async fn`"));
    }
    if output.is_empty() {
        return wrong(name.span(), format!("`{name}` has to return `whimbrel::Result<{returns}>`"));
    }
    let parts = crate::expression::split_commas(inputs.iter().cloned().collect());
    let [parameter] = parts.as_slice() else {
        return wrong(name.span(), format!("`{name}` takes one parameter, the connection"));
    };
    let colon = parameter.iter().position(|t| is_punct(Some(t), ':'));
    let ty = colon.and_then(|colon| parameter.get(colon + 1..)).unwrap_or_default();
    match ty {
        [amp, mutable, step @ ..] if is_punct(Some(amp), '&') && is_ident(Some(mutable), "mut") && !step.is_empty() => {
            Ok(Body::Function { step: step.to_vec(), output: output.to_vec() })
        }
        _ => wrong(first_span(parameter), format!("`{name}` takes its connection by `&mut`")),
    }
}

fn first_span(tokens: &[TokenTree]) -> Span {
    tokens.first().map_or_else(Span::call_site, TokenTree::span)
}

fn first_paragraph(lines: &[String]) -> String {
    let text = lines.iter().map(|line| line.trim()).skip_while(|line| line.is_empty());
    text.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
