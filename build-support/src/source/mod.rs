//! What was written: the folder's files, and the declarations in them.

mod declaration;
mod files;
mod modules;
mod part_name;
mod script;
mod scripts;
pub(crate) mod tokens;

pub(crate) use declaration::{Declaration, Origin, Part, RustPart, Together};
pub(crate) use files::Unreadable;
#[cfg(feature = "cli")]
pub(crate) use files::normal;
pub(crate) use files::{File, Files, Place};
pub(crate) use script::Script;
#[cfg(feature = "cli")]
pub(crate) use scripts::declare;

use crate::lock;
use crate::report::{Diagnostic, Level};
use std::path::Path;
use whimbrel_grammar::{Databases, Id};

/// Everything that a folder declares, in the order in which it was read.
#[derive(Debug, Default)]
pub(crate) struct Set {
    /// The sound declarations.
    pub(crate) declarations: Vec<Declaration>,
    /// The ids of declarations that the attribute macro refuses: known to exist, and nothing more.
    pub(crate) refused: Vec<Id>,
    /// The names of all annotated modules that were seen, sound or not.
    pub(crate) modules: Vec<String>,
    /// The databases that `registry!` declares.
    pub(crate) databases: Databases,
    /// The lock file, where there is one that can be read.
    pub(crate) lock: Option<usize>,
    /// Whether it is another tool's folder, read as it is.
    pub(crate) is_foreign: bool,
    /// Whether reading found nothing wrong.
    pub(crate) is_sound: bool,
    /// Whether some file could not be read, so that what it declares is unknown.
    pub(crate) incomplete: bool,
}

/// Reads a folder of migrations below a package's folder.
pub(crate) fn read(package: &Path, folder: &Path) -> (Files, Set, Vec<Diagnostic>) {
    let mut files = Files::new(package);
    let mut set = Set::default();
    let mut found = Vec::new();
    let root = folder.join("mod.rs");
    let shown = folder.display();
    if !package.join(folder).is_dir() {
        found.push(
            Diagnostic::error("missing_folder", format!("there is no folder `{shown}`"))
                .help(format!("make it, with a file `mod.rs` that says `whimbrel::registry! {{}}`, or name the right one in `whimbrel_build::check(\"{shown}\")`")),
        );
    } else if !package.join(&root).is_file() {
        found.push(
            Diagnostic::error("missing_mod_file", format!("there is no `{}`", root.display()))
                .help("write it with the line `whimbrel::registry! {}`, and `mod migrations;` in your crate"),
        );
    } else {
        let declared = modules::read(&mut files, &root, &mut set, &mut found);
        scripts::read(&mut files, folder, &declared, &mut set, &mut found);
        let lock = files::normal(&folder.join(lock::NAME));
        if package.join(&lock).exists() {
            set.lock = scripts::open(&mut files, lock, &mut set, &mut found);
        }
    }
    set.is_sound = !found.iter().any(|diagnostic| diagnostic.level == Level::Error);
    (files, set, found)
}
