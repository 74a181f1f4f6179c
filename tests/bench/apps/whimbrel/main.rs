//! whimbrel in the plain case: connect, apply.

mod migrations;

use migrations::MIGRATIONS;
use std::error::Error;
use std::process::ExitCode;
use whimbrel::{Access, Databases, Urls};

async fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "sqlite")]
    let url = &format!("sqlite:{url}");
    let urls = Urls::new().with("main", url);
    let mut databases = Databases::connect(&MIGRATIONS, &urls, Access::ReadWrite).await?;
    whimbrel::apply(&MIGRATIONS, &mut databases).await?;
    Ok(())
}

fn main() -> ExitCode {
    let run = || -> Result<(), Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(apply(&std::env::var("BENCH_URL")?))
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
