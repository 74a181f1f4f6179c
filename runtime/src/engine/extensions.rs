//! What a server has to have before anything is done.

use crate::databases::Databases;
use crate::error::{Error, Kind, Result};
use crate::plan::Plan;
use crate::target::Direction;

/// Refuses a plan for a server that lacks an extension which one of its migrations needs.
pub(super) async fn check(plan: &Plan, databases: &mut Databases) -> Result<()> {
    let needy = |step: &&crate::plan::Step| step.direction == Direction::Up && !step.recorded;
    let steps: Vec<_> =
        plan.steps().iter().filter(needy).filter(|step| !step.migration.extensions.is_empty()).collect();
    for step in &steps {
        let (id, database, needed) = (step.migration.id, step.migration.database, step.migration.extensions);
        let backend = databases.backend(database)?;
        let Some(missing) = backend.capabilities().missing else { continue };
        let refused = |answer| Error::server_refused(database, "looking for extensions", answer);
        let rows = backend.ask(missing(needed)?).await.map_err(refused)?;
        let extensions: Vec<String> = rows.into_iter().flatten().flatten().collect();
        if !extensions.is_empty() {
            return Err(Kind::MissingExtension { id: id.into(), database: database.into(), extensions }.into());
        }
    }
    Ok(())
}
