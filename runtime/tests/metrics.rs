//! The figures that a run leaves with a recorder, and their table in the documentation.

#![cfg(all(feature = "metrics", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, open};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use std::collections::BTreeMap;
use whimbrel::Migrator;
use whimbrel::metrics::METRICS;

/// Gives every series as `name{labels}`, with its value; a histogram's is how many values it has.
fn series(recorder: &DebuggingRecorder) -> BTreeMap<String, f64> {
    let taken = recorder.snapshotter().snapshot().into_vec();
    let line = |(key, _, _, value): (metrics_util::CompositeKey, _, _, DebugValue)| {
        let labels: Vec<_> = key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(values) => values.len() as f64,
        };
        (format!("{}{{{}}}", key.key().name(), labels.join(",")), value)
    };
    taken.into_iter().map(line).collect()
}

#[test]
fn a_run_leaves_its_figures() {
    let recorder = DebuggingRecorder::new();
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        whimbrel::metrics::describe();
        runtime.block_on(async {
            let chain = || Chain::default().sql("0001_a", "CREATE TABLE a (id INTEGER)");
            let registry = chain().sql("0002_b", "CREATE TABLE b (id INTEGER)").registry();
            let mut databases = open(registry, &folder.path().join("app.db")).await;
            Migrator::new(registry).check(&mut databases).await.unwrap();
            whimbrel::apply(registry, &mut databases).await.unwrap();
            let failing = chain().sql("0002_b", "CREATE TABLE b (id INTEGER)").sql("0003_c", "nonsense").registry();
            whimbrel::apply(failing, &mut databases).await.unwrap_err();
        });
    });
    let series = series(&recorder);
    let expected = [
        ("whimbrel_pending_migrations{registry=app}", 1.0),
        ("whimbrel_run_duration_seconds{registry=app,direction=up}", 1.0),
        ("whimbrel_running{registry=app}", 0.0),
        ("whimbrel_step_duration_seconds{registry=app,database=main,direction=up}", 2.0),
        ("whimbrel_steps_total{registry=app,database=main,direction=up,outcome=done}", 2.0),
        ("whimbrel_steps_total{registry=app,database=main,direction=up,outcome=failed}", 1.0),
    ];
    assert_eq!(series, expected.map(|(name, value)| (name.to_owned(), value)).into());
    for name in series.keys() {
        let metric = METRICS.iter().find(|metric| name.starts_with(&format!("{}{{", metric.name))).unwrap();
        let labels: Vec<_> =
            name.split(['{', '}']).nth(1).unwrap().split(',').map(|l| l.split('=').next().unwrap()).collect();
        assert_eq!(labels, metric.labels, "{name}");
    }
}

#[test]
fn the_documentation_has_the_table() {
    let rows = METRICS.iter().map(|metric| {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let (name, kind, unit) = (metric.name, metric.kind, metric.unit.as_str());
        format!("| `{name}` | {kind} | {unit} | {} | {} |\n", labels.join(", "), metric.help)
    });
    let table = format!("| figure | kind | unit | labels | |\n|---|---|---|---|---|\n{}", rows.collect::<String>());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/observing.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- metrics -->\n").unwrap();
    let (there, after) = rest.split_once("<!-- /metrics -->").unwrap();
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        std::fs::write(path, format!("{before}<!-- metrics -->\n{table}<!-- /metrics -->{after}")).unwrap();
    } else {
        assert_eq!(there, table, "WHIMBREL_BLESS=1 writes it");
    }
}
