//! A contender's application: generated as a package of its own outside the workspace, and built.

use crate::Result;
use crate::contender::{Contender, File};
use crate::database::Database;
use crate::spent::{Spent, spend};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the repository is and where everything that is generated goes.
pub(crate) struct Place {
    pub(crate) repository: PathBuf,
    pub(crate) work: PathBuf,
}

impl Place {
    /// Finds the repository of this crate, and its target folder.
    pub(crate) fn find() -> Result<Place> {
        let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let repository = fs::canonicalize(crate_folder.join("../.."))?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
        let work = std::path::absolute(target.join("bench"))?;
        fs::create_dir_all(&work)?;
        Ok(Place { repository, work })
    }

    /// Gives the path of a file of the work folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.work.join(name)
    }
}

fn name(contender: &Contender, count: usize) -> String {
    format!("{}-{count}", contender.name)
}

/// What Cargo had to compile.
pub(crate) enum Compiled {
    Nothing,
    /// The package, and nothing that it depends on.
    Alone,
    /// This crate and others.
    More(String),
}

/// One generated package.
pub(crate) struct Package {
    pub(crate) contender: &'static Contender,
    pub(crate) count: usize,
    /// Its own: Cargo tells packages that share a target folder apart by their names.
    name: String,
    database: Database,
    folder: PathBuf,
    target: PathBuf,
}

impl Package {
    /// Generates the package; those of one library share the folder of built dependencies.
    pub(crate) fn generate(
        place: &Place,
        contender: &'static Contender,
        database: Database,
        count: usize,
    ) -> Result<Package> {
        let name = name(contender, count);
        // The ways to use one library have the same dependencies.
        let library = contender.name.split('-').next().unwrap_or(contender.name);
        let package = Package {
            contender,
            count,
            database,
            folder: place.path(format!("apps/{database}/{name}")),
            target: place.path(format!("built/{library}-{database}")),
            name,
        };
        match fs::remove_dir_all(&package.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let head = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n",
            package.name
        );
        let manifest = contender.manifest.replace("@REPOSITORY@", &place.repository.display().to_string());
        package.write(&File { path: "Cargo.toml".to_owned(), text: format!("{head}\n[workspace]\n\n{manifest}") })?;
        for file in contender.files(count, database.name()) {
            package.write(&file)?;
        }
        // So that a crate which several contenders use has one version for all of them.
        fs::copy(place.repository.join("Cargo.lock"), package.folder.join("Cargo.lock"))?;
        Ok(package)
    }

    /// Changes one migration; each `default` makes another edit.
    pub(crate) fn edit(&self, default: usize) -> Result<()> {
        self.write(&self.contender.edited_file(self.count, default))
    }

    fn write(&self, File { path, text }: &File) -> Result<()> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        Ok(fs::write(path, text)?)
    }

    /// Checks the package; the cost is only that of the package itself if that alone was compiled.
    pub(crate) fn check(&self) -> Result<(Spent, Compiled)> {
        let (spent, output) = self.cargo("check", &self.target)?;
        // A package with a build script is said to be compiled.
        let mut names = output.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            words.next().filter(|word| ["Checking", "Compiling"].contains(word)).and(words.next())
        });
        let compiled = match (names.next(), names.next()) {
            (None, _) => Compiled::Nothing,
            (Some(first), None) if first == self.name => Compiled::Alone,
            (Some(first), _) => Compiled::More(first.to_owned()),
        };
        Ok((spent, compiled))
    }

    /// Takes away what is built of the package itself.
    pub(crate) fn clean(&self) -> Result<()> {
        run(Command::new("cargo")
            .args(["clean", "--package", &self.name, "--target-dir"])
            .arg(&self.target)
            .current_dir(&self.folder))?;
        Ok(())
    }

    /// Builds the package and all that it depends on from nothing, unoptimised.
    pub(crate) fn build_all(&self, place: &Place) -> Result<(Spent, usize)> {
        run(Command::new("cargo").arg("fetch").current_dir(&self.folder))?;
        let target = place.path("built/all");
        match fs::remove_dir_all(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let (spent, output) = self.cargo("build", &target)?;
        Ok((spent, output.matches(" Compiling ").count()))
    }

    /// Builds the package for release, and gives its program.
    pub(crate) fn release(&self, place: &Place) -> Result<PathBuf> {
        self.cargo("build --release", &self.target)?;
        let program = Package::program(place, self.contender, self.database, self.count);
        fs::create_dir_all(program.parent().unwrap_or(&place.work))?;
        fs::copy(self.target.join("release").join(&self.name), &program)?;
        Ok(program)
    }

    /// Tells where the release build of a contender's program is kept.
    pub(crate) fn program(place: &Place, contender: &Contender, database: Database, count: usize) -> PathBuf {
        place.path(format!("programs/{database}/{}", name(contender, count)))
    }

    /// Reads the versions of the crates that the contender stands on.
    pub(crate) fn versions(&self) -> Result<String> {
        run(Command::new("cargo").arg("fetch").current_dir(&self.folder))?;
        let lock = fs::read_to_string(self.folder.join("Cargo.lock"))?;
        let version = |name: &&str| -> Option<String> {
            let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{name}\"\n")))?;
            Some(format!("{name} {}", entry.split("version = \"").nth(1)?.split('"').next()?))
        };
        Ok(self.contender.stands_on.iter().filter_map(version).collect::<Vec<_>>().join(", "))
    }

    fn cargo(&self, command: &str, target: &Path) -> Result<(Spent, String)> {
        let mut cargo = Command::new("cargo");
        cargo.args(command.split(' ')).args(["--features", self.database.name()]).arg("--target-dir").arg(target);
        // The workspace's own choices, such as `-D warnings`, are not the application's.
        cargo
            .current_dir(&self.folder)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_TARGET_DIR")
            .env("WHIMBREL_LOCK", "open");
        run(&mut cargo)
    }
}

fn run(command: &mut Command) -> Result<(Spent, String)> {
    let (spent, output) = spend(command)?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let errors = text.find("error").map_or(text.as_str(), |at| &text[at..]);
        return Err(format!("{command:?}: {}", errors.chars().take(2000).collect::<String>()).into());
    }
    Ok((spent, text))
}
