//! The first copy of what the migrations made, and the statements by which the others are made.

use super::definition::{self, Definition};
use super::{Instance, SESSION, identifier, string};
use crate::error::{Error, Result};

impl Instance {
    /// Copies a database into an empty one; gives the statements, in which the second is what is copied, or none where the two differ.
    pub(super) async fn first_copy(&mut self, from: &str, to: &str) -> Result<Option<Vec<String>>> {
        self.within(from).await?;
        let model = self.definition().await?;
        let Some([tables, programs, triggers]) = model.statements(from)? else { return Ok(None) };
        let filled = self.filled(&model).await?;
        self.within(to).await?;
        let mut done = self.done(tables).await?;
        let mut rows = Vec::new();
        for (table, columns) in &filled {
            self.ask(insert(table, columns, from)?, "copying rows").await?;
            rows.push(insert(table, columns, to)?);
        }
        done.extend(rows);
        done.extend(self.done(programs).await?);
        done.extend(self.done(triggers).await?);
        self.ask(SESSION.into(), "copying").await?;
        let is_alike = self.definition().await? == model;
        for (table, _) in &filled {
            let [one, other] =
                [identifier(from)?, identifier(to)?].map(|place| format!("CHECKSUM TABLE {place}.{table}"));
            let sums = self.ask(format!("{one}; {other}"), "comparing rows").await?;
            let [one, other] = [0, 1].map(|row| sums.get(row).and_then(|row| row.get(1)));
            if one != other {
                return Ok(None);
            }
        }
        Ok(is_alike.then_some(done))
    }

    async fn definition(&mut self) -> Result<Definition> {
        let read = definition::read(&mut self.connection).await;
        read.map_err(|answer| Error::server_refused(self.database, "reading the test's template", answer))
    }

    /// Lists the tables that have rows, each with the columns that aren't computed, in their quotes.
    async fn filled(&mut self, model: &Definition) -> Result<Vec<(String, String)>> {
        const DOING: &str = "looking for rows";
        let mut filled = Vec::new();
        for table in model.tables() {
            let quoted = identifier(table)?;
            if self.ask(format!("SELECT 1 FROM {quoted} LIMIT 1"), DOING).await?.is_empty() {
                continue;
            }
            let text = format!(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = {} AND \
                 COALESCE(generation_expression, '') = '' ORDER BY ordinal_position",
                string(table)?
            );
            let columns = self.ask(text, DOING).await?.into_iter().flatten().flatten();
            let columns: Vec<String> = columns.map(|column| identifier(&column)).collect::<Result<_>>()?;
            filled.push((quoted, columns.join(", ")));
        }
        Ok(filled)
    }

    /// Runs statements that may need each other; gives them in an order in which none does.
    async fn done(&mut self, statements: Vec<String>) -> Result<Vec<String>> {
        let (mut waiting, mut done) = (statements, Vec::new());
        while !waiting.is_empty() {
            let (before, mut refused) = (waiting.len(), None);
            for statement in std::mem::take(&mut waiting) {
                match self.send(statement.clone()).await {
                    Ok(_) => done.push(statement),
                    Err(answer) => {
                        refused = Some(answer);
                        waiting.push(statement);
                    }
                }
            }
            if let Some(answer) = refused.filter(|_| waiting.len() == before) {
                return Err(Error::server_refused(self.database, "copying", answer));
            }
        }
        Ok(done)
    }
}

fn insert(table: &str, columns: &str, from: &str) -> Result<String> {
    Ok(format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {}.{table}", identifier(from)?))
}
