//! What every command works with.

use super::args::General;
use super::call::Call;
use super::failure::Failure;
use super::output::Answer;
use crate::databases::{Access, Databases, Urls};
use crate::ledger::Location;
use crate::migrator::Migrator;
use crate::registry::Registry;
use serde::Serialize;
use std::time::Duration;

/// Holds what every command works with.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) registry: &'static Registry,
    pub(super) call: &'a Call,
    pub(super) urls: Urls,
    general: General,
}

impl<'a> Session<'a> {
    pub(super) fn new(call: &'a Call, general: General, urls: Urls) -> Self {
        Self { registry: call.registry, call, urls, general }
    }
    /// Tells whether people read the answer.
    pub(super) fn for_people(&self) -> bool {
        !self.general.json
    }
    /// Tells whether it has to be said which database is meant.
    pub(super) fn several(&self) -> bool {
        self.registry.databases().len() > 1
    }
    pub(super) fn answer(&self, body: impl Serialize, text: String) -> Result<Answer, Failure> {
        Answer::new(self.call.command, body, text)
    }
    pub(super) fn migrator(&self) -> Migrator {
        self.migrator_for(&[])
    }
    /// Gives one that lets these roles read the ledger.
    pub(super) fn migrator_for(&self, readers: &[String]) -> Migrator {
        let location = match &self.general.ledger_schema {
            Some(schema) => Location::default().schema(schema),
            None => Location::default(),
        };
        let location = readers.iter().fold(location, Location::reader);
        Migrator::new(self.registry).ledger(location).lock_wait(Duration::from_secs(self.general.lock_wait))
    }
    pub(super) async fn open(&self, access: Access) -> Result<Databases, Failure> {
        self.open_for(access, false).await
    }
    /// Opens all databases, or those that can be reached.
    pub(super) async fn open_for(&self, access: Access, available: bool) -> Result<Databases, Failure> {
        Ok(match available {
            true => Databases::connect_available(self.registry, &self.urls, access).await?,
            false => Databases::connect(self.registry, &self.urls, access).await?,
        })
    }
}
