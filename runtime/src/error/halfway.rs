//! How far a run over several databases had come when it stopped.

use std::fmt;

/// Says what a run over several databases had done when it failed, and what it had still to do: the next run goes on from there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Halfway {
    /// What was done, in order: the migration and its database.
    pub done: Vec<(&'static str, &'static str)>,
    /// What was left to do, in order; the one that failed comes first.
    pub left: Vec<(&'static str, &'static str)>,
}

/// So many ids of a database are named; the rest is counted.
const NAMED: usize = 8;

impl fmt::Display for Halfway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\ndone before it and recorded: ")?;
        list(f, &self.done)?;
        f.write_str("\nleft: ")?;
        list(f, &self.left)?;
        f.write_str("\nthe next run goes on from there")
    }
}

/// Names them database by database.
fn list(f: &mut fmt::Formatter<'_>, of: &[(&'static str, &'static str)]) -> fmt::Result {
    if of.is_empty() {
        return f.write_str("nothing");
    }
    let mut databases: Vec<&str> = Vec::new();
    for (_, database) in of {
        if !databases.contains(database) {
            databases.push(database);
        }
    }
    for (n, database) in databases.iter().enumerate() {
        let ids: Vec<_> = of.iter().filter(|(_, on)| on == database).map(|(id, _)| format!("`{id}`")).collect();
        let shown = if ids.len() > NAMED + 1 { NAMED } else { ids.len() };
        write!(f, "{}{}", if n > 0 { "; " } else { "" }, ids.get(..shown).unwrap_or_default().join(", "))?;
        if shown < ids.len() {
            write!(f, " and {} more", ids.len() - shown)?;
        }
        write!(f, " on `{database}`")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Halfway;

    #[test]
    fn each_database_is_named_with_what_was_done_there() {
        let halfway = Halfway { done: vec![("1_a", "main"), ("1_a", "cache"), ("2_b", "main")], left: vec![] };
        let text = "\ndone before it and recorded: `1_a`, `2_b` on `main`; `1_a` on `cache`\nleft: nothing\n\
                    the next run goes on from there";
        assert_eq!(halfway.to_string(), text);
        let many: Vec<_> = (0..11).map(|_| ("3_c", "main")).collect();
        assert!(Halfway { done: many, left: vec![] }.to_string().contains("`3_c` and 3 more on `main`"));
    }
}
