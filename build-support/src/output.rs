//! What the build script hands on: the registry's code and the findings, in `$OUT_DIR/whimbrel`, and what Cargo is to watch.

use crate::codegen::{self, Package};
use crate::report::{Level, Rendered};
use crate::{check, source};
use std::io;
use std::path::Path;

/// Parts one finding's text from the next.
const SEPARATOR: &str = "\u{1e}";

/// Checks a folder and writes the outcome; gives the lines for Cargo.
pub(crate) fn write(package: &Path, folder: &Path, about: &Package, out: &Path) -> io::Result<Vec<String>> {
    let (files, set, mut found) = source::read(package, folder);
    let mut report = check::check(&set, &files);
    found.append(&mut report.diagnostics);
    // Errors first; within a level in the order of files and bytes, as an author reads.
    found.sort_by_key(|diagnostic| {
        let place = diagnostic.labels.first().map(|label| (label.place.file, label.place.range.start));
        (diagnostic.level == Level::Warning, place)
    });
    report.diagnostics = found;

    let rendered: Vec<Rendered> =
        report.diagnostics.iter().map(|diagnostic| Rendered::new(diagnostic, &files)).collect();
    let all = |form: &dyn Fn(&Rendered) -> &str, separator: &str| {
        rendered.iter().map(form).collect::<Vec<_>>().join(separator)
    };
    let out = out.join("whimbrel");
    std::fs::create_dir_all(&out)?;
    std::fs::write(out.join("diagnostics.txt"), all(&|one| &one.text, SEPARATOR))?;
    std::fs::write(out.join("diagnostics.plain.json"), all(&|one| &one.plain, ""))?;
    std::fs::write(out.join("diagnostics.ansi.json"), all(&|one| &one.ansi, ""))?;
    std::fs::write(out.join("modules"), set.modules.join("\n"))?;
    std::fs::write(out.join("errors"), report.errors().to_string())?;
    let registry = codegen::registry(about, &set, &report, &files);
    std::fs::write(out.join("registry.txt"), registry.listing)?;
    std::fs::write(out.join("registry.rs"), registry.code)?;

    let inside = format!("{}/", folder.to_string_lossy().replace('\\', "/"));
    // A folder that isn't there yet can't be watched: Cargo would run the script at every build.
    let watched = if package.join(folder).is_dir() { folder.display().to_string() } else { "build.rs".to_owned() };
    let elsewhere = files.paths().filter(|path| !path.starts_with(&inside)).map(str::to_owned);
    Ok(std::iter::once(watched).chain(elsewhere).map(|path| format!("cargo::rerun-if-changed={path}")).collect())
}
