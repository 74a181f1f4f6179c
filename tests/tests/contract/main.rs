//! One suite for every SQL database: what a user may rely on, whichever server is behind it.
//!
//! Each test runs on SQLite, on PostgreSQL 12, 15 and 18 and on MariaDB, on a database of its own; on MySQL where there is a
//! server, which is not to be had everywhere: `tests/run` says so.

mod adopting;
mod applying;
mod checks;
mod damage;
mod failing;
mod findings;
mod half_rolled_back;
mod planned;
mod ready;
mod rehearsing;
mod rolling_back;
mod rust_code;
mod squashing;
mod statements;
mod targets;
mod version_tables;

use std::future::Future;
use std::pin::Pin;
use whimbrel::{Access, DatabaseKind, Databases, Migrator, Registry, Report, Result, Target};
use whimbrel_tests::{Chain, Server};

/// Makes a test of each function for each server.
macro_rules! contract {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $test() { super::$test(&whimbrel_tests::Server::sqlite()).await; })*
        }
        mod postgres_12 {
            $(#[tokio::test] async fn $test() { super::$test(&whimbrel_tests::Server::postgres("12").await).await; })*
        }
        mod postgres_15 {
            $(#[tokio::test] async fn $test() { super::$test(&whimbrel_tests::Server::postgres("15").await).await; })*
        }
        mod postgres_18 {
            $(#[tokio::test] async fn $test() { super::$test(&whimbrel_tests::Server::postgres("18").await).await; })*
        }
        whimbrel_tests::on_each_mysql!($($test),*);
    };
}
use contract;

/// Opens a server's database for writing.
async fn open(server: &Server, registry: &Registry) -> Databases {
    server.open(registry, Access::ReadWrite).await.unwrap()
}

/// Applies everything, as an application does at start-up.
async fn apply(server: &Server, registry: &'static Registry) -> Result<Report> {
    whimbrel::apply(registry, &mut open(server, registry).await).await
}

/// Applies up to a target.
async fn apply_to(server: &Server, registry: &'static Registry, target: Target) -> Result<Report> {
    Migrator::new(registry).apply(&mut open(server, registry).await, &target).await
}

/// Rolls back to a target.
async fn roll_back(server: &Server, registry: &'static Registry, target: Target) -> Result<Report> {
    Migrator::new(registry).rollback(&mut open(server, registry).await, &target).await
}

/// Lists what was done.
fn ids(report: &Report) -> Vec<&'static str> {
    report.done.iter().map(|outcome| outcome.id).collect()
}

/// Lists what the ledger says is applied.
async fn applied(server: &Server) -> Vec<String> {
    server.column("SELECT id FROM whimbrel_history WHERE registry = 'chain' ORDER BY ordinal").await
}

/// Lists what has happened, as the ledger tells it. What changes a schema is noted on MySQL before and after, which is no part of
/// this list: see [`notes`].
async fn events(server: &Server) -> Vec<String> {
    let mut all = notes(server).await;
    if !rolls_back(server) {
        all.retain(|event| ![" started", " statement"].iter().any(|end| event.ends_with(end)));
    }
    all
}

/// Tells whether a transaction takes back what was made in it.
fn rolls_back(server: &Server) -> bool {
    server.kind() != DatabaseKind::Mysql
}

/// Lists what has happened, the notes of a migration without a transaction included.
async fn notes(server: &Server) -> Vec<String> {
    server.column("SELECT id || ' ' || event FROM whimbrel_events WHERE registry = 'chain' ORDER BY seq").await
}

/// Names the tables that are left of a migration that failed after it had made this one.
fn left_of<'t>(server: &Server, made: &'t str, others: &[&'t str]) -> Vec<&'t str> {
    let mut left = others.to_vec();
    left.extend((!rolls_back(server)).then_some(made));
    left.sort_unstable();
    left
}

/// A chain of three: users, books, loans.
fn library(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add(
            "0001_users",
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
                "INSERT INTO users VALUES (1, 'Ada; the first')",
            ],
        )
        .down(&["DROP TABLE users"])
        .schema(1, 0, 0)
        .add("0002_books", &["CREATE TABLE books (id INTEGER PRIMARY KEY)"])
        .down(&["DROP TABLE books"])
        .add("0003_loans", &["CREATE TABLE loans (id INTEGER PRIMARY KEY)"])
        .down(&["DROP TABLE loans"])
        .schema(1, 1, 0)
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Gives the same code for whichever server it is for: statements, one after the other.
macro_rules! code {
    ($server:expr, |$step:ident| $body:expr) => {
        match $server.kind() {
            whimbrel::DatabaseKind::Sqlite => {
                fn run<'a>($step: &'a mut whimbrel::SqliteStep) -> crate::Boxed<'a, ()> {
                    Box::pin(async move { $body })
                }
                whimbrel::__private::RustWork::Sqlite(run)
            }
            whimbrel::DatabaseKind::Mysql => {
                fn run<'a>($step: &'a mut whimbrel::MysqlStep) -> crate::Boxed<'a, ()> {
                    Box::pin(async move { $body })
                }
                whimbrel::__private::RustWork::Mysql(run)
            }
            _ => {
                fn run<'a>($step: &'a mut whimbrel::PostgresStep) -> crate::Boxed<'a, ()> {
                    Box::pin(async move { $body })
                }
                whimbrel::__private::RustWork::Postgres(run)
            }
        }
    };
}
use code;
