//! Putting a stricter validator in force on a collection that has documents.

use super::super::answer::number;
use super::super::exchange::found;
use super::super::extended_json::value;
use super::super::step::MongodbStep;
use super::{commands, schema};
use crate::error::{Error, Result};
use mongodb::bson::{Bson, Document, doc};
use schemars::JsonSchema;

/// Prepares a stricter validator; begun by [`MongodbStep::tighten`].
#[derive(Debug)]
pub struct Tighten<'a> {
    step: &'a mut MongodbStep,
    collection: String,
    validator: Result<Document>,
    fills: Vec<(String, Bson)>,
    batch: u32,
}

/// Says what a validator that is in force now has cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tightened {
    /// So many fields of documents were filled.
    pub filled: u64,
}

impl MongodbStep {
    /// Puts a type's validator in force on a collection: first on what is written from now on, then on everything.
    ///
    /// Before anything is changed it is looked whether all documents will be taken once the missing fields are filled.
    pub fn tighten<T: JsonSchema>(&mut self, collection: &str) -> Tighten<'_> {
        Tighten {
            step: self,
            collection: collection.into(),
            validator: schema::of::<T>(),
            fills: Vec::new(),
            batch: 1000,
        }
    }
}

impl Tighten<'_> {
    /// Gives a field a value in all documents that lack it.
    #[must_use]
    pub fn fill(mut self, field: &str, value: impl Into<Bson>) -> Self {
        self.fills.push((field.into(), value.into()));
        self
    }

    /// Fills so many documents at a time; the default is 1,000.
    #[must_use]
    pub fn batches_of(self, documents: u32) -> Self {
        Self { batch: documents.max(1), ..self }
    }

    /// Does it. May be called again after a run that died in it, and goes on from there.
    ///
    /// # Errors
    /// Documents that the validator would refuse: how many, and the `_id` of ten. If they are found before, nothing was changed; if
    /// somebody wrote them meanwhile, the fields stay filled and the validator from before is in force again. A transaction that is
    /// open: the server changes validators outside of transactions only.
    pub async fn apply(self) -> Result<Tightened> {
        let Tighten { step, collection, validator, fills, batch } = self;
        let validator = validator?;
        if step.is_in_transaction() {
            let advice = "a validator is changed outside of transactions only; give the migration `transaction = false`";
            return Err(Error::new(format!("{advice}; nothing was changed")));
        }
        let names: Vec<String> = fills.iter().map(|(field, _)| field.clone()).collect();
        let weak = commands::without(&validator, &names);
        check_fills(step, &fills, &validator).await?;
        let beforehand = refused(step, &collection, &weak).await?;
        if let Some(found) = beforehand {
            return Err(Error::new(format!("{found}; nothing was changed: mend them, or fill what they lack")));
        }
        let before = remembered(step, &collection).await?;
        step.run_command(commands::set_validator(&collection, &validator, "moderate", "error")).await?;
        let mut filled = 0;
        for (field, value) in fills {
            filled += step.fill(&collection, &field, value).batches_of(batch).apply().await?;
        }
        if let Some(found) = refused(step, &collection, &validator).await? {
            step.run_command(before.restore(&collection)).await?;
            forget(step, &collection).await?;
            return Err(Error::new(format!(
                "{found}; {filled} fields were filled, and the validator from before is in force again"
            )));
        }
        step.run_command(commands::set_validator(&collection, &validator, "strict", "error")).await?;
        forget(step, &collection).await?;
        Ok(Tightened { filled })
    }
}

/// A value that the validator refuses would be in every document before that is noticed.
async fn check_fills(step: &mut MongodbStep, fills: &[(String, Bson)], validator: &Document) -> Result<()> {
    for (field, value_) in fills {
        let properties = validator.get_document("$jsonSchema").and_then(|schema| schema.get_document("properties"));
        let Some(property) = properties.ok().and_then(|properties| properties.get(field)) else { continue };
        let alone = doc! { "$jsonSchema": { "properties": { field: property.clone() } } };
        let example = doc! { field: value_.clone() };
        if !step.refused_of(&[example], &alone).await?.is_empty() {
            let shown = value(value_);
            return Err(Error::new(format!("`{field}` can't be filled with {shown}: the validator refuses it; nothing was changed")));
        }
    }
    Ok(())
}

/// Says how many documents a validator refuses, with samples; none where it takes all.
async fn refused(step: &mut MongodbStep, collection: &str, validator: &Document) -> Result<Option<String>> {
    let filter = commands::refused(validator);
    let count = step.run_command(commands::count(collection, filter.clone())).await?;
    let count = number(count.get("n")).unwrap_or_default();
    if count == 0 {
        return Ok(None);
    }
    let samples = step.run_command(commands::samples(collection, filter)).await?;
    let samples: Vec<_> = found(&samples).filter_map(|document| document.get("_id").map(value)).collect();
    let samples = samples.join(", ");
    Ok(Some(format!("{count} documents of `{collection}` would be refused by the validator, such as {samples}")))
}

/// Holds what was in force before.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Previous {
    pub(super) validator: Option<Document>,
    level: Option<String>,
    action: Option<String>,
}

impl Previous {
    /// Reads the reply to a listing of one collection.
    pub(super) fn read(reply: &Document) -> Self {
        let options = found(reply).next().and_then(|there| there.get_document("options").ok());
        options.map(Self::from_options).unwrap_or_default()
    }

    fn from_options(options: &Document) -> Self {
        let text = |name| options.get_str(name).ok().map(str::to_owned);
        let validator = options.get_document("validator").ok().cloned();
        Self { validator, level: text("validationLevel"), action: text("validationAction") }
    }

    /// Writes the command that brings it back; the server's own choices where nothing was said.
    pub(super) fn restore(&self, collection: &str) -> Document {
        let validator = self.validator.clone().unwrap_or_default();
        let (level, action) = (self.level.as_deref().unwrap_or("strict"), self.action.as_deref().unwrap_or("error"));
        commands::set_validator(collection, &validator, level, action)
    }
}

const STATE: &str = "whimbrel_backfills";

fn key(collection: &str) -> String {
    format!("validator of {collection}")
}

/// Remembers what was in force before, beyond a death: the first attempt's answer counts.
async fn remembered(step: &mut MongodbStep, collection: &str) -> Result<Previous> {
    let reply = step.run_command(commands::options(collection)).await?;
    let options = found(&reply).next().and_then(|there| there.get_document("options").ok()).cloned().unwrap_or_default();
    let kept = doc! {
        "findAndModify": STATE,
        "query": { "_id": key(collection) },
        "update": { "$setOnInsert": { "before": options } },
        "upsert": true,
        "new": true,
        "writeConcern": { "w": "majority" },
    };
    let kept = step.run_command(kept).await?;
    let before = kept.get_document("value").and_then(|kept| kept.get_document("before"));
    Ok(before.map(Previous::from_options).unwrap_or_default())
}

async fn forget(step: &mut MongodbStep, collection: &str) -> Result<()> {
    let deletes = [doc! { "q": { "_id": key(collection) }, "limit": 1 }];
    step.run_command(doc! { "delete": STATE, "deletes": deletes, "writeConcern": { "w": "majority" } }).await.map(drop)
}
