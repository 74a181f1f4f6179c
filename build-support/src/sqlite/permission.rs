//! What a statement may do: change the schema in memory, and nothing else.

use rusqlite::hooks::{AuthAction, Authorization};

/// The pragmas that only read the schema, and the one that decides what a rename does.
const PRAGMAS: [&str; 11] = [
    "table_list",
    "table_info",
    "table_xinfo",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "function_list",
    // Asked by FTS5 and by R-tree while they are made.
    "data_version",
    "page_size",
    "legacy_alter_table",
];

/// The modules that keep what they are given in the database itself.
const MODULES: [&str; 8] = ["fts3", "fts4", "fts4aux", "fts5", "fts5vocab", "rtree", "rtree_i32", "geopoly"];

/// The functions that load code.
const LOADERS: [&str; 2] = ["load_extension", "fts3_tokenizer"];

/// Decides about one thing that a statement would do; what is denied is no mistake, and nothing is said about it.
pub(super) fn of(action: &AuthAction<'_>) -> Authorization {
    let among = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let allowed = match action {
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Unknown { .. } => false,
        AuthAction::Pragma { pragma_name, .. } => among(&PRAGMAS, pragma_name),
        AuthAction::CreateVtable { module_name, .. } => among(&MODULES, module_name),
        AuthAction::Function { function_name } => !among(&LOADERS, function_name),
        _ => true,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}
