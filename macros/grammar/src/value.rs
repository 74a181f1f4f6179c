//! The values of arguments that are written as text, each with what is wrong where it is none.

use crate::names::nearest;

/// The part that a migration has in a change which running applications survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It adds: versions from before it don't notice.
    Expand,
    /// It moves rows from the old shape to the new one: versions from before it still work.
    Migrate,
    /// It takes the old shape away: versions from before the change don't work any more.
    Contract,
}

impl Phase {
    /// All of them, in the order in which a change goes through them.
    pub const ALL: [Phase; 3] = [Phase::Expand, Phase::Migrate, Phase::Contract];

    /// Gives the word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Migrate => "migrate",
            Phase::Contract => "contract",
        }
    }
}

pub(crate) fn phase(text: &str) -> Result<Phase, String> {
    let found = Phase::ALL.into_iter().find(|phase| phase.name() == text);
    found.ok_or_else(|| {
        let meant = nearest(text, Phase::ALL.map(Phase::name)).map(|meant| format!("; did you mean `{meant}`?"));
        format!("a phase is `expand`, `migrate` or `contract`, not `{text}`{}", meant.unwrap_or_default())
    })
}

pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`transaction` is `true` or `false`, not `{text}`"))
}

/// Reads `major.minor.patch`.
pub(crate) fn version(text: &str) -> Result<[u64; 3], String> {
    let wrong = || format!("`{text}` is no schema version: three numbers, as in `1.2.0`");
    let parts: Vec<u64> = text.trim().split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    parts.try_into().map_err(|_| wrong())
}

/// Reads a time with its unit: `500ms`, `2s`, `5min`, `1h`; `0` needs none. No longer than PostgreSQL's settings hold.
pub(crate) fn milliseconds(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let wrong = || format!("`{text}` is no time: a whole number with its unit, as in `500ms`, `2s`, `5min` or `1h`");
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let factor = match unit.trim() {
        "" if number == 0 => 1,
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    let most = u64::from(i32::MAX.unsigned_abs());
    let time = number.checked_mul(factor).filter(|time| *time <= most);
    time.ok_or_else(|| format!("`{text}` is too long: at most 24 days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let read = |text| milliseconds(text).unwrap_or(u64::MAX);
        assert_eq!(["0", "500ms", "2s", "5 min", "1h"].map(read), [0, 500, 2_000, 300_000, 3_600_000]);
        for text in ["2", "", "s", "-1s", "2 weeks", "1.5s", "99999999999999999999s"] {
            let wrong =
                format!("`{text}` is no time: a whole number with its unit, as in `500ms`, `2s`, `5min` or `1h`");
            assert_eq!(milliseconds(text), Err(wrong));
        }
        for text in ["600h", "18446744073709551615h"] {
            assert_eq!(milliseconds(text), Err(format!("`{text}` is too long: at most 24 days")));
        }
    }

    #[test]
    fn a_phase_that_is_nearly_one_is_suggested() {
        assert_eq!(phase("contract"), Ok(Phase::Contract));
        let wrong = "a phase is `expand`, `migrate` or `contract`, not `expant`; did you mean `expand`?";
        assert_eq!(phase("expant"), Err(wrong.to_owned()));
    }
}
