//! The order of versions: by their numbers, part by part.

use super::Foreign;

/// Puts migrations into the order of their versions.
pub(super) fn sort(migrations: &mut [Foreign]) {
    migrations.sort_by_cached_key(|migration| key(&migration.version));
}

/// Reads a version as its numbers, without zeros at its end: `1.0` is `1`.
pub(super) fn key(version: &str) -> Vec<u128> {
    let mut parts: Vec<u128> =
        version.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0)).collect();
    while parts.len() > 1 && parts.last() == Some(&0) {
        parts.pop();
    }
    parts
}

/// Gives each migration a version of its own: Prisma tells two of one second apart by their names.
pub(super) fn part(migrations: &mut [Foreign]) {
    let mut last: Option<i64> = None;
    for migration in migrations {
        let Ok(own) = migration.version.parse::<i64>() else { continue };
        if let Some(last) = last.filter(|last| *last >= own) {
            migration.version = format!("{:0width$}", last.saturating_add(1), width = migration.version.len());
        }
        last = migration.version.parse().ok();
    }
}

/// Gives each migration its number: the tool's own where they are whole and ascend, else their order.
pub(super) fn numbers(migrations: &[Foreign]) -> Vec<String> {
    let own: Option<Vec<i64>> = migrations.iter().map(|migration| migration.version.parse().ok()).collect();
    let digits = |migration: &Foreign| migration.version.trim_start_matches('+').len();
    match own {
        Some(own) if own.is_sorted() => {
            let numbers = migrations.iter().zip(own);
            numbers.map(|(migration, number)| format!("{number:0width$}", width = digits(migration).max(4))).collect()
        }
        _ => (1..=migrations.len()).map(|number| format!("{number:04}")).collect(),
    }
}
