//! The connections, which never reconnect by themselves: what was sent and not answered may have been done.

use super::answer::Answer;
use super::cluster::Cluster;
use super::line::Words;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, Value};

/// Reaches a server, or a cluster of them. Clones share its connections, and keep the order in which they send.
#[derive(Debug, Clone)]
pub(super) enum Link {
    One(MultiplexedConnection),
    Cluster(Cluster),
}

impl Link {
    pub(super) fn is_cluster(&self) -> bool {
        matches!(self, Link::Cluster(_))
    }

    /// Sends a command to where its keys are.
    pub(super) async fn send(&self, words: &[Vec<u8>]) -> Answer<Value> {
        match self {
            Link::One(connection) => Ok(command(words).query_async(&mut connection.clone()).await?),
            Link::Cluster(cluster) => cluster.send(words).await,
        }
    }

    /// Sends a command that is done only if nothing that is watched has changed: none where something has.
    pub(super) async fn send_unchanged(&self, words: &[Vec<u8>]) -> Answer<Option<Value>> {
        let Link::One(connection) = self else { return self.send(words).await.map(Some) };
        let mut pipeline = Pipeline::new();
        pipeline.atomic().add_command(command(words));
        match pipeline.query_async(&mut connection.clone()).await? {
            Value::Array(mut answers) if answers.len() == 1 => Ok(answers.pop()),
            _ => Ok(None),
        }
    }

    /// Watches a key and reads it, in one message.
    pub(super) async fn watch(&self, key: &str, read: &[Vec<u8>]) -> Answer<Value> {
        let Link::One(connection) = self else { return self.send(read).await };
        let mut pipeline = Pipeline::new();
        pipeline.cmd("WATCH").arg(key).ignore().add_command(command(read));
        let mut values: Vec<Value> = pipeline.query_async(&mut connection.clone()).await?;
        Ok(values.pop().unwrap_or_default())
    }

    /// Lists the servers that have keys, each by itself.
    pub(super) async fn servers(&self) -> Answer<Vec<Link>> {
        match self {
            Link::One(_) => Ok(vec![self.clone()]),
            Link::Cluster(cluster) => cluster.servers().await,
        }
    }
}

/// Makes words a command.
pub(super) fn command(words: &[Vec<u8>]) -> Cmd {
    let mut command = Cmd::new();
    for word in words {
        command.arg(word.as_slice());
    }
    command
}

/// Makes a text's words bytes.
pub(super) fn bytes<'w>(words: impl IntoIterator<Item = &'w str>) -> Words {
    words.into_iter().map(|word| word.as_bytes().to_vec()).collect()
}
