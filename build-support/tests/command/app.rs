//! A package in a folder of its own, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

pub(crate) struct App {
    folder: tempfile::TempDir,
}

/// What a command has left: its exit code and what it wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

impl App {
    /// Makes a package with a build script and these files in `src/migrations`; a `mod.rs` is added where there is none.
    pub(crate) fn new(migrations: &[(&str, &str)]) -> App {
        let app = App::bare();
        app.write("Cargo.toml", MANIFEST);
        app.write("build.rs", "fn main() { whimbrel_build::check(\"src/migrations\"); }\n");
        app.write("src/lib.rs", "");
        app.write("src/migrations/mod.rs", "whimbrel::registry! {}\n");
        for (name, text) in migrations {
            app.write(&format!("src/migrations/{name}"), text);
        }
        app
    }

    /// Makes an empty folder.
    pub(crate) fn bare() -> App {
        App { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Lists the files below a folder, sorted.
    pub(crate) fn list(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn lock(&self) -> String {
        self.read("src/migrations/whimbrel.lock")
    }

    /// Runs `cargo whimbrel`; the words are separated by single spaces.
    pub(crate) fn run(&self, words: &str) -> Ended {
        self.run_in("", words, &[])
    }

    /// Runs it in a folder below, with variables of the environment.
    pub(crate) fn run_in(&self, folder: &str, words: &str, variables: &[(&str, &str)]) -> Ended {
        self.run_words(folder, &words.split(' ').collect::<Vec<_>>(), variables)
    }

    pub(crate) fn run_words(&self, folder: &str, words: &[&str], variables: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-whimbrel"));
        command.arg("whimbrel").args(words).current_dir(self.path(folder));
        for variable in ["CI", "WHIMBREL_LOCK", "RUST_BACKTRACE", "NO_COLOR", "CARGO_TERM_COLOR"] {
            command.env_remove(variable);
        }
        self.ended(&command.envs(variables.iter().copied()).output().unwrap())
    }

    fn ended(&self, output: &Output) -> Ended {
        let folder = self.folder.path().canonicalize().unwrap();
        let plain = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(&*folder.to_string_lossy(), "FOLDER");
            text.replace(&*self.folder.path().to_string_lossy(), "FOLDER")
        };
        Ended { code: output.status.code().unwrap_or(-1), out: plain(&output.stdout), err: plain(&output.stderr) }
    }

    pub(crate) fn git(&self, words: &[&str]) -> Output {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"];
        let mut command = Command::new("git");
        command.args(identity).args(words).current_dir(self.folder.path());
        command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.output().expect("git is installed")
    }
}

impl Ended {
    /// Checks all three.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, out: &str, err: &str) {
        let wanted = Ended { code, out: out.into(), err: err.into() };
        let shown = |ended: &Ended| format!("exit {}\n--- out\n{}--- err\n{}", ended.code, ended.out, ended.err);
        assert!(*self == wanted, "is\n{}\nshould be\n{}", shown(self), shown(&wanted));
    }

    /// Checks the exit code, and that words are in what was written.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, words: &[&str]) {
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "no `{word}` in {self:#?}");
        }
        assert_eq!(self.code, code, "{self:#?}");
    }
}
