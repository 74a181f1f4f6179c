//! Declarations in Rust: annotated modules, found from the folder's `mod.rs` on.

use super::script::{Script, place};
use super::{Declaration, Files, Origin, Part, Place, RustPart, Set, Together, files, tokens};
use crate::report::Diagnostic;
use proc_macro2::{Ident, Span, TokenTree};
use std::path::{Path, PathBuf};
use whimbrel_grammar::item::{Item, Kind, items};
use whimbrel_grammar::module::{self, Body, Contents};
use whimbrel_grammar::{Arguments, Databases, Id, Module};

/// Reads `mod.rs` and every file that it declares; gives the paths of all of them.
pub(crate) fn read(files: &mut Files, root: &Path, set: &mut Set, found: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut reader = Reader { files, set, found, declared: Vec::new() };
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    reader.file(root, &folder, &[]);
    reader.declared
}

struct Reader<'a> {
    files: &'a mut Files,
    set: &'a mut Set,
    found: &'a mut Vec<Diagnostic>,
    declared: Vec<String>,
}

impl Reader<'_> {
    /// Reads one file, whose own file modules live in `children`. What can't be read or is no Rust, rustc reports.
    fn file(&mut self, path: &Path, children: &Path, modules: &[String]) {
        self.declared.push(files::normal(path));
        let read = self.files.read(path).ok().and_then(|file| Some((file, tokens::read(&self.files.get(file).text)?)));
        match read {
            Some((file, stream)) => self.items(&items(stream), file, children, modules),
            None => self.set.incomplete = true,
        }
    }

    fn items(&mut self, items: &[Item], file: usize, children: &Path, modules: &[String]) {
        for item in items {
            match &item.kind {
                Kind::Macro { name, body } if name == "registry" && modules.is_empty() => {
                    self.set.databases = Databases::read(body.clone()).0;
                }
                Kind::Module { name, body } => {
                    let path: Vec<String> = modules.iter().cloned().chain([name.to_string()]).collect();
                    match (item.attribute("migration"), body) {
                        (Some(_), Some(_)) => self.migration(item, file, path),
                        // rustc refuses the attribute there by itself.
                        (Some(_), None) => self.set.incomplete = true,
                        (None, Some(_)) if is_migration_conditionally(item) => {
                            self.set.modules.extend(path.last().cloned());
                            self.found.push(conditional(&place(name.span(), file, self.files)));
                        }
                        (None, Some(body)) => {
                            let inside = whimbrel_grammar::item::items(body.clone());
                            self.items(&inside, file, &children.join(name.to_string()), &path);
                        }
                        (None, None) => self.file_module(item, file, children, &path),
                    }
                }
                _ => {}
            }
        }
    }

    /// Follows `mod name;`.
    fn file_module(&mut self, item: &Item, file: usize, children: &Path, path: &[String]) {
        let Some(name) = item.name() else { return };
        let given = item.attribute("path").and_then(|attribute| attribute.value());
        let below = children.join(name.to_string());
        let beside = Path::new(&self.files.get(file).path).parent().unwrap_or(Path::new("")).to_owned();
        let (found, children): (PathBuf, PathBuf) = match given {
            Some(given) => {
                let found = beside.join(given);
                let children = found.parent().unwrap_or(Path::new("")).to_owned();
                (found, children)
            }
            None if self.files.package().join(below.with_extension("rs")).is_file() => {
                (below.with_extension("rs"), below)
            }
            None => (below.join("mod.rs"), below),
        };
        let is_test = item
            .attribute("cfg")
            .and_then(|cfg| cfg.arguments())
            .is_some_and(|condition| condition.to_string() == "test");
        if is_test {
            self.declared.push(files::normal(&found));
            return;
        }
        self.file(&found, &children, path);
    }

    /// Reads an annotated module. What its shape lacks is said by the attribute macro, which sees the same tokens.
    fn migration(&mut self, item: &Item, file: usize, path: Vec<String>) {
        self.set.modules.extend(path.last().cloned());
        // rustc takes these away before the attribute macro sees the module.
        if let Some(condition) = item.attribute("cfg") {
            self.found.push(conditional(&place(condition.span(), file, self.files)));
        }
        let arguments = item.attribute("migration").and_then(|attribute| attribute.arguments()).unwrap_or_default();
        let Ok(module) = Module::read(arguments, item) else {
            self.set.incomplete = true;
            return;
        };
        let Some(id) = module.id.clone() else {
            self.set.incomplete = true;
            return;
        };
        if path.len() > 1 && !item.public {
            self.found.push(private(&path, &module.name, &place(module.name.span(), file, self.files)));
        }
        if !module.mistakes.is_empty() {
            self.set.refused.push(id);
            return;
        }
        for contents in &module.bodies {
            match self.declaration(&module, contents, id.clone(), &path, file) {
                Some(declaration) => self.set.declarations.push(declaration),
                // What is known of some of its databases would look like all.
                None => {
                    self.set.declarations.retain(|declaration| declaration.id != id);
                    self.set.refused.push(id);
                    return;
                }
            }
        }
    }

    /// Declares what a module does to one database; `None` where a script can't be read.
    fn declaration(
        &mut self,
        module: &Module,
        contents: &Contents,
        id: Id,
        path: &[String],
        file: usize,
    ) -> Option<Declaration> {
        let (mut path, mut name, mut together) = (path.to_owned(), &module.name, None);
        let mut arguments = placed(&module.arguments, |span| place(span, file, self.files));
        if let Some(inner) = &contents.inner {
            path.push(inner.name.to_string());
            let own = place(inner.name.span(), file, self.files);
            if !inner.public {
                self.found.push(private(&path, &inner.name, &own));
            }
            together = Some(Together::All(place(name.span(), file, self.files)));
            name = &inner.name;
            arguments.on = Some((inner.name.to_string(), own));
        }
        let [Some(up), down, require, verify] = self.parts(module, contents, file)? else { return None };
        Some(Declaration {
            place: place(name.span(), file, self.files),
            description: if module.description.is_empty() { id.words() } else { module.description.clone() },
            id,
            origin: Origin::Module(path),
            together,
            arguments,
            up,
            down,
            require,
            verify,
        })
    }

    /// Reads `up`, `down`, `require` and `verify`; `None` where a script can't be read.
    fn parts(&mut self, module: &Module, contents: &Contents, file: usize) -> Option<[Option<Part>; 4]> {
        let [up, down, require, verify] = [&contents.up, &contents.down, &contents.require, &contents.verify];
        let mut read = |part: &Option<module::Part>| {
            part.as_ref().map(|part| self.part(module, contents, part, file)).map_or(Some(None), |part| part.map(Some))
        };
        Some([read(up)?, read(down)?, read(require)?, read(verify)?])
    }

    fn part(&mut self, module: &Module, contents: &Contents, part: &module::Part, file: usize) -> Option<Part> {
        Some(match &part.body {
            Body::Script(expression) => Part::Script(Script::evaluate(expression, file, self.files)?),
            Body::Function { step, .. } => Part::Rust(RustPart {
                place: place(part.name.span(), file, self.files),
                step: last_segment(step),
                checksum: part_checksum(module, contents, &part.name.to_string()),
            }),
        })
    }
}

fn private(path: &[String], name: &Ident, place: &Place) -> Diagnostic {
    Diagnostic::error("private_module", format!("the registry can't reach `{}`", path.join("::")))
        .at(place, "private")
        .help(format!("write `pub mod {name}`"))
}

/// Tells whether a module says `#[cfg_attr(…, migration)]`.
fn is_migration_conditionally(item: &Item) -> bool {
    let attribute = item.attribute("cfg_attr").and_then(|attribute| attribute.arguments());
    attribute.is_some_and(|arguments| arguments.into_iter().any(|token| token.to_string() == "migration"))
}

fn conditional(place: &Place) -> Diagnostic {
    Diagnostic::error("conditional", "a migration can't be conditional")
        .at(place, "not there in every build")
        .help("every build has to see the same chain; let the migration's own SQL decide")
}

/// Hashes what a Rust part does: its function and the module's own items, without the other parts.
fn part_checksum(module: &Module, contents: &Contents, part: &str) -> String {
    let transaction = module.arguments.transaction.as_ref().is_some_and(|(transaction, _)| !transaction);
    let options: &[&str] = if transaction && part == "up" { &["transaction=false"] } else { &[] };
    tokens::checksum(&contents.items, options, |item| match item.name().map(ToString::to_string) {
        Some(name) if whimbrel_grammar::names::RESERVED.contains(&name.as_str()) => name == part,
        _ => true,
    })
}

/// Gives the last name of a type's path: `PostgresStep` of `&mut whimbrel::PostgresStep`.
fn last_segment(step: &[TokenTree]) -> String {
    let path = step.iter().take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == '<'));
    path.filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    })
    .last()
    .unwrap_or_default()
}

fn placed(arguments: &Arguments<Span>, place: impl Fn(Span) -> Place) -> Arguments<Place> {
    arguments.clone().map(place)
}
