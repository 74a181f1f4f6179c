//! The database in a file's name: `0001_initial_schema.cache.sql` is what `0001_initial_schema` does to `cache`.

use whimbrel_grammar::Databases;
use whimbrel_grammar::names::nearest;

/// Tells a file's stem from the database that its end names. Where there is but one database, a dot is a part of the name.
///
/// # Errors
/// An end that is nearly a database's name, or one behind the side of a rollback, with what to write instead.
pub(super) fn split<'a>(stem: &'a str, databases: &Databases) -> Result<(&'a str, Option<&'a str>), String> {
    let Some((id, end)) = stem.rsplit_once('.').filter(|_| databases.0.len() > 1) else { return Ok((stem, None)) };
    let names = || databases.0.iter().map(|(name, _)| name.as_str());
    if names().any(|name| name == end) {
        return match id.rsplit_once('.') {
            Some((before, side @ ("up" | "down"))) => {
                Err(format!("write `{before}.{end}.{side}`: the database comes first"))
            }
            _ => Ok((id, Some(end))),
        };
    }
    match nearest(end, names()) {
        Some(meant) => Err(format!("there is no database `{end}`; did you mean `{id}.{meant}`?")),
        None => Ok((stem, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_grammar::DatabaseKind::{Postgres, Sqlite};

    #[test]
    fn a_database_is_told_by_its_name_alone() {
        let several = Databases(vec![("main".into(), Postgres), ("cache".into(), Sqlite)]);
        assert_eq!(split("0001_a.cache", &several), Ok(("0001_a", Some("cache"))));
        assert_eq!(split("0001_a", &several), Ok(("0001_a", None)));
        assert_eq!(split("0001_a.b", &several), Ok(("0001_a.b", None)));
        assert_eq!(split("0001_a.cache", &Databases::default()), Ok(("0001_a.cache", None)));
        assert!(split("0001_a.cahce", &several).is_err_and(|message| message.contains("`0001_a.cache`")));
        assert!(split("0001_a.down.cache", &several).is_err_and(|message| message.contains("`0001_a.cache.down`")));
    }
}
