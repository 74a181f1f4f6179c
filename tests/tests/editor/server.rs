//! A language server that is asked where things are defined.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running rust-analyzer, ended when it is dropped.
pub struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: u64,
}

impl Server {
    /// Starts it on a workspace and waits until it has read everything.
    pub fn start(workspace: &Path) -> Server {
        let mut process = Command::new("rust-analyzer")
            .current_dir(workspace)
            .env("CARGO_TARGET_DIR", workspace.join("target"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rust-analyzer runs: `rustup component add rust-analyzer`");
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut server = Server { process, input, output, requests: 0 };
        server.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": uri(workspace),
                "capabilities": { "experimental": { "serverStatusNotification": true } },
                // Neither what cargo prints nor speed is asked for here.
                "initializationOptions": { "checkOnSave": false, "cachePriming": { "enable": false } },
            }),
        );
        server.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        loop {
            let message = server.receive();
            let status = &message["params"];
            if message["method"] == "experimental/serverStatus" && status["quiescent"] == true {
                assert_eq!(status["health"], "ok", "{status}");
                return server;
            }
        }
    }

    /// Gives the file and the line that a word's definition is in; the word is the `nth` in the file, from nought.
    pub fn definition(&mut self, file: &Path, word: &str, nth: usize) -> (String, String) {
        let text = std::fs::read_to_string(file).unwrap();
        let (start, _) =
            text.match_indices(word).nth(nth).unwrap_or_else(|| panic!("no `{word}` in {}", file.display()));
        let line = text[..start].matches('\n').count();
        let character = start - text[..start].rfind('\n').map_or(0, |at| at + 1);
        let found = self.request(
            "textDocument/definition",
            &json!({ "textDocument": { "uri": uri(file) }, "position": { "line": line, "character": character } }),
        );
        let found = &found[0];
        let place =
            |of: &str, range: &str| (found[of].as_str().map(str::to_owned), found[range]["start"]["line"].as_u64());
        let (Some(uri), Some(line)) = (match place("uri", "range") {
            (Some(uri), line) => (Some(uri), line),
            _ => place("targetUri", "targetSelectionRange"),
        }) else {
            panic!("`{word}` of {} is defined nowhere: {found}", file.display());
        };
        let path = uri.trim_start_matches("file://");
        let line =
            std::fs::read_to_string(path).unwrap().lines().nth(usize::try_from(line).unwrap()).unwrap().to_owned();
        (path.rsplit('/').next().unwrap().to_owned(), line.trim().to_owned())
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    /// Reads the next message; the server's own requests are answered on the way.
    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "rust-analyzer ended");
            match line.trim().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if let (Some(id), true) = (message.get("id"), message.get("method").is_some()) {
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        }
        message
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
