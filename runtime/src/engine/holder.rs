//! Who holds what somebody else waits for, and how a session of whimbrel's says what it is at.

use crate::error::Holder;
use crate::plan::Step;
use std::time::Duration;

/// How the comment begins that names the migration which a session is at.
const MARK: &str = "/* whimbrel: ";

/// Writes the comment.
pub(super) fn mark(step: &Step) -> String {
    format!("{MARK}{} {} */", step.direction, step.migration.id)
}

/// Reads what a server shows of a session: pid, application, user, address, since when, what it does, and its statement; of a lease also
/// how many milliseconds it lasts.
pub(super) fn holder(row: &[Option<String>]) -> Option<Holder> {
    let cell = |n: usize| row.get(n).cloned().flatten();
    Some(Holder {
        pid: cell(0)?.parse().ok()?,
        application: cell(1).unwrap_or_default(),
        user: cell(2).unwrap_or_default(),
        address: cell(3),
        since: cell(4).unwrap_or_default(),
        state: cell(5),
        query: cell(6).filter(|query| !query.trim().is_empty()).map(at_work),
        lease: cell(7).and_then(|millis| millis.parse().ok()).map(Duration::from_millis),
    })
}

/// Gives the migration that a session of whimbrel's is at, or else its statement.
fn at_work(query: String) -> String {
    let marked = query.split_once(MARK).and_then(|(_, rest)| rest.split_once(" */"));
    marked.map(|(step, _)| step.to_owned()).unwrap_or(query)
}

#[cfg(test)]
mod tests {
    use super::holder;

    #[test]
    fn a_session_of_whimbrels_is_shown_by_its_migration() {
        let row = |query: &str| ["7", "app", "ada", "", "now", "active", query].map(|cell| Some(cell.to_owned()));
        let query = |text| holder(&row(text)).and_then(|holder| holder.query);
        assert_eq!(query("BEGIN /* whimbrel: up 0002_mail */\n;\nSELECT 1").as_deref(), Some("up 0002_mail"));
        assert_eq!(query("SELECT 1").as_deref(), Some("SELECT 1"));
        assert_eq!(query(" "), None);
        assert_eq!(holder(&row("SELECT 1")).and_then(|holder| holder.lease), None);
        let leased = [&row("")[..], &[Some("12001".to_owned())]].concat();
        let shown = holder(&leased).map(|holder| holder.to_string()).unwrap_or_default();
        assert!(shown.ends_with(", active; its lease runs out in 13 s unless it renews it"), "{shown}");
        assert!(holder(&[]).is_none() && holder(&[Some("no pid".to_owned())]).is_none());
    }
}
