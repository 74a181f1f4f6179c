//! Making an index unique on a collection that goes on being written to.

use super::super::exchange::found;
use super::super::extended_json::text;
use super::super::step::MongodbStep;
use super::commands;
use crate::error::{Error, Result};
use mongodb::bson::Document;

impl MongodbStep {
    /// Makes a unique index of these keys: looks for duplicates, builds the index if it is not there, lets it refuse new duplicates, and
    /// makes it unique. Needs MongoDB 6. May be called again after a run that died in it.
    ///
    /// # Errors
    /// Keys that several documents have, with samples: if they are found before, nothing was changed; later the index stays, as one
    /// that refuses nothing. What the server refuses.
    pub async fn make_unique(&mut self, collection: &str, name: &str, keys: Document) -> Result<()> {
        if let Some(found) = self.duplicates(collection, &keys).await? {
            return Err(Error::new(format!("{found}; nothing was changed")));
        }
        self.run_command(commands::create_index(collection, name, &keys)).await?;
        self.run_command(commands::prepare_unique(collection, name, true)).await?;
        // From here on there can be no new ones.
        if let Some(found) = self.duplicates(collection, &keys).await? {
            self.run_command(commands::prepare_unique(collection, name, false)).await?;
            return Err(Error::new(format!("{found}; the index `{name}` is there, and refuses nothing")));
        }
        self.run_command(commands::make_unique(collection, name)).await.map(drop)
    }

    async fn duplicates(&mut self, collection: &str, keys: &Document) -> Result<Option<String>> {
        let reply = self.run_command(commands::duplicates(collection, keys)).await?;
        let samples: Vec<_> = found(&reply).map(text).collect();
        let samples = samples.join(", ");
        Ok((!samples.is_empty()).then(|| format!("several documents of `{collection}` have the same key: {samples}")))
    }
}
