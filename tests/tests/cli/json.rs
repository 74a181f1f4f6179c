//! The documents of `--json`, field by field as `docs/cli.md` promises them.

use crate::app::App;
use serde_json::{Value, json};
use whimbrel_tests::Server;

/// Checks the names of an object's fields, in any order.
#[track_caller]
fn fields(object: &Value, names: &[&str]) {
    let mut found: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut names = names.to_vec();
    found.sort_unstable();
    names.sort_unstable();
    assert_eq!(found, names);
}

#[test]
fn every_document_has_its_fields() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let run = |words: &str| {
        let ended = app.run(&format!("{words} --json"));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{words}: {ended:?}");
        let document = ended.json();
        assert_eq!((&document["format"], &document["command"]), (&json!(1), &json!(words.split(' ').next())));
        document
    };
    let made = run("init");
    assert_eq!(made["databases"], json!([{ "name": "main", "database_created": true, "ledger_created": true }]));

    let step = [
        "id",
        "database",
        "description",
        "schema",
        "kind",
        "transactional",
        "out_of_order",
        "recorded",
        "reversible",
        "irreversible",
        "rollback_loses",
        "effect",
    ];
    let plan = run("plan");
    fields(&plan, &["format", "command", "direction", "steps"]);
    fields(&plan["steps"][0], &step);
    assert_eq!(plan["steps"][0]["rollback_loses"], json!(["drops table `users`"]));
    assert_eq!(plan["steps"][0]["effect"], Value::Null);
    let effect = json!({
        "complete": true,
        "significance": "additive",
        "changes": [{ "significance": "additive", "kind": "added", "change": "adds column `users.email`" }],
        "locks": [{ "relation": "users", "lock": "ACCESS EXCLUSIVE", "blocks": ["reads", "writes"] }],
        "rewrites": ["users"],
        "builds": [],
        "scans": [],
    });
    assert_eq!(plan["steps"][1]["effect"], effect);
    assert_eq!(plan["steps"][2]["effect"]["locks"][0]["blocks"], json!(["writes"]));
    let dry = run("apply --dry-run");
    fields(&dry["steps"][0], &[&step[..], &["statements"]].concat());
    assert!(dry["steps"][1]["statements"].as_array().unwrap().contains(&json!("UPDATE users SET email = ''")));

    let applied = run("apply");
    fields(&applied, &["format", "command", "done", "duration_ms"]);
    fields(&applied["done"][0], &["id", "database", "direction", "duration_ms"]);
    assert_eq!(applied["done"].as_array().unwrap().len(), 3);

    let status = run("status");
    fields(&status, &["format", "command", "applied", "pending", "schema", "migrations", "findings"]);
    let migration = [
        "id",
        "database",
        "state",
        "description",
        "schema",
        "applied_at",
        "applied_by",
        "duration_ms",
        "kind",
        "out_of_order",
    ];
    fields(&status["migrations"][0], &migration);
    assert_eq!((&status["applied"], &status["pending"], &status["schema"]), (&json!(3), &json!(0), &json!("1.1.0")));
    assert_eq!((&status["migrations"][2]["state"], &status["findings"]), (&json!("applied"), &json!([])));

    assert_eq!(run("verify")["verified"], json!(["0003_index_names"]));
    assert_eq!(run("plan --rollback")["steps"][0]["effect"], Value::Null);
    assert_eq!(run("rollback")["done"][0]["direction"], "down");
    let entry = ["at", "event", "direction", "id", "database", "run", "statement", "statements", "message", "actor"];
    fields(&run("history")["entries"][0], &entry);
}

#[test]
fn a_finding_is_a_document_too() {
    let server = Server::sqlite();
    assert_eq!(App::new(&server, "").run("apply").code, 0);
    let app = App::new(&server, "changed");
    assert_eq!(app.run("status --json").json()["findings"][0]["kind"], "checksum_mismatch");
    let refused = app.run("apply --json");
    let error = &refused.json()["error"];
    fields(error, &["kind", "exit", "message", "causes", "help", "findings"]);
    assert_eq!(
        (refused.code, &error["kind"], &error["findings"][0]["id"]),
        (3, &json!("refused_plan"), &json!("0001_create_users"))
    );
}
