//! Sending the commands of a text one after another; what one of them answers the later ones may use.

use super::answer::{answer, failed, misread, number};
use super::extended_json;
use crate::error::{ServerError, ServerErrorClass as Class};
use mongodb::bson::{Bson, DateTime, Document, doc};
use mongodb::{ClientSession, Database};

pub(super) type Answer<T> = Result<T, ServerError>;

/// Reads a text's commands.
pub(super) fn commands(text: &str) -> Answer<Vec<Document>> {
    extended_json::documents(text).map_err(|wrong| misread(&wrong))
}

/// Tells what a command of whimbrel's own is for.
pub(super) fn purpose(command: &Document) -> &str {
    command.get_str("comment").ok().and_then(|comment| comment.strip_prefix("whimbrel: ")).unwrap_or_default()
}

/// Sends one command, in the transaction where a session is given; gives the reply, a cursor's documents all in its first batch.
///
/// The driver sends it once: what `run_command` is handed is never written a second time by itself.
pub(super) async fn send(
    database: &Database,
    mut session: Option<&mut ClientSession>,
    mut command: Document,
) -> Answer<Document> {
    if session.is_some() {
        // The transaction's own counts.
        command.remove("writeConcern");
        command.remove("maxTimeMS");
    }
    let mut reply = run(database, session.as_deref_mut(), command).await?;
    if let Some(error) = failed(&reply) {
        return Err(error);
    }
    let Ok(cursor) = reply.get_document_mut("cursor") else { return Ok(reply) };
    let mut open = number(cursor.get("id")).unwrap_or_default();
    let collection = cursor.get_str("ns").ok().and_then(|ns| ns.split_once('.')).map(|(_, name)| name.to_owned());
    while let Some(collection) = collection.as_ref().filter(|_| open != 0) {
        let mut more =
            run(database, session.as_deref_mut(), doc! { "getMore": open, "collection": collection }).await?;
        let Ok(next) = more.get_document_mut("cursor") else { break };
        open = number(next.get("id")).unwrap_or_default();
        if let Ok(batch) = next.get_array_mut("nextBatch")
            && let Ok(all) = cursor.get_array_mut("firstBatch")
        {
            all.append(batch);
        }
    }
    Ok(reply)
}

async fn run(database: &Database, session: Option<&mut ClientSession>, command: Document) -> Answer<Document> {
    let sent = match session {
        Some(session) => database.run_command(command).session(session).await,
        None => database.run_command(command).await,
    };
    sent.map_err(|error| answer(&error))
}

/// Gives the documents of a cursor's reply.
pub(super) fn found(reply: &Document) -> impl Iterator<Item = &Document> {
    let batch = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
    batch.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Bson::as_document)
}

/// Gives the document that a findAndModify has changed.
pub(super) fn changed(reply: &Document) -> Option<&Document> {
    reply.get_document("value").ok()
}

/// Sends a text of the ledger's; a change has the number that follows the last one. The lease is held outside of a transaction: its
/// document stays free for the heartbeat.
pub(super) async fn exchange(
    database: &Database,
    mut session: Option<&mut ClientSession>,
    commands: Vec<Document>,
    last: &mut i64,
) -> Answer<Vec<Document>> {
    let mut given = Given::default();
    let mut replies = Vec::with_capacity(commands.len());
    for mut command in commands {
        let purpose = purpose(&command).to_owned();
        given.fill(&mut command);
        let inside = if purpose == "hold" { None } else { session.as_deref_mut() };
        let reply = match send(database, inside, command).await {
            // It was there before: alike, for nobody else makes it.
            Err(answer) if purpose == "create" && answer.code() == Some("48") => Document::new(),
            // Somebody else has written under this number, so the lease is theirs.
            Err(answer) if purpose == "event" && answer.is(Class::UniqueViolation) => return Err(lease_lost()),
            reply => reply?,
        };
        match purpose.as_str() {
            "hold" => {
                // Taken now, used or not: an answer that was lost may have been of a write that took place.
                *last += 1;
                given.begin(*last, changed(&reply).ok_or_else(lease_lost)?);
            }
            "since" => given.since(found(&reply).next()),
            _ => {}
        }
        replies.push(reply);
    }
    Ok(replies)
}

/// Says that somebody else has the lease now.
pub(super) fn lease_lost() -> ServerError {
    let message = "the lease on the ledger has run out, or somebody else has it now; nothing was written";
    ServerError { class: Class::LeaseLost, ..ServerError::other(message) }
}

/// Holds what the variables of a text stand for.
#[derive(Debug, Default)]
struct Given {
    seq: Option<i64>,
    now: Option<DateTime>,
    elapsed: i64,
}

impl Given {
    fn begin(&mut self, seq: i64, lease: &Document) {
        self.seq = Some(seq);
        self.now = lease.get_datetime("beat").ok().copied();
    }

    fn since(&mut self, first: Option<&Document>) {
        let at = first.and_then(|first| first.get_datetime("at").or_else(|_| first.get_datetime("applied_at")).ok());
        let elapsed = self.now.zip(at).map(|(now, at)| now.timestamp_millis() - at.timestamp_millis());
        self.elapsed = elapsed.unwrap_or_default().max(0);
    }

    /// Puts values where their names stand: only in a text that begins with the lease, and only as whole values.
    fn fill(&self, command: &mut Document) {
        let (Some(seq), Some(now)) = (self.seq, self.now) else { return };
        command.iter_mut().for_each(|(_, value)| self.fill_value(value, seq, now));
    }

    fn fill_value(&self, value: &mut Bson, seq: i64, now: DateTime) {
        match value {
            Bson::String(name) if name == "$$seq" => *value = Bson::Int64(seq),
            Bson::String(name) if name == "$$now" => *value = Bson::DateTime(now),
            Bson::String(name) if name == "$$elapsed" => *value = Bson::Int64(self.elapsed),
            Bson::Document(document) => document.iter_mut().for_each(|(_, value)| self.fill_value(value, seq, now)),
            Bson::Array(items) => items.iter_mut().for_each(|value| self.fill_value(value, seq, now)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_whole_values_of_a_text_that_holds_the_lease() {
        let mut command = doc! { "insert": "e", "documents": [{ "_id": "$$seq", "at": "$$now", "text": "a $$seq" }] };
        let before = command.clone();
        Given::default().fill(&mut command);
        assert_eq!(command, before);
        let (now, mut given) = (DateTime::from_millis(5000), Given::default());
        given.begin(7, &doc! { "beat": now });
        given.since(Some(&doc! { "at": DateTime::from_millis(4000) }));
        given.fill(&mut command);
        let filled = doc! { "_id": 7_i64, "at": now, "text": "a $$seq" };
        assert_eq!(command, doc! { "insert": "e", "documents": [filled] });
        let mut elapsed = doc! { "x": "$$elapsed" };
        given.fill(&mut elapsed);
        assert_eq!(elapsed, doc! { "x": 1000_i64 });
    }
}
