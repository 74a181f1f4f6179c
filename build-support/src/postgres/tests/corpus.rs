//! Real scripts, all of which their server takes.

use crate::postgres::read;
use crate::statement::ActKind;
use std::path::{Path, PathBuf};

#[test]
fn real_scripts_have_no_mistakes_and_are_understood() {
    let Some(folder) = std::env::var_os("WHIMBREL_CORPUS") else {
        println!("not shown: WHIMBREL_CORPUS names no folder of real scripts");
        return;
    };
    let mut scripts = Vec::new();
    for project in ["crates_io", "graph_node", "authelia"] {
        collect(&Path::new(&folder).join(project), &mut scripts);
    }
    assert!(scripts.len() > 800, "{} scripts", scripts.len());
    let mut bytes = 0;
    for script in &scripts {
        let Ok(text) = std::fs::read_to_string(script) else { continue };
        bytes += text.len();
        let reading = read(&text);
        if !reading.errors.is_empty() {
            println!("BAD {} {:?}", script.display(), reading.errors.first());
        }
        for statement in &reading.statements {
            for act in &statement.acts {
                if let ActKind::Opaque { reason, .. } = act.kind {
                    assert_ne!(reason, "not understood", "{}: {}", script.display(), &text[act.range.clone()]);
                }
            }
        }
    }
    println!("{} scripts of {bytes} bytes", scripts.len());
}

pub(super) fn collect(folder: &Path, scripts: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "other_dialects") {
                collect(&path, scripts);
            }
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            scripts.push(path);
        }
    }
}
