//! Real scripts, all of which their server takes, but for a few rollbacks.

#![expect(clippy::print_stdout, reason = "says what it could not show")]

use crate::postgres::read;
use crate::statement::ActKind;
use std::path::{Path, PathBuf};

/// Rollbacks that the server refuses too: a missing semicolon, a missing type, half a statement.
const BROKEN: [&str; 6] = [
    "20170318181441_downloads_need_no_id/down.sql",
    "2020-12-15-000000_remove_nested_templates/down.sql",
    "2021-02-24-051050_dds_remove_unused_columns/down.sql",
    "2021-03-24-220541_deployment_schemas_deployment_shard/down.sql",
    "2022-10-13-000000_track_processed_data_source/down.sql",
    "2023-12-15-182102_add_first_last_fn/down.sql",
];

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
    for script in &scripts {
        let Ok(text) = std::fs::read_to_string(script) else { continue };
        let reading = read(&text);
        let broken = BROKEN.iter().any(|broken| script.ends_with(broken));
        assert_eq!(reading.errors.is_empty(), !broken, "{}: {:?}", script.display(), reading.errors);
        for act in reading.statements.iter().flat_map(|statement| &statement.acts) {
            if let ActKind::Opaque { reason, .. } = act.kind {
                assert_ne!(reason, "not understood", "{}: {}", script.display(), &text[act.range.clone()]);
            }
        }
    }
}

fn collect(folder: &Path, scripts: &mut Vec<PathBuf>) {
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
