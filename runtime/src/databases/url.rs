//! Where the databases are: from flags, or from the environment.

use crate::error::{Kind, Result};
use crate::registry::{Database, Registry};
use std::collections::BTreeMap;
use std::fmt;

/// Holds a URL for each database by its declared name. Shown without passwords.
#[derive(Clone, Default)]
pub struct Urls {
    urls: BTreeMap<String, String>,
    /// Why there is none although a variable is set: an error where the database is opened, and none has come instead.
    unusable: BTreeMap<String, String>,
}

impl Urls {
    /// Begins with none.
    pub fn new() -> Self {
        Self::default()
    }
    /// Reads the environment: `<NAME>_URL` for each database, `DATABASE_URL` for the first where it has none.
    ///
    /// A variable that is empty or not UTF-8 is an error when the database is opened, unless it is [`set`](Self::set).
    pub fn from_env(registry: &Registry) -> Self {
        let mut urls = Self::new();
        for database in registry.databases() {
            let found =
                variables(registry, database).into_iter().find_map(|name| Some((std::env::var_os(&name)?, name)));
            let Some((url, variable)) = found else { continue };
            match url.into_string() {
                Ok(url) if !url.is_empty() => urls.set(database.name(), url),
                url => {
                    let what = if url.is_ok() { "is empty" } else { "is not UTF-8" };
                    let reason = format!("the environment variable {variable} {what}; correct it, or unset it");
                    urls.unusable.insert(database.name().into(), reason);
                }
            }
        }
        urls
    }
    /// Adds or replaces one.
    #[must_use]
    pub fn with(mut self, database: impl Into<String>, url: impl Into<String>) -> Self {
        self.set(database, url);
        self
    }
    /// Adds or replaces one.
    pub fn set(&mut self, database: impl Into<String>, url: impl Into<String>) {
        let database = database.into();
        self.unusable.remove(&database);
        self.urls.insert(database, url.into());
    }
    /// Gives the URL of a database, with its password.
    pub fn get(&self, database: &str) -> Option<&str> {
        self.urls.get(database).map(String::as_str)
    }
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.urls.keys().map(String::as_str)
    }
    /// Tells whether anything was said about a database, be it unusable.
    #[cfg(feature = "cli")]
    pub(crate) fn tells_of(&self, database: &str) -> bool {
        self.urls.contains_key(database) || self.unusable.contains_key(database)
    }
    pub(crate) fn require(&self, registry: &Registry, database: &Database) -> Result<&str> {
        self.get(database.name()).ok_or_else(|| {
            let name = database.name().to_owned();
            let kind = match self.unusable.get(database.name()) {
                Some(reason) => Kind::InvalidUrl { database: name, reason: reason.clone() },
                None => Kind::NoUrl { database: name, variables: variables(registry, database) },
            };
            kind.into()
        })
    }
}

impl fmt::Debug for Urls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.urls.iter().map(|(name, url)| (name, redact(url)))).finish()
    }
}

fn variables(registry: &Registry, database: &Database) -> Vec<String> {
    let own = format!("{}_URL", database.name().to_uppercase().replace('-', "_"));
    let first = registry.databases().first().is_some_and(|first| first.name() == database.name());
    if first { vec![own, "DATABASE_URL".into()] } else { vec![own] }
}

/// Takes the password out of a URL. Where it is not clear how far one goes, more is hidden.
pub fn redact(url: &str) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ => part.to_owned(),
    };
    let shown = url.split('&').map(part).collect::<Vec<_>>().join("&");
    let Some((scheme, rest)) = shown.split_once("://") else {
        // No URL, and perhaps what was meant for one: a file's name says nothing of passwords.
        let tells = url.contains('@') || url.to_ascii_lowercase().contains("pass");
        let (start, _) = url.split_once([':', '/', '=']).unwrap_or_default();
        return if tells { format!("{start}:***") } else { shown };
    };
    if url.contains('@') && !shown.contains('@') {
        return format!("{scheme}://***");
    }
    // Up to the last `@`: a password may contain one, or a `?`, that nobody encoded.
    match rest.rsplit_once('@').map(|(user, host)| (user.split_once(':'), host)) {
        Some((Some((user, _)), host)) => format!("{scheme}://{user}:***@{host}"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Urls, redact};

    #[test]
    fn no_password_is_shown() {
        assert_eq!(redact("postgres://ann:s3cret@db:5432/app"), "postgres://ann:***@db:5432/app");
        assert_eq!(redact("postgres://ann:p@ss/w@db/app"), "postgres://ann:***@db/app");
        assert_eq!(redact("postgres://db/app?user=ann&password=s3cret"), "postgres://db/app?user=ann&password=***");
        assert_eq!(redact("postgres://ann:a?b@db/app"), "postgres://ann:***@db/app");
        assert_eq!(redact("postgres://db:5432/app?a=b&password=s@cret"), "postgres://***");
        assert_eq!(redact("postgres://ann:xpassword=y@db/app"), "postgres://***");
        assert_eq!(redact("postgres://ann@db/app"), "postgres://ann@db/app");
        assert_eq!(redact("sqlite:app.db"), "sqlite:app.db");
        assert_eq!(redact("redis+unix:///tmp/s.sock?db=0&pass=s3cret"), "redis+unix:///tmp/s.sock?db=0&pass=***");
        for wrong in [
            "redis:u:s3cret@host",
            "redis:/u:s3cret@h",
            "redis//u:s3cret@h",
            "u:s3cret@host:6379",
            "host=h password=s3cret",
        ] {
            assert!(!redact(wrong).contains("s3cret"), "{}", redact(wrong));
        }
        let urls = Urls::new().with("main", "postgres://ann:s3cret@db/app");
        assert!(!format!("{urls:?}").contains("s3cret"));
    }
}
