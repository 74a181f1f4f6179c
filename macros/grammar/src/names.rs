//! Names that mean something in an annotated module, and what was probably meant by one that doesn't.

/// The constants and functions that a migration is made of; everything else is the module's own business.
pub const RESERVED: [&str; 8] = ["UP", "up", "DOWN", "down", "VERIFY", "verify", "REQUIRE", "require"];

/// Finds the known name nearest to one that is not known, where it is near enough to be a slip.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=12 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Finds the reserved name that a name was probably meant to be: `Up`, `UPP`, `VERFY`, `Rollback`.
///
/// `None` for a reserved name itself and for a name of the module's own.
pub fn near_miss(name: &str) -> Option<&'static str> {
    if RESERVED.contains(&name) {
        return None;
    }
    let synonym = match name {
        "ROLLBACK" | "Rollback" | "REVERT" => Some("DOWN"),
        "rollback" | "revert" => Some("down"),
        "MIGRATE" => Some("UP"),
        "migrate" => Some("up"),
        _ => None,
    };
    synonym.or_else(|| {
        let same_case = |reserved: &&str| {
            let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
            first(name) == first(reserved)
        };
        let slip = |reserved: &&str| match strsim::osa_distance(&name.to_lowercase(), &reserved.to_lowercase()) {
            0 => true,
            1 => name.len() > 2,
            2 => reserved.len() > 5,
            _ => false,
        };
        RESERVED.into_iter().filter(same_case).find(slip)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_own_names_are_left_alone() {
        for (name, meant) in
            [("Up", "UP"), ("UPP", "UP"), ("VERFY", "VERIFY"), ("Down", "DOWN"), ("dwon", "down"), ("rollback", "down")]
        {
            assert_eq!(near_miss(name), Some(meant), "{name}");
        }
        for name in ["UP", "up", "users", "id", "TABLE", "us", "update", "SETUP", "BATCH"] {
            assert_eq!(near_miss(name), None, "{name}");
        }
    }
}
