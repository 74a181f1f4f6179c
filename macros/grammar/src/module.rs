//! The shape of one annotated module: which parts it has, and everything that is wrong with them.

use crate::arguments::Arguments;
use crate::expression::Expression;
use crate::id::Id;
use crate::item::{self, Item, Kind, is_ident, is_punct};
use crate::mistake::Mistake;
use crate::names::near_miss;
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
    /// What applying it does.
    pub up: Option<Part>,
    /// What rolling it back does.
    pub down: Option<Part>,
    /// What must be true before it.
    pub require: Option<Part>,
    /// What must be true after it.
    pub verify: Option<Part>,
    /// The items in the module's braces.
    pub items: Vec<Item>,
    /// All that is wrong; a module with mistakes is no migration.
    pub mistakes: Vec<Mistake<Span>>,
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
            up: None,
            down: None,
            require: None,
            verify: None,
            items: item::items(body.clone()),
            mistakes,
        };
        module.read_id();
        for item in module.items.clone() {
            module.read_item(&item);
        }
        if module.up.is_none()
            && !module.mistakes.iter().any(|m| m.message.contains("`UP`") || m.message.contains("`up`"))
        {
            module.mistakes.push(
                Mistake::new(name.span(), "the migration does nothing: `UP` is missing")
                    .help("add `pub const UP: &str = \"…\";` or `pub async fn up(…)`"),
            );
        }
        Ok(module)
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

    fn read_item(&mut self, item: &Item) {
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
            Ok(body) => self.set(Part { name: name.clone(), body }),
            Err(mistake) => self.mistakes.push(mistake),
        }
    }

    fn set(&mut self, part: Part) {
        let slot = match part.name.to_string().to_lowercase().as_str() {
            "up" => &mut self.up,
            "down" => &mut self.down,
            "verify" => &mut self.verify,
            _ => &mut self.require,
        };
        if let Some(first) = slot {
            self.mistakes.push(
                Mistake::new(part.name.span(), format!("the module has `{}` and `{}`", first.name, part.name))
                    .help("keep one of them: a script, or a function"),
            );
            return;
        }
        *slot = Some(part);
    }
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
