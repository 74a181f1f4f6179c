//! Starts the binary and holds what it said against what it should have said.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use whimbrel_tests::Server;

/// A binary with a chain and a database.
pub struct App<'s> {
    pub server: &'s Server,
    pub chain: &'static str,
}

/// What a command has left: its exit code and, with times and places made the same, what it wrote.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl<'s> App<'s> {
    pub fn new(server: &'s Server, chain: &'static str) -> Self {
        Self { server, chain }
    }

    /// Runs a command to its end; its words are separated by single spaces.
    pub fn run(&self, words: &str) -> Ended {
        self.ended(&self.command(words).output().unwrap())
    }

    /// Runs a command on a database at another place than the server's.
    pub fn run_at(&self, url: &str, words: &str) -> Ended {
        self.ended(&self.command(words).env("MAIN_URL", url).output().unwrap())
    }

    /// Prepares a command that is typed as `app`.
    pub fn command(&self, words: &str) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_chains")), words)
    }

    /// Prepares a command of a copy of the binary.
    pub fn command_of(&self, binary: &Path, words: &str) -> Command {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new(binary);
        command.arg0("app").args(words.split(' ').filter(|word| !word.is_empty()));
        for variable in ["CARGO_PKG_NAME", "DATABASE_URL", "CACHE_URL", "RUST_BACKTRACE", "NO_COLOR", "COLUMNS"] {
            command.env_remove(variable);
        }
        command.envs([("CHAIN", self.chain), ("MAIN_URL", self.server.url()), ("USER", "ada")]);
        command
    }

    /// Runs a command on a terminal of its own, 60 columns wide, and types something into it.
    pub fn on_a_terminal(&self, words: &str, typed: &str) -> Ended {
        self.asked(words, "", || {}, typed)
    }

    /// Does the same, but types only after a question has been read and something else was done.
    pub fn asked(&self, words: &str, question: &str, meanwhile: impl FnOnce(), typed: &str) -> Ended {
        let app = env!("CARGO_BIN_EXE_chains");
        let inner = format!("stty cols 60 rows 24; exec -a app '{app}' {words}");
        let mut command = Command::new("script");
        command.args(["-qefc", &format!("bash -c \"{inner}\""), "/dev/null"]);
        for (name, value) in self.command(words).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the command `script` of util-linux");
        let (mut read, mut byte) = (Vec::new(), [0]);
        let mut stdout = child.stdout.take().unwrap();
        while !String::from_utf8_lossy(&read).contains(question) && stdout.read(&mut byte).unwrap() > 0 {
            read.extend(byte);
        }
        meanwhile();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        stdout.read_to_end(&mut read).unwrap();
        self.ended(&Output { stdout: read, ..child.wait_with_output().unwrap() })
    }

    pub fn ended(&self, output: &Output) -> Ended {
        let plain = |bytes: &[u8]| self.plain(&String::from_utf8_lossy(bytes));
        Ended { code: output.status.code().unwrap_or(-1), out: plain(&output.stdout), err: plain(&output.stderr) }
    }

    /// Makes the same what differs from run to run: times, places, and the columns that line up with them.
    fn plain(&self, text: &str) -> String {
        let path = self.server.url().trim_start_matches("sqlite:");
        let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
        let text = text.replace(folder, "FOLDER").replace("\r\n", "\n");
        text.split_inclusive('\n').map(line).collect()
    }
}

fn line(line: &str) -> String {
    let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    let indent = text.len() - text.trim_start_matches(' ').len();
    let mut words: Vec<String> = Vec::new();
    for word in text[indent..].split(' ') {
        let unit = word.trim_end_matches(')');
        let last = words.last_mut();
        match last {
            Some(last) if (unit == "ms" || unit == "s") && is_number(last) => {
                *last = last.replace(|c: char| !"(".contains(c), "") + "#"
            }
            Some(last) if word.is_empty() && last.is_empty() => continue,
            _ => {}
        }
        words.push(if is_number(word) || !is_time(word) { word.into() } else { "TIME".into() });
    }
    format!("{}{}{end}", &text[..indent], words.join(" "))
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['(', '<']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Tells a date or a time of day.
fn is_time(word: &str) -> bool {
    (word.len() == 10 || word.len() == 8)
        && word.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ':')
        && word.contains(['-', ':'])
}

impl Ended {
    /// Checks all three.
    #[track_caller]
    pub fn is(&self, code: i32, out: &str, err: &str) {
        let wanted = Ended { code, out: out.into(), err: err.into() };
        let shown = |ended: &Ended| format!("exit {}\n--- out\n{}--- err\n{}", ended.code, ended.out, ended.err);
        assert!(*self == wanted, "is\n{}\nshould be\n{}", shown(self), shown(&wanted));
    }

    /// Reads the JSON document on standard output.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}
