//! What the build script hands on: the registry's code and the findings, in `$OUT_DIR/whimbrel`, and what Cargo is to watch.

use crate::codegen::{self, Package};
use crate::policy::{self, Policy};
use crate::report::{self, Rendered};
use crate::settings::Settings;
use crate::{check, kept, source};
use std::io;
use std::path::Path;

/// Parts one finding's text from the next.
const SEPARATOR: &str = "\u{1e}";

/// Checks a folder and writes the outcome; gives the lines for Cargo.
pub(crate) fn write(
    package: &Path,
    folder: &Path,
    about: &Package,
    out: &Path,
    settings: &Settings,
    variable: impl Fn(&str) -> Option<String>,
) -> io::Result<Vec<String>> {
    let (mut policy, mistake) = Policy::from_environment(variable);
    let (files, set, mut found) = source::read(package, folder);
    found.extend(mistake);
    found.extend(settings.apply(&mut policy));
    let out = out.join("whimbrel");
    let kept = kept::read(&out, set.databases.0.iter().map(|(database, _)| database.as_str()));
    let mut report = check::check_on(&set, &files, &policy, &kept);
    found.append(&mut report.diagnostics);
    report::sort(&mut found);
    report::limit(&mut found);
    report.diagnostics = found;

    let rendered: Vec<Rendered> =
        report.diagnostics.iter().map(|diagnostic| Rendered::new(diagnostic, &files)).collect();
    let all = |form: &dyn Fn(&Rendered) -> &str, separator: &str| {
        rendered.iter().map(form).collect::<Vec<_>>().join(separator)
    };
    std::fs::create_dir_all(&out)?;
    kept::write(&out, &kept, &report.kept)?;
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
    let paths = std::iter::once(watched).chain(elsewhere).map(|path| format!("cargo::rerun-if-changed={path}"));
    Ok(paths.chain(policy::VARIABLES.map(|name| format!("cargo::rerun-if-env-changed={name}"))).collect())
}
