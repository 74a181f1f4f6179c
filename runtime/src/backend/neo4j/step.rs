//! What code on Neo4j is handed.

use super::bolt::{Answer, Connection, Limits, Refused, Request, closed};
use super::connect::{Address, reach};
use super::heartbeat::Lease;
use super::value::Neo4jValue;
use super::{indexes, lease};
use crate::error::{Error, Kind, Result, ServerError, ServerErrorClass as Class};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// Is lent to a Neo4j migration's Rust code: a connection on which the migration's transaction is open.
///
/// What [`run`](Self::run) and [`fetch`](Self::fetch) send belongs to that transaction, with the ledger's row. In a migration with
/// `transaction = false` each statement runs by itself, and [`in_batches`](Self::in_batches) has transactions of its own.
///
/// # Examples
/// ```
/// use whimbrel::Neo4jStep;
///
/// async fn up(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
///     let rows = neo4j.fetch("MATCH (u:User) WHERE u.plan = $plan RETURN u.name", &[("plan", "trial".into())]).await?;
///     for row in &rows {
///         let name = row[0].as_text().unwrap_or_default();
///         neo4j.run("CREATE (:Letter {to: $name})", &[("name", name.into())]).await?;
///     }
///     Ok(())
/// }
/// # let _ = up;
/// ```
#[derive(Debug)]
pub struct Neo4jStep {
    connection: Option<Connection>,
    pub(super) address: Address,
    pub(super) transaction: Transaction,
    pub(super) lease: Option<Arc<Lease>>,
    /// The limit of what runs by itself, in milliseconds.
    pub(super) limit: Option<i64>,
}

/// Says whether a transaction is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transaction {
    None,
    Open,
    /// A statement was refused, and it was rolled back.
    Failed,
}

/// Gives no parameters.
pub(super) fn none() -> Neo4jValue {
    Neo4jValue::Map(std::collections::BTreeMap::new())
}

impl Neo4jStep {
    /// Opens a connection, for work besides migrations or to be handed to [`Databases`](crate::Databases).
    ///
    /// # Errors
    /// A wrong URL, a server that does not answer, refused credentials, a missing database.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::open("neo4j", url).await
    }

    pub(super) async fn open(database: &str, url: &str) -> Result<Self> {
        let (connection, address) = reach(database, url).await?;
        let (transaction, lease) = (Transaction::None, None);
        Ok(Self { connection: Some(connection), address, transaction, lease, limit: None })
    }

    /// Sends a statement.
    ///
    /// # Errors
    /// What the server says of it; a transaction is rolled back then, and takes no more.
    pub async fn run(&mut self, cypher: &str, parameters: &[(&str, Neo4jValue)]) -> Result<()> {
        let before = indexes::before(self, cypher).await.map_err(failed)?;
        self.one(cypher, parameters, false).await.map_err(failed)?;
        indexes::wait(self, before).await.map_err(failed)
    }

    /// Sends a statement and gives its rows, each with its values in the order of `RETURN`.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub async fn fetch(&mut self, cypher: &str, parameters: &[(&str, Neo4jValue)]) -> Result<Vec<Vec<Neo4jValue>>> {
        self.one(cypher, parameters, true).await.map(|answer| answer.rows).map_err(failed)
    }

    /// Repeats a statement, each time in a transaction of its own, until it says that it has changed nothing; gives how much it changed.
    ///
    /// It finds at most `$batch` things that are still to be changed, changes them, and returns how many. So a run that dies leaves what
    /// is done, and the same call goes on from there; one that has lost its lease stops before the next batch.
    ///
    /// # Errors
    /// Those of [`run`](Self::run); an open transaction, for that is for `transaction = false`; a statement that returns no number.
    ///
    /// # Examples
    /// ```
    /// use whimbrel::Neo4jStep;
    ///
    /// /// Belongs to a migration with `transaction = false`.
    /// async fn up(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    ///     let scored = "MATCH (u:User) WHERE u.score IS NULL WITH u LIMIT $batch SET u.score = 0 RETURN count(u)";
    ///     neo4j.in_batches(scored, &[], 1000).await?;
    ///     Ok(())
    /// }
    /// # let _ = up;
    /// ```
    pub async fn in_batches(&mut self, cypher: &str, parameters: &[(&str, Neo4jValue)], size: u32) -> Result<u64> {
        if self.transaction != Transaction::None {
            return Err(Error::new(
                "batches have transactions of their own, and one is open here; write `transaction = false`",
            ));
        }
        let mut parameters = parameters.to_vec();
        parameters.push(("batch", size.max(1).into()));
        let mut all = 0;
        loop {
            let changed = self.batch(cypher, &parameters).await?;
            if changed == 0 {
                return Ok(all);
            }
            all += changed;
            tracing::debug!(changed, all, "batch done");
        }
    }

    /// Does one batch: behind the fence, so that nobody is at it who has lost the lease.
    async fn batch(&mut self, cypher: &str, parameters: &[(&str, Neo4jValue)]) -> Result<u64> {
        let mut requests = vec![Request::Begin { limits: Limits { milliseconds: self.limit, shown: None } }];
        requests.extend(self.lease.as_ref().map(|held| request(&lease::pass(&held.ledger, &held.run), &[], true)));
        let fenced = requests.len();
        requests.push(request(cypher, parameters, true));
        let (answers, refused) = self.send(&requests).await;
        let held = answers.iter().take(fenced).try_for_each(super::check_held);
        let refused = held.err().or(refused.map(|refused| refused.error));
        if let Some(error) = refused {
            self.roll_back().await;
            return Err(failed(error));
        }
        let row = answers.last().map(|answer| answer.rows.as_slice()).unwrap_or_default();
        let changed = match row {
            [row] => row.first().and_then(Neo4jValue::as_integer).and_then(|changed| u64::try_from(changed).ok()),
            // `count` without a row to count is 0; a statement that groups gives none.
            [] => Some(0),
            _ => None,
        };
        let Some(changed) = changed else {
            self.roll_back().await;
            return Err(Error::new(
                "a statement that is repeated in batches returns one number: how much it has changed",
            ));
        };
        match self.send(&[Request::Commit]).await.1 {
            None => Ok(changed),
            Some(refused) => Err(failed(refused.error)),
        }
    }

    /// Sends one statement, in the open transaction or by itself.
    pub(super) async fn one(
        &mut self,
        cypher: &str,
        parameters: &[(&str, Neo4jValue)],
        rows: bool,
    ) -> Result<Answer, ServerError> {
        let mut request = request(cypher, parameters, rows);
        if let (Transaction::None, Request::Run { limits, .. }) = (self.transaction, &mut request) {
            *limits = Some(Limits { milliseconds: self.limit, shown: None });
        }
        match self.send(&[request]).await {
            (mut answers, None) => Ok(answers.pop().unwrap_or_default()),
            (_, Some(refused)) => Err(refused.error),
        }
    }

    /// Sends requests, unless the lease is lost before they are answered.
    pub(super) async fn send(&mut self, requests: &[Request]) -> (Vec<Answer>, Option<Refused>) {
        let refuse = |error| (Vec::new(), Some(Refused { request: 0, error }));
        let ends = matches!(requests.first(), Some(Request::Rollback));
        if self.transaction == Transaction::Failed && !ends {
            let message = "a statement before it was refused, and the transaction rolled back";
            return refuse(ServerError { class: Class::TransactionFailed, ..ServerError::other(message) });
        }
        let Some(connection) = &mut self.connection else { return refuse(closed()) };
        let lease = self.lease.clone();
        let sent = {
            let mut sending = pin!(connection.send(requests));
            let mut losing = pin!(async {
                match lease {
                    Some(lease) => lease.lost().await,
                    None => std::future::pending().await,
                }
            });
            let both = std::future::poll_fn(|context| match losing.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(None),
                Poll::Pending => sending.as_mut().poll(context).map(Some),
            });
            both.await
        };
        let Some((answers, refused)) = sent else {
            // What is still going on there is ended with the connection.
            self.close();
            return refuse(lease_lost());
        };
        for request in requests.iter().take(answers.len()) {
            self.transaction = match request {
                Request::Begin { .. } => Transaction::Open,
                Request::Commit | Request::Rollback => Transaction::None,
                Request::Run { .. } => self.transaction,
            };
        }
        if let Some(refused) = &refused {
            if refused.error.is(Class::ConnectionLost) {
                self.close();
            } else if matches!(requests.get(refused.request), Some(Request::Commit | Request::Rollback)) {
                self.transaction = Transaction::None;
            } else if self.transaction == Transaction::Open {
                self.transaction = Transaction::Failed;
            }
        }
        (answers, refused)
    }

    /// Leaves no transaction open.
    pub(super) async fn roll_back(&mut self) {
        if self.transaction == Transaction::Open {
            // What fails here is a connection that is lost, and has rolled back by itself.
            let _ = self.send(&[Request::Rollback]).await;
        }
        self.transaction = Transaction::None;
    }

    pub(super) fn close(&mut self) {
        self.connection = None;
        self.transaction = Transaction::None;
    }
}

/// Writes a request for a statement in a transaction.
pub(super) fn request(cypher: &str, parameters: &[(&str, Neo4jValue)], rows: bool) -> Request {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Request::Run { text: cypher.to_owned(), parameters: Neo4jValue::Map(parameters), rows, limits: None }
}

pub(super) fn lease_lost() -> ServerError {
    let message = "the lease ran out, and somebody else has taken it over; nothing was changed";
    ServerError { class: Class::LeaseLost, ..ServerError::other(message) }
}

fn failed(error: ServerError) -> Error {
    Error::from(Kind::Author { message: "a query failed".into() }).caused_by(error)
}
