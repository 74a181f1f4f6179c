//! Applies the chain of tenants to the MongoDB that `MAIN_URL` names, as an application does at start-up: for tests that kill it.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let registry = whimbrel_tests::tenants::registry();
    let run = async {
        let mut databases = whimbrel::Databases::from_env(registry).await?;
        whimbrel::apply(registry, &mut databases).await
    };
    match run.await {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
