//! `history`: what has happened, the oldest first.

use crate::cli::args::HistoryOptions;
use crate::cli::document::HistoryBody;
use crate::cli::failure::Failure;
use crate::cli::output::{Answer, counted, readable};
use crate::cli::session::Session;
use crate::cli::table::Table;
use crate::cli::terminal::{coloured, width};
use crate::databases::Access;
use crate::history::Entry;

pub(super) async fn history(session: &Session<'_>, options: &HistoryOptions) -> Result<Answer, Failure> {
    let mut databases = session.open(Access::ReadOnly).await?;
    let journal = session.migrator().journal(&mut databases).await?;
    let (before, shown) = journal.split_at(journal.len().saturating_sub(options.limit));
    let mut table = Table::new(["when (UTC)", "what", "migration", "database", "by", "remark"]);
    for entry in shown {
        let database = if session.several() { entry.database.as_str() } else { "" };
        let what = entry.event.replace('_', " ");
        table.row([readable(&entry.at), what, entry.id.clone(), database.into(), entry.actor.clone(), remark(entry)]);
    }
    let mut text = if shown.is_empty() {
        "nothing has happened yet\n".into()
    } else {
        table.draw(width(), coloured(&std::io::stdout()))
    };
    if !before.is_empty() {
        text = format!(
            "{} before these; --limit shows more\n{text}",
            counted(before.len(), "more entry").replace("entrys", "entries")
        );
    }
    session.answer(HistoryBody { entries: shown.iter().map(Into::into).collect() }, text)
}

/// Says what is particular about an entry, in one line.
fn remark(entry: &Entry) -> String {
    let statement = match (entry.statement, entry.statements) {
        (Some(statement), Some(statements)) => format!("statement {statement} of {statements}"),
        _ => String::new(),
    };
    let message = entry.message.as_deref().and_then(|message| message.lines().next()).unwrap_or_default();
    if statement.is_empty() || message.is_empty() { statement + message } else { format!("{statement}: {message}") }
}
