//! `init`: databases and ledgers, where they are missing.

use crate::cli::args::InitOptions;
use crate::cli::document::{InitBody, Made};
use crate::cli::failure::Failure;
use crate::cli::output::Answer;
use crate::cli::session::Session;
use crate::databases::{Access, Databases};

pub(super) async fn init(session: &Session<'_>, options: &InitOptions) -> Result<Answer, Failure> {
    let databases = Databases::create(session.registry, &session.urls).await?;
    let mut opened = session.open(Access::ReadWrite).await?;
    let ledgers = session.migrator_for(&options.readers).init(&mut opened).await?;
    let made: Vec<_> = opened
        .names()
        .filter_map(|name| session.registry.database(name))
        .map(|database| database.name())
        .map(|name| Made { name, database_created: databases.contains(&name), ledger_created: ledgers.contains(&name) })
        .collect();
    let mut text: String = made.iter().map(line).collect();
    let next = if ledgers.is_empty() { "status" } else { "apply" };
    text += &format!("next: {}\n", session.call.other(next));
    session.answer(InitBody { databases: made }, text)
}

fn line(made: &Made) -> String {
    let done = match (made.database_created, made.ledger_created) {
        (true, _) => "database and ledger created",
        (false, true) => "the ledger's missing tables created",
        (false, false) => "nothing to do, the ledger is there",
    };
    format!("{}: {done}\n", made.name)
}
