//! Which package is meant, and where its migrations are.

use super::arguments::Where;
use super::build_script::{self, Named};
use super::output::Failure;
use crate::settings::Settings;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use whimbrel_grammar::names::nearest;

/// A package, and the folder of its migrations.
#[derive(Debug)]
pub(super) struct Project {
    /// The package's folder.
    pub(super) package: PathBuf,
    /// The migrations' folder, below the package's where it is inside.
    pub(super) folder: PathBuf,
    /// What its build script sets.
    pub(super) settings: Settings,
}

/// A package as Cargo describes it.
struct Package {
    name: String,
    folder: PathBuf,
    manifest: PathBuf,
    build_script: Option<PathBuf>,
}

/// Finds what the options mean, seen from the current folder.
pub(super) fn find(options: &Where) -> Result<Project, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::file("read", "the current folder", &error))?;
    let packages = packages(options.manifest_path.as_deref())?;
    let package = choose(&packages, options, &here)?;
    let folder = match &options.folder {
        Some(folder) => inside(&package.folder, &here.join(folder)),
        None => package.migrations()?.unwrap_or_else(|| PathBuf::from(USUAL)),
    };
    let settings = build_script::settings(&package.script());
    Ok(Project { package: package.folder.clone(), folder, settings })
}

/// Where migrations are when nobody says.
const USUAL: &str = "src/migrations";

impl Package {
    fn read(value: &Value) -> Option<Package> {
        let manifest = PathBuf::from(value["manifest_path"].as_str()?);
        let script = value["targets"].as_array()?.iter().find(|target| {
            target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "custom-build"))
        });
        Some(Package {
            name: value["name"].as_str()?.to_owned(),
            folder: manifest.parent()?.to_owned(),
            manifest,
            build_script: script.and_then(|target| target["src_path"].as_str()).map(PathBuf::from),
        })
    }

    /// Gives the text of the build script.
    fn script(&self) -> String {
        self.build_script.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default()
    }

    /// Gives the folder that the build script checks, or the usual one where it is there.
    fn migrations(&self) -> Result<Option<PathBuf>, Failure> {
        match build_script::read(&self.script()) {
            Named::Folder(folder) => Ok(Some(PathBuf::from(folder))),
            Named::Unknown => Err(Failure::usage(format!(
                "the build script of `{}` works out the folder of its migrations only when it runs",
                self.name
            ))
            .help("name the folder: `--folder PATH`")),
            Named::Nothing => Ok(self.folder.join(USUAL).join("mod.rs").is_file().then(|| PathBuf::from(USUAL))),
        }
    }

    fn has_migrations(&self) -> bool {
        !matches!(self.migrations(), Ok(None))
    }
}

/// Asks Cargo for the packages of the workspace.
fn packages(manifest: Option<&Path>) -> Result<Vec<Package>, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    if let Some(manifest) = manifest {
        command.arg("--manifest-path").arg(manifest);
    }
    let output = command.output().map_err(|error| Failure::file("started", cargo.to_string_lossy(), &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("error: ").to_owned();
        return Err(
            Failure::usage(said).help("go to the package's folder, or name its `Cargo.toml`: `--manifest-path PATH`")
        );
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::wrong(format!("what `cargo metadata` says can't be read: {error}")))?;
    Ok(metadata["packages"].as_array().into_iter().flatten().filter_map(Package::read).collect())
}

/// Chooses the package that is named, else the one around the current folder, else the only one with migrations.
fn choose<'a>(packages: &'a [Package], options: &Where, here: &Path) -> Result<&'a Package, Failure> {
    if let Some(name) = &options.package {
        return packages.iter().find(|package| package.name == *name).ok_or_else(|| {
            let known = packages.iter().map(|package| package.name.as_str());
            let failure = Failure::usage(format!("there is no package `{name}` in this workspace"));
            match nearest(name, known.clone()) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help(format!("there are {}", listed(known))),
            }
        });
    }
    let named = options.manifest_path.as_ref().and_then(|path| here.join(path).canonicalize().ok());
    if let Some(package) =
        packages.iter().find(|package| package.manifest.canonicalize().ok() == named && named.is_some())
    {
        return Ok(package);
    }
    let here = here.canonicalize().unwrap_or(here.to_owned());
    let around = packages
        .iter()
        .filter(|package| here.starts_with(package.folder.canonicalize().unwrap_or_else(|_| package.folder.clone())));
    let around = around.max_by_key(|package| package.folder.components().count());
    if let Some(package) = around.filter(|package| options.folder.is_some() || package.has_migrations()) {
        return Ok(package);
    }
    let having: Vec<&Package> = packages.iter().filter(|package| package.has_migrations()).collect();
    match (having.as_slice(), around) {
        ([only], _) => Ok(only),
        // A package that has none yet may get its first.
        ([], Some(package)) => Ok(package),
        ([], None) => Err(Failure::usage("no package of this workspace has migrations")
            .help("go to the package that is to have them")),
        (several, _) => {
            let names = listed(several.iter().map(|package| package.name.as_str()));
            Err(Failure::usage(format!("several packages have migrations: {names}")).help("name one: `--package NAME`"))
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Writes a path as one below the package's folder, where it is.
pub(super) fn inside(package: &Path, path: &Path) -> PathBuf {
    let plain = PathBuf::from(crate::source::normal(path));
    plain.strip_prefix(package).map(Path::to_owned).unwrap_or(plain)
}
