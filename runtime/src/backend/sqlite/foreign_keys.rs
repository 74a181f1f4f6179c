//! Rows without the row that they refer to, before and after a migration.

use super::{Answer, Rows, send};
use sqlx::sqlite::SqliteConnection;
use std::collections::BTreeMap;

/// Counts violations by table, rowid and parent; a table without rowids has them all under none.
pub(super) type Violations = BTreeMap<[Option<String>; 3], usize>;

pub(super) async fn violations(connection: &mut SqliteConnection) -> Answer<Violations> {
    let (_, rows) = send(connection, "PRAGMA foreign_key_check".into()).await?;
    Ok(counted(rows))
}

fn counted(rows: Rows) -> Violations {
    let mut violations = Violations::new();
    for row in rows {
        let mut cells = row.into_iter();
        let key = [cells.next().flatten(), cells.next().flatten(), cells.next().flatten()];
        *violations.entry(key).or_default() += 1;
    }
    violations
}

/// Tells in words those that were not there before.
pub(super) fn new(before: Option<&Violations>, now: &Violations) -> Vec<String> {
    let had = |key: &[Option<String>; 3]| before.and_then(|before| before.get(key)).copied().unwrap_or(0);
    now.iter()
        .filter(|(key, count)| **count > had(key))
        .map(|([table, rowid, parent], _)| {
            let table = table.as_deref().unwrap_or("?");
            let row = rowid.as_deref().map_or("a row".into(), |rowid| format!("row {rowid}"));
            format!("{row} of `{table}` refers to a row of `{}` that is not there", parent.as_deref().unwrap_or("?"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{counted, new};

    fn row(table: &str, rowid: Option<&str>, parent: &str) -> Vec<Option<String>> {
        vec![Some(table.into()), rowid.map(Into::into), Some(parent.into()), Some("0".into())]
    }

    #[test]
    fn only_what_was_not_there_before_counts() {
        let before = counted(vec![row("child", Some("1"), "parent")]);
        let now = counted(vec![row("child", Some("1"), "parent"), row("child", Some("7"), "parent")]);
        assert_eq!(new(Some(&before), &now), ["row 7 of `child` refers to a row of `parent` that is not there"]);
        assert!(new(Some(&now), &before).is_empty());
        assert_eq!(new(None, &before).len(), 1);
    }

    #[test]
    fn rows_without_a_rowid_are_counted() {
        let before = counted(vec![row("child", None, "parent")]);
        let now = counted(vec![row("child", None, "parent"), row("child", None, "parent")]);
        assert_eq!(new(Some(&before), &now), ["a row of `child` refers to a row of `parent` that is not there"]);
    }
}
