//! Documents that a validator has to take, and others that it has to refuse, judged by the server before it is in force.

use super::super::answer::number;
use super::super::exchange::found;
use super::super::extended_json::text;
use super::super::step::MongodbStep;
use super::{commands, schema};
use crate::error::{Error, Result};
use mongodb::bson::Document;
use schemars::JsonSchema;

impl MongodbStep {
    /// Has the server judge examples by a type's validator; nothing is stored. Needs MongoDB 6.
    ///
    /// # Errors
    /// Examples that should be taken and are refused, or should be refused and are taken, each shown; what the server refuses.
    pub async fn rehearse<T: JsonSchema>(&mut self, taken: &[Document], refused: &[Document]) -> Result<()> {
        let validator = schema::of::<T>()?;
        let examples: Vec<_> = taken.iter().chain(refused).cloned().collect();
        let wrong = self.refused_of(&examples, &validator).await?;
        verdict(taken, refused, &wrong)
    }

    /// Asks which examples a validator refuses, by their position.
    pub(super) async fn refused_of(&mut self, examples: &[Document], validator: &Document) -> Result<Vec<usize>> {
        if examples.is_empty() {
            return Ok(Vec::new());
        }
        let reply = self.run_command(commands::judge(examples, validator)).await?;
        let numbers = found(&reply).filter_map(|row| number(row.get("n")));
        Ok(numbers.filter_map(|n| usize::try_from(n).ok()).collect())
    }
}

/// Says which examples are not judged as they should be; those that were refused are given by their position.
pub(super) fn verdict(taken: &[Document], refused: &[Document], wrong: &[usize]) -> Result<()> {
    let taken_wrong = taken.iter().enumerate().filter(|(at, _)| wrong.contains(at));
    let refused_wrong = refused.iter().enumerate().filter(|(at, _)| !wrong.contains(&(at + taken.len())));
    let lines: Vec<_> = taken_wrong
        .map(|(_, example)| format!("the validator refuses {}", text(example)))
        .chain(refused_wrong.map(|(_, example)| format!("the validator takes {}", text(example))))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("the validator does not judge as the examples say; nothing was changed\n{}", lines.join("\n"))))
}
