//! A ledger in SQL: two tables, in the words of a [`Dialect`].

pub(crate) mod quote;
mod read;
mod write;

use super::row::user;
use super::{Cell, Claim, Language, Ledger, Location, Row, When};
use crate::backend::Dialect;
use crate::error::{Kind, Result};
use crate::registry::Migration;

impl Language for Dialect {
    fn sql(&self) -> Option<&Dialect> {
        Some(self)
    }
    fn shown(&self, location: &Location, name: &str) -> String {
        let table = format!("{}_{name}", location.prefix);
        if self.schemas { format!("{}.{table}", location.schema) } else { table }
    }
    fn table(&self, ledger: &Ledger<'_>, name: &str) -> Result<String> {
        Sql { dialect: self, ledger }.table(name)
    }
    fn create(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        Sql { dialect: self, ledger }.create()
    }
    fn complete(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        Ok(vec![Sql { dialect: self, ledger }.version_view()?])
    }
    fn grants(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        Sql { dialect: self, ledger }.grants()
    }
    fn glance(&self, ledger: &Ledger<'_>) -> Result<String> {
        Sql { dialect: self, ledger }.glance()
    }
    fn probes(&self, ledger: &Ledger<'_>) -> Result<[String; 2]> {
        Sql { dialect: self, ledger }.probes()
    }
    fn any(&self, ledger: &Ledger<'_>) -> Result<String> {
        Ok(format!("SELECT 1 FROM {} LIMIT 1", Sql { dialect: self, ledger }.history()?))
    }
    fn read(&self, ledger: &Ledger<'_>) -> Result<String> {
        Sql { dialect: self, ledger }.read()
    }
    fn read_attempts(&self, ledger: &Ledger<'_>) -> Result<String> {
        Sql { dialect: self, ledger }.read_attempts()
    }
    fn read_events(&self, ledger: &Ledger<'_>, unfinished: Option<&str>) -> Result<String> {
        Sql { dialect: self, ledger }.read_events(unfinished)
    }
    fn times(&self) -> bool {
        self.began.is_some()
    }
    fn insert(&self, ledger: &Ledger<'_>, row: &Row<'_>, when: When) -> Result<String> {
        Sql { dialect: self, ledger }.insert(row, when)
    }
    fn delete(&self, ledger: &Ledger<'_>, id: &str, when: When) -> Result<String> {
        Sql { dialect: self, ledger }.delete(id, when)
    }
    fn duration(&self, ledger: &Ledger<'_>, migration: &Migration) -> Result<String> {
        Sql { dialect: self, ledger }.duration(migration)
    }
    fn realign(&self, ledger: &Ledger<'_>, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        Sql { dialect: self, ledger }.realign(id, values, recorded)
    }
    fn event(&self, ledger: &Ledger<'_>, row: &Row<'_>, claim: Option<Claim<'_>>) -> Result<String> {
        Sql { dialect: self, ledger }.event(row, claim)
    }
    fn parted(&self, joined: &str) -> Vec<String> {
        (self.parted)(joined)
    }
}

/// Writes one ledger's texts in one dialect.
struct Sql<'a> {
    dialect: &'a Dialect,
    ledger: &'a Ledger<'a>,
}

impl Sql<'_> {
    fn text(&self, text: &str) -> Result<String> {
        quote::string(text, self.dialect.backslash)
    }

    fn cell(&self, cell: &Cell<'_>) -> Result<String> {
        Ok(match cell {
            Cell::Null => "NULL".into(),
            Cell::Text(text) => self.text(text)?,
            Cell::Number(number) => number.to_string(),
            Cell::Truth(truth) => truth.to_string(),
            Cell::Now => self.dialect.now.into(),
            Cell::Elapsed => self.dialect.began.map_or_else(|| "NULL".into(), self.dialect.elapsed),
            Cell::Moment(moment) => (self.dialect.moment)(&self.text(moment)?),
            Cell::Actor => self.actor()?,
            Cell::Texts(texts) => (self.dialect.statements)(texts)?,
        })
    }

    fn column(&self, name: &'static str) -> &'static str {
        if name == "database" { self.dialect.database } else { name }
    }

    /// Lists a row's columns, and its values.
    fn row(&self, row: &Row<'_>) -> Result<[String; 2]> {
        let columns: Vec<_> = row.iter().map(|(name, _)| self.column(name)).collect();
        let values = row.iter().map(|(_, cell)| self.cell(cell)).collect::<Result<Vec<_>>>()?;
        Ok([columns.join(", "), values.join(", ")])
    }

    fn history(&self) -> Result<String> {
        self.table("history")
    }

    fn events(&self) -> Result<String> {
        self.table("events")
    }

    fn actor(&self) -> Result<String> {
        self.dialect.actor.map_or_else(|| self.text(&user()), |expression| Ok(expression.into()))
    }

    fn mine(&self) -> Result<String> {
        let (registry, database) = (self.text(self.ledger.registry.name)?, self.text(self.ledger.database)?);
        Ok(format!("registry = {registry} AND {} = {database}", self.dialect.database))
    }

    fn key(&self, id: &str) -> Result<String> {
        let (registry, id) = (self.text(self.ledger.registry.name)?, self.text(id)?);
        let (column, database) = (self.dialect.database, self.text(self.ledger.database)?);
        Ok(format!("registry = {registry} AND id = {id} AND {column} = {database}"))
    }

    fn table(&self, name: &str) -> Result<String> {
        let Location { schema, prefix, .. } = self.ledger.location;
        // Names go into the body of a DO block too, so what could end one is refused.
        for part in [schema, prefix] {
            if part.is_empty() || part.contains('$') {
                let reason = "the names of a ledger's schema and tables must not be empty or contain `$`";
                return Err(Kind::InvalidText { text: format!("{schema}.{prefix}"), reason }.into());
            }
        }
        let identifier = |name: &str| quote::identifier(name, self.dialect.mark);
        let table = identifier(&format!("{prefix}_{name}"))?;
        if self.dialect.schemas { Ok(format!("{}.{table}", identifier(schema)?)) } else { Ok(table) }
    }
}
