//! The commands that are checked, with the fields that each has to have and those that it can have.

/// A command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// The fields that it has to have, each with an example of its value.
    pub(super) needs: &'static [(&'static str, &'static str)],
    pub(super) takes: &'static [&'static str],
}

/// What any command can have.
pub(super) const ANY: [&str; 12] = [
    "writeConcern",
    "readConcern",
    "readPreference",
    "$readPreference",
    "comment",
    "maxTimeMS",
    "apiVersion",
    "apiStrict",
    "apiDeprecationErrors",
    "$db",
    "$clusterTime",
    "let",
];

/// The fields of a session, which is whimbrel's.
pub(super) const SESSION: [&str; 4] = ["lsid", "txnNumber", "startTransaction", "autocommit"];

/// The commands whose fields are checked.
pub(super) const COMMANDS: [Known; 12] = [
    Known {
        name: "create",
        needs: &[],
        takes: &[
            "capped",
            "autoIndexId",
            "idIndex",
            "size",
            "max",
            "storageEngine",
            "validator",
            "validationLevel",
            "validationAction",
            "indexOptionDefaults",
            "viewOn",
            "pipeline",
            "collation",
            "timeseries",
            "expireAfterSeconds",
            "clusteredIndex",
            "changeStreamPreAndPostImages",
            "encryptedFields",
        ],
    },
    Known {
        name: "collMod",
        needs: &[],
        takes: &[
            "index",
            "validator",
            "validationLevel",
            "validationAction",
            "viewOn",
            "pipeline",
            "cappedSize",
            "cappedMax",
            "expireAfterSeconds",
            "timeseries",
            "changeStreamPreAndPostImages",
            "dryRun",
            "noPadding",
            "usePowerOf2Sizes",
        ],
    },
    Known { name: "drop", needs: &[], takes: &[] },
    Known {
        name: "createIndexes",
        needs: &[("indexes", "[{\"key\": {\"email\": 1}, \"name\": \"email_1\"}]")],
        takes: &["commitQuorum", "ignoreUnknownIndexOptions"],
    },
    Known { name: "dropIndexes", needs: &[("index", "\"email_1\"")], takes: &[] },
    Known { name: "insert", needs: &[("documents", "[{…}]")], takes: &["ordered", "bypassDocumentValidation"] },
    Known {
        name: "update",
        needs: &[("updates", "[{\"q\": {…}, \"u\": {\"$set\": {…}}, \"multi\": true}]")],
        takes: &["ordered", "bypassDocumentValidation"],
    },
    Known { name: "delete", needs: &[("deletes", "[{\"q\": {…}, \"limit\": 0}]")], takes: &["ordered"] },
    Known { name: "findAndModify", needs: &[], takes: FIND_AND_MODIFY },
    Known { name: "findandmodify", needs: &[], takes: FIND_AND_MODIFY },
    Known {
        name: "aggregate",
        needs: &[("pipeline", "[…]"), ("cursor", "{}")],
        takes: &["explain", "allowDiskUse", "bypassDocumentValidation", "collation", "hint"],
    },
    Known { name: "count", needs: &[], takes: &["query", "limit", "skip", "hint", "collation", "fields"] },
];

const FIND_AND_MODIFY: &[&str] = &[
    "query",
    "sort",
    "remove",
    "update",
    "new",
    "fields",
    "upsert",
    "bypassDocumentValidation",
    "collation",
    "arrayFilters",
    "hint",
];

/// What each part of a command's list has to have, and can have besides.
pub(super) fn of_items(command: &str) -> Option<(&'static str, &'static [&'static str], &'static [&'static str])> {
    match command {
        "update" => Some((
            "updates",
            &["q", "u"],
            &["c", "upsert", "multi", "collation", "arrayFilters", "hint", "sort", "upsertSupplied"],
        )),
        "delete" => Some(("deletes", &["q", "limit"], &["collation", "hint"])),
        "createIndexes" => Some(("indexes", &["key", "name"], &[])),
        _ => None,
    }
}
