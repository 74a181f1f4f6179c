//! What a real server says of mutants.

use crate::Result;
use crate::corpus::{Migration, Project};
use crate::mutant::Mutant;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

/// Tells of each mutant what the server refuses it with, in that migration or in a later one; `None` where it takes all.
///
/// Mutants stand in the order of their migrations.
pub(crate) fn judge(server: &Url, project: &Project, mutants: &[Mutant]) -> Result<Vec<Option<String>>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(judge_all(server, project, mutants))
}

async fn judge_all(server: &Url, project: &Project, mutants: &[Mutant]) -> Result<Vec<Option<String>>> {
    let mut control = PgConnection::connect(server.as_str()).await?;
    let base = format!("whimbrel_verification_{}", project.name);
    let scratch = format!("{base}_mutant");
    let at = |name: &str| {
        let mut url = server.clone();
        url.set_path(name);
        url
    };
    recreate(&mut control, &base, "template0").await?;
    let mut verdicts = Vec::new();
    let mut applied = 0;
    for mutant in mutants {
        let mut connection = PgConnection::connect(at(&base).as_str()).await?;
        while let Some(migration) = project.migrations.get(applied).filter(|_| applied < mutant.at) {
            apply(&mut connection, migration, &migration.up)
                .await
                .map_err(|error| format!("the server refuses {}: {error}", migration.file))?;
            applied += 1;
        }
        connection.close().await?;
        recreate(&mut control, &scratch, &base).await?;
        let mut connection = PgConnection::connect(at(&scratch).as_str()).await?;
        let mut verdict = None;
        for (at, migration) in project.migrations.iter().enumerate().skip(mutant.at) {
            let up = if at == mutant.at { &mutant.up } else { &migration.up };
            if let Err(error) = apply(&mut connection, migration, up).await {
                verdict = Some(format!("{}: {error}", migration.file));
                break;
            }
        }
        connection.close().await?;
        verdicts.push(verdict);
    }
    for name in [&scratch, &base] {
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
            .execute(&mut control)
            .await?;
    }
    Ok(verdicts)
}

async fn recreate(control: &mut PgConnection, name: &str, template: &str) -> Result<()> {
    for text in
        [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name} TEMPLATE {template}")]
    {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *control).await?;
    }
    Ok(())
}

/// Applies a script in one transaction, or what can't be in one statement by statement.
async fn apply(connection: &mut PgConnection, migration: &Migration, up: &str) -> std::result::Result<(), String> {
    let mut texts = vec![up.to_owned()];
    if !migration.transactional {
        // The few that there are have one statement a line end, and no semicolon within one.
        texts = up.split(";\n").map(str::to_owned).collect();
    } else if !up.to_ascii_uppercase().contains("COMMIT") {
        texts = vec![format!("BEGIN;\n{up}\n;COMMIT")];
    }
    for text in texts {
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *connection).await {
            let message =
                error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await;
            return Err(message);
        }
    }
    // What one migration sets is nothing to the next.
    let _ = sqlx::raw_sql("RESET ALL").execute(&mut *connection).await;
    Ok(())
}
