//! Declarations in scripts: numbered files, with their rollbacks beside them; and files that nothing declares.

use super::{Declaration, Files, Origin, Part, Place, Script, Set, Together, Unreadable, files, part_name};
use crate::report::Diagnostic;
use crate::sort;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whimbrel_grammar::registry::ALL;
use whimbrel_grammar::{Arguments, Id, Language, header, names};

/// Reads the folder's scripts, and reports the files in it that are nothing.
///
/// `declared` are the Rust files that `mod.rs` reaches. A file that a script includes is no migration of its own.
pub(crate) fn read(files: &mut Files, folder: &Path, declared: &[String], set: &mut Set, found: &mut Vec<Diagnostic>) {
    let included: Vec<String> = files.paths().map(str::to_owned).collect();
    let root = declared.first().and_then(|root| files.read(Path::new(root)).ok());
    let mut migrations: BTreeMap<String, Pair> = BTreeMap::new();
    for path in walk(&files.package().join(folder), folder) {
        let shown = files::normal(&path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rs") && !declared.contains(&shown) {
            found.push(undeclared(&path, folder, declared, root));
        }
        if let Some(message) = misnamed(&name) {
            found.push(whole_file(files, shown, "file_name", message, set));
            continue;
        }
        if let Some((stem, language)) = Language::of_file(&name).filter(|_| !included.contains(&shown)) {
            let extension = language.extension();
            match kind(stem, extension) {
                Ok((id, is_down)) => {
                    let key = format!("{}/{id}.{extension}", path.parent().unwrap_or(Path::new("")).display());
                    let pair = migrations.entry(key).or_default();
                    *(if is_down { &mut pair.down } else { &mut pair.up }) = Some(shown);
                }
                Err(message) => found.push(whole_file(files, shown, "file_name", message, set)),
            }
        }
    }
    for pair in migrations.into_values() {
        migration(files, pair, set, found);
    }
}

#[derive(Default)]
struct Pair {
    up: Option<String>,
    down: Option<String>,
}

/// Tells a script from its rollback by the name: `0005_x.sql` and `0005_x.up.sql`, `0005_x.down.sql`.
fn kind<'a>(stem: &'a str, extension: &str) -> Result<(&'a str, bool), String> {
    match stem.rsplit_once('.') {
        Some((id, "down")) => Ok((id, true)),
        Some((id, "up")) => Ok((id, false)),
        Some((id, other)) if names::nearest(other, ["down", "up"]).is_some() => {
            Err(format!("`.{other}.{extension}` means nothing; write `{id}.down.{extension}` or `{id}.up.{extension}`"))
        }
        _ => Ok((stem, false)),
    }
}

/// Finds a numbered file whose ending is a slip, or what other programs use for a language that is called otherwise here.
fn misnamed(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let meant = match extension {
        "cql" | "cyp" | "neo4j" => Language::Cypher,
        "mongo" => Language::Mongodb,
        "valkey" => Language::Redis,
        _ => {
            let meant = names::nearest(extension, Language::ALL.map(Language::extension))?;
            Language::ALL.into_iter().find(|language| language.extension() == meant && meant != extension)?
        }
    };
    let id = stem.rsplit_once('.').filter(|(_, side)| matches!(*side, "up" | "down")).map_or(stem, |(id, _)| id);
    Id::parse(id).ok()?;
    Some(format!("`.{extension}` means nothing, so it would never run; write `{stem}.{}`", meant.extension()))
}

fn migration(files: &mut Files, pair: Pair, set: &mut Set, found: &mut Vec<Diagnostic>) {
    let Some(up) = pair.up else {
        let down = pair.down.unwrap_or_default();
        let up = down.replace(".down.", ".");
        found.push(whole_file(
            files,
            down,
            "missing_up",
            format!("a rollback without its migration: there is no `{up}`"),
            set,
        ));
        return;
    };
    let Some(file) = open(files, up, set, found) else { return };
    let down = pair.down.and_then(|down| open(files, down, set, found));
    declare(files, file, down, set, found);
}

/// Adds the migration that a file declares, with its rollback.
pub(crate) fn declare(files: &Files, file: usize, down: Option<usize>, set: &mut Set, found: &mut Vec<Diagnostic>) {
    let name = files.get(file).path.rsplit('/').next().unwrap_or_default().to_owned();
    let (stem, language) = Language::of_file(&name).unwrap_or((&name, Language::Sql));
    let stem = stem.trim_end_matches(".up");
    let (stem, database) = match part_name::split(stem, &set.databases) {
        Ok((stem, database)) => (stem, database.map(str::to_owned)),
        Err(message) => {
            set.incomplete = true;
            found.push(Diagnostic::error("file_name", message).at(&beginning(files, file), "this file"));
            return;
        }
    };
    let id = match Id::parse(stem) {
        Ok(id) => id,
        Err(reason) => {
            set.incomplete = true;
            found.push(
                Diagnostic::error("id_form", format!("`{stem}` is no migration id: {reason}"))
                    .at(&beginning(files, file), "this file")
                    .help("name the file like `0003_add_user_preferences.sql`; a file that a script includes is left alone"),
            );
            return;
        }
    };
    let (header, mistakes) = header::read_as(&files.get(file).text, language);
    for mistake in mistakes {
        let place = Place { file, range: mistake.place };
        found.push(Diagnostic::error("header", mistake.message).at(&place, "").maybe_help(mistake.help));
    }
    let mut arguments = header.arguments.map(|range| Place { file, range });
    let place = beginning(files, file);
    found.extend(whose(&mut arguments, stem, database.as_deref(), &place));
    set.declarations.push(Declaration {
        together: database.map(|_| Together::File),
        place,
        description: if header.description.is_empty() { id.words() } else { header.description },
        id,
        origin: Origin::File(name),
        arguments,
        up: Part::Script(Script::file(files, file)),
        down: down.map(|down| Part::Script(Script::file(files, down))),
        require: None,
        verify: None,
    });
}

/// Takes the database in a file's name for what its header says, and reports a header that says something else.
fn whose(arguments: &mut Arguments<Place>, id: &str, named: Option<&str>, file: &Place) -> Option<Diagnostic> {
    let said = arguments.on.take();
    let mistake = match (&said, named) {
        (Some((on, place)), None) if on == ALL => Some(
            Diagnostic::error("header", "a file is for one database")
                .at(place, "`all` is for modules")
                .help(format!("write a file for each database, with its name in the file's: `{id}.main.sql`")),
        ),
        (Some((on, place)), Some(named)) if on != named => Some(
            Diagnostic::error("header", format!("the file's name says `{named}`, and its header `{on}`"))
                .at(place, "another database")
                .help("take the line out: the name says it"),
        ),
        _ => None,
    };
    // What is wrong in it has been said.
    let said = said.filter(|(on, _)| on != ALL);
    arguments.on = named.map(|named| (named.to_owned(), file.clone())).or(said);
    mistake
}

/// Reads a file; what can't be read is reported.
pub(super) fn open(files: &mut Files, path: String, set: &mut Set, found: &mut Vec<Diagnostic>) -> Option<usize> {
    let shown = path.clone();
    let message = match files.read_new(path) {
        Ok(file) => return Some(file),
        Err(Unreadable::Missing) => format!("the file `{shown}` is not there"),
        Err(Unreadable::Refused(why)) => format!("the file `{shown}` can't be read: {why}"),
        Err(Unreadable::NotUtf8 { line }) => format!("the file `{shown}` is no UTF-8 from line {line} on"),
    };
    set.incomplete = true;
    let code = if message.contains("UTF-8") { "not_utf8" } else { "unreadable_file" };
    let help = if code == "not_utf8" { "save it as UTF-8" } else { "let the user who builds read it" };
    found.push(Diagnostic::error(code, message).help(help));
    None
}

fn whole_file(files: &mut Files, path: String, code: &'static str, message: String, set: &mut Set) -> Diagnostic {
    set.incomplete = true;
    match files.read_new(path) {
        Ok(file) => Diagnostic::error(code, message).at(&beginning(files, file), "this file"),
        Err(_) => Diagnostic::error(code, message),
    }
}

/// Gives the first line of a file that says something.
fn beginning(files: &Files, file: usize) -> Place {
    let text = &files.get(file).text;
    let text = text.trim_start_matches('\u{feff}');
    let skipped = files.get(file).text.len() - text.trim_start().len();
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    Place { file, range: skipped..skipped + line.len() }
}

/// States that no `mod` line leads to a file, with every line that is missing on the way to it.
fn undeclared(path: &Path, folder: &Path, declared: &[String], root: Option<usize>) -> Diagnostic {
    let shown = files::normal(path);
    let mut diagnostic = Diagnostic::error(
        "undeclared_file",
        format!("no `mod` line declares `{shown}`, so what is in it would never run"),
    );
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    let module = if below.ends_with("mod") { below.parent().unwrap_or(&below).to_owned() } else { below };
    let names: Vec<String> = module.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    let mut parent = folder.join("mod.rs");
    for (depth, name) in names.iter().enumerate() {
        let here = folder.join(names[..=depth].join("/"));
        let files = [here.with_extension("rs"), here.join("mod.rs")];
        if !files.iter().any(|file| declared.contains(&files::normal(file))) {
            diagnostic = diagnostic.help(format!("add `pub mod {name};` to `{}`", files::normal(&parent)));
        }
        parent = if files[0].is_file() { files[0].clone() } else { files[1].clone() };
    }
    match root {
        Some(root) => diagnostic.at(&Place { file: root, range: 0..0 }, ""),
        None => diagnostic,
    }
}

/// Lists all files below a folder, sorted; hidden ones and editors' backups are passed over.
fn walk(absolute: &Path, shown: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(absolute) else { return found };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with('#') || name.ends_with('~') {
            continue;
        }
        let path = shown.join(&name);
        // A link to a folder is not followed, so that a loop of links ends.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(walk(&entry.path(), &path)),
            _ => found.push(path),
        }
    }
    sort::by(&mut found, Ord::cmp);
    found
}
