//! `verify`: what is applied, held against the code and asked of the live database.

use crate::cli::document::VerifyBody;
use crate::cli::failure::Failure;
use crate::cli::output::{Answer, counted};
use crate::cli::session::Session;
use crate::cli::terminal::{self, GOOD};
use crate::databases::Access;

pub(super) async fn verify(session: &Session<'_>) -> Result<Answer, Failure> {
    let mut databases = session.open(Access::ReadOnly).await?;
    let verified = session.migrator().verify(&mut databases).await?;
    let mut text: String = verified.iter().map(|id| format!("{} {id}\n", terminal::out(GOOD, "✓"))).collect();
    text += &match verified.len() {
        0 => "history and code agree; no applied migration has a VERIFY\n".into(),
        asked => format!("history and code agree; {} held\n", counted(asked, "VERIFY")),
    };
    session.answer(VerifyBody { verified }, text)
}
