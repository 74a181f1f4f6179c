//! The queries that the compiler's catalog is tested with, each held against what a PostgreSQL says of it.

use std::path::Path;
use whimbrel::sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use whimbrel::sqlx::{AssertSqlSafe, Connection, Error, PgConnection, raw_sql};
use whimbrel_tests::Server;

fn read(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../build-support/src/catalog/resolve/tests");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// Gives the queries of a file. What is copied to a client isn't for `raw_sql`.
fn queries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with("--") && !line.starts_with("COPY") && !line.is_empty())
}

async fn server() -> (Server, PgConnection) {
    let server = Server::postgres("15").await;
    server.run(&read("schema.sql")).await;
    let connection = PgConnection::connect(server.url()).await.unwrap();
    (server, connection)
}

/// Runs a query and takes back what it did.
async fn answer(connection: &mut PgConnection, query: &str) -> Result<(), Error> {
    let mut transaction = connection.begin().await?;
    let answer = raw_sql(AssertSqlSafe(query.to_owned())).execute(&mut *transaction).await;
    transaction.rollback().await?;
    answer.map(drop)
}

#[tokio::test]
async fn what_is_accepted_there_is_accepted_here() {
    let (_server, mut connection) = server().await;
    let text = read("accepted.sql");
    let mut refused = Vec::new();
    for query in queries(&text) {
        if let Err(error) = answer(&mut connection, query).await {
            refused.push(format!("{query}: {error}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn what_is_refused_there_is_refused_here_at_the_same_place() {
    let (_server, mut connection) = server().await;
    let text = read("refused.sql");
    let mut wrong = Vec::new();
    for query in queries(&text) {
        let marked = query.find('«').unwrap();
        let bare = query.replace(['«', '»'], "");
        let place = match answer(&mut connection, &bare).await {
            Ok(()) => {
                wrong.push(format!("{query}: accepted"));
                continue;
            }
            Err(Error::Database(error)) => match error.downcast_ref::<PgDatabaseError>().position() {
                Some(PgErrorPosition::Original(place)) => place - 1,
                // In a function's body, or nowhere: the message has to name it.
                _ => continue,
            },
            Err(error) => panic!("{query}: {error}"),
        };
        // The server shows the beginning of a dotted or quoted name, of a list of values, and of what stands in parentheses.
        let before = bare[..marked].trim_end_matches(|c: char| c.is_alphanumeric() || "._\"'(".contains(c)).len();
        let is_counted = bare[marked..].starts_with("VALUES") || bare[marked..].starts_with("SELECT");
        if !is_counted && !(before..=marked).contains(&place) {
            wrong.push(format!("{query}: at `{}`", &bare[place..]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
