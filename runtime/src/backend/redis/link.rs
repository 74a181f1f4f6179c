//! The connection, which never reconnects by itself: what was sent and not answered may have been done.

use super::answer::Answer;
use super::line::Words;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, Value};

/// Reaches a server. Clones share its connection, and keep the order in which they send.
#[derive(Debug, Clone)]
pub(super) struct Link {
    connection: MultiplexedConnection,
}

impl Link {
    pub(super) fn new(connection: MultiplexedConnection) -> Self {
        Self { connection }
    }

    /// Lends the connection.
    pub(super) fn connection(&mut self) -> &mut MultiplexedConnection {
        &mut self.connection
    }

    /// Sends a command.
    pub(super) async fn send(&self, words: &[Vec<u8>]) -> Answer<Value> {
        Ok(command(words).query_async(&mut self.connection.clone()).await?)
    }

    /// Sends a command that is done only if nothing that is watched has changed: none where something has.
    pub(super) async fn send_unchanged(&self, words: &[Vec<u8>]) -> Answer<Option<Value>> {
        let mut pipeline = Pipeline::new();
        pipeline.atomic().add_command(command(words));
        match pipeline.query_async(&mut self.connection.clone()).await? {
            Value::Array(mut answers) if answers.len() == 1 => Ok(answers.pop()),
            _ => Ok(None),
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
