//! What an `aggregate` writes to.

use super::value::Value;

/// Where an `aggregate` writes.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    pub(super) collection: String,
    /// The `$merge`; none is `$out`.
    pub(super) merge: Option<&'a Value>,
}

/// Finds where an `aggregate` writes; `None` where it only reads.
pub(super) fn target(value: &Value) -> Option<Target<'_>> {
    let last = value.get("pipeline")?.items().last()?;
    let named = |value: &Value| {
        let inside = value.get("coll").and_then(Value::text);
        value.text().or(inside).unwrap_or_default().to_owned()
    };
    if let Some(out) = last.get("$out") {
        return Some(Target { collection: named(out), merge: None });
    }
    let merge = last.get("$merge")?;
    let collection = merge.get("into").map_or_else(|| named(merge), named);
    Some(Target { collection, merge: Some(merge) })
}
