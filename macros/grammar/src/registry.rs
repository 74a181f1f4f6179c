//! The databases that `registry! { main: Postgres, cache: Sqlite }` declares.

use crate::expression::split_commas;
use crate::item::is_punct;
use crate::language::Language;
use crate::mistake::Mistake;
use crate::names::nearest;
use proc_macro2::{Span, TokenStream, TokenTree};

/// Stands for every database: `#[migration(on = all)]`.
pub const ALL: &str = "all";

/// A server that migrations are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// Redis and Valkey.
    Redis,
    /// Neo4j.
    Neo4j,
    /// MongoDB.
    Mongodb,
}

impl DatabaseKind {
    /// Every kind that a registry can declare, with the name that it is declared by.
    pub const ALL: [(&'static str, DatabaseKind); 6] = [
        ("Sqlite", DatabaseKind::Sqlite),
        ("Postgres", DatabaseKind::Postgres),
        ("Mysql", DatabaseKind::Mysql),
        ("Redis", DatabaseKind::Redis),
        ("Neo4j", DatabaseKind::Neo4j),
        ("Mongodb", DatabaseKind::Mongodb),
    ];

    /// Gives the name that it is declared by.
    pub const fn name(self) -> &'static str {
        match self {
            DatabaseKind::Sqlite => "Sqlite",
            DatabaseKind::Postgres => "Postgres",
            DatabaseKind::Mysql => "Mysql",
            DatabaseKind::Redis => "Redis",
            DatabaseKind::Neo4j => "Neo4j",
            DatabaseKind::Mongodb => "Mongodb",
        }
    }

    /// Gives the language that its scripts are written in.
    pub const fn language(self) -> Language {
        match self {
            DatabaseKind::Sqlite | DatabaseKind::Postgres | DatabaseKind::Mysql => Language::Sql,
            DatabaseKind::Redis => Language::Redis,
            DatabaseKind::Neo4j => Language::Cypher,
            DatabaseKind::Mongodb => Language::Mongodb,
        }
    }

    /// Tells whether its scripts are SQL.
    pub const fn is_sql(self) -> bool {
        matches!(self.language(), Language::Sql)
    }
}

/// The databases in the order in which they are declared, unique by name; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Databases(pub Vec<(String, DatabaseKind)>);

impl Default for Databases {
    fn default() -> Self {
        Databases(vec![("main".to_owned(), DatabaseKind::Sqlite)])
    }
}

impl Databases {
    /// Reads what stands between the braces of `registry!`.
    pub fn read(stream: TokenStream) -> (Databases, Vec<Mistake<Span>>) {
        let mut databases: Vec<(String, DatabaseKind)> = Vec::new();
        let mut mistakes = Vec::new();
        for part in split_commas(stream) {
            match entry(&part) {
                Ok((name, _, place)) if databases.iter().any(|(known, _)| *known == name) => {
                    mistakes.push(Mistake::new(place, format!("database `{name}` is declared twice")));
                }
                Ok((name, kind, _)) => databases.push((name, kind)),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let databases = if databases.is_empty() { Databases::default() } else { Databases(databases) };
        (databases, mistakes)
    }
}

fn entry(part: &[TokenTree]) -> Result<(String, DatabaseKind, Span), Mistake<Span>> {
    let [TokenTree::Ident(name), colon, TokenTree::Ident(kind)] = part else {
        let place = part.first().map_or_else(Span::call_site, TokenTree::span);
        return Err(Mistake::new(place, "a database is declared by its name and its kind").help("write `main: Sqlite`"));
    };
    if !is_punct(Some(colon), ':') {
        return Err(Mistake::new(colon.span(), "a database's name and kind are joined by `:`")
            .help(format!("write `{name}: {kind}`")));
    }
    if name == ALL {
        return Err(Mistake::new(name.span(), "no database can be named `all`")
            .help("`on = all` means every database: give it a name of its own"));
    }
    let text = kind.to_string();
    let names = DatabaseKind::ALL.map(|(name, _)| name);
    let meant = match text.to_lowercase().as_str() {
        "postgresql" | "pg" | "timescaledb" => Some("Postgres"),
        "sqlite3" => Some("Sqlite"),
        "mariadb" => Some("Mysql"),
        "valkey" => Some("Redis"),
        "mongo" => Some("Mongodb"),
        _ => nearest(&text, names),
    };
    DatabaseKind::ALL
        .iter()
        .find(|(known, _)| *known == text)
        .map(|(_, kind)| (name.to_string(), *kind, name.span()))
        .ok_or_else(|| {
            let help = meant.map(|meant| format!("did you mean `{meant}`?"));
            Mistake::new(kind.span(), format!("unknown kind of database `{text}`")).help(
                help.unwrap_or_else(|| format!("the kinds are {}", names.map(|name| format!("`{name}`")).join(", "))),
            )
        })
}
