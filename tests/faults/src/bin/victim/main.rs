//! Applies the chain to one database, and says how it ended: `victim server postgres://…`, `victim file sqlite:…`,
//! `victim pooled postgres://…`, `victim maria mysql://…`, `victim back postgres://…`, `victim cache redis://…`, `victim spread redis+cluster://…`,
//! `victim doubt redis+cluster://…`, `victim graph bolt://…`; to two of them in one plan `victim both postgres://… sqlite:…`.
//!
//! Exit status: 0 applied, 3 a person is asked, 4 somebody else is at it, 5 a rollback has not ended, 1 anything else.
//! With `ROLL_BACK` it rolls back to that migration.
//! `LOCK_WAIT` is the milliseconds that somebody else is waited for.

#[cfg(target_os = "linux")]
mod operation;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use whimbrel::{Access, Databases, Migrator, Registry, Target, Urls};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    operation::arm();
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(url)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: victim server|file|pooled|maria|back|cache|spread|doubt|graph URL");
        return ExitCode::from(2);
    };
    let end = match arguments.next() {
        Some(file) => apply(whimbrel_faults::both(), Urls::new().with("server", url).with("file", file)).await,
        None => apply(whimbrel_faults::of(&name), Urls::new().with(&name, url)).await,
    };
    #[cfg(target_os = "linux")]
    operation::report();
    match end {
        Ok(done) => {
            println!("applied {done}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprint!("{error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::from(match &error {
                error if error.is_interrupted() => 3,
                error if error.is_locked() => 4,
                error if error.is_half_rolled_back() => 5,
                _ => 1,
            })
        }
    }
}

async fn apply(registry: &'static Registry, urls: Urls) -> whimbrel::Result<usize> {
    let mut databases = Databases::connect(registry, &urls, Access::ReadWrite).await?;
    let wait = std::env::var("LOCK_WAIT").ok().and_then(|wait| wait.parse().ok()).unwrap_or(60_000);
    let migrator = Migrator::new(registry).lock_wait(Duration::from_millis(wait));
    let report = match std::env::var("ROLL_BACK") {
        Ok(id) => migrator.rollback(&mut databases, &Target::Id(id)).await?,
        Err(_) => migrator.apply(&mut databases, &Target::Latest).await?,
    };
    Ok(report.done.len())
}
