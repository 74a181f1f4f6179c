//! Where each database is: `--url`, then the environment, then the program's default.

use super::failure::Usage;
use crate::databases::{Urls, redact};
use crate::nearest::nearest;
use crate::registry::Registry;
use std::collections::BTreeMap;

/// Puts the flags before what the environment says, and the defaults after it.
pub(super) fn urls(
    registry: &Registry,
    flags: &[String],
    environment: Urls,
    defaults: &BTreeMap<&'static str, String>,
) -> Result<Urls, Usage> {
    let mut urls = environment;
    for (name, url) in named(registry, flags)? {
        urls.set(name, url);
    }
    for (name, url) in defaults {
        if !urls.tells_of(name) {
            urls.set(*name, url);
        }
    }
    Ok(urls)
}

fn named(registry: &Registry, flags: &[String]) -> Result<BTreeMap<&'static str, String>, Usage> {
    let names = || registry.databases().iter().map(|database| database.name());
    let mut urls = BTreeMap::new();
    for flag in flags {
        let (name, url) = match flag.split_once('=').filter(|(name, _)| is_name(name)) {
            Some((typed, url)) => {
                let Some(database) = registry.database(typed) else {
                    let help = match nearest(typed, names()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the databases are {}", list(names())),
                    };
                    return Err(Usage::new(format!("there is no database `{typed}`"), help));
                };
                (database.name(), url)
            }
            None => match registry.databases() {
                [only] => (only.name(), flag.as_str()),
                _ => {
                    let message = format!("`--url` doesn't say for which database; there are {}", list(names()));
                    let name = names().next().unwrap_or("main");
                    return Err(Usage::new(message, format!("write `--url {name}=URL`")));
                }
            },
        };
        if urls.insert(name, url.to_owned()).is_some() {
            return Err(Usage::new(format!("`--url` is given twice for `{name}`"), "leave one out"));
        }
    }
    Ok(urls)
}

/// Tells a name before the `=` from a URL that has one in it.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Takes the passwords out of all URLs in a text.
pub(super) fn without_passwords(text: &str) -> String {
    let words = text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '\'' | '`'));
    words.map(|word| if word.contains("://") { redact(word) } else { word.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{urls, without_passwords};
    use crate::databases::Urls;
    use crate::registry::{Database, DatabaseKind, Registry};
    use std::collections::BTreeMap;

    const fn database(name: &'static str) -> Database {
        Database { name, kind: DatabaseKind::Sqlite, digest: "", catalog: "" }
    }
    static ONE: Registry = Registry { databases: &[database("main")], ..Registry::EMPTY };
    static TWO: Registry = Registry { databases: &[database("main"), database("cache")], ..Registry::EMPTY };

    fn find(registry: &Registry, flags: &[&str], environment: Urls) -> Result<String, String> {
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let defaults = BTreeMap::from([("main", "default".to_owned())]);
        let found = urls(registry, &flags, environment, &defaults);
        found
            .map(|urls| urls.get("main").unwrap_or_default().into())
            .map_err(|usage| format!("{}\n{}", usage.message, usage.help))
    }

    #[test]
    fn the_strongest_wins() {
        let environment = || Urls::new().with("main", "environment");
        assert_eq!(find(&ONE, &["flag"], environment()), Ok("flag".into()));
        assert_eq!(find(&ONE, &["main=flag"], environment()), Ok("flag".into()));
        assert_eq!(find(&ONE, &[], environment()), Ok("environment".into()));
        assert_eq!(find(&ONE, &[], Urls::new()), Ok("default".into()));
    }

    #[test]
    fn an_equals_sign_in_a_url_is_no_name() {
        let url = "postgres://h/db?options=-csearch_path=cm";
        assert_eq!(find(&ONE, &[url], Urls::new()), Ok(url.into()));
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(
            find(&TWO, &["cach=x"], Urls::new()),
            Err("there is no database `cach`\ndid you mean `cache`?".into())
        );
        assert_eq!(
            find(&TWO, &["sqlite:x"], Urls::new()),
            Err("`--url` doesn't say for which database; there are `main`, `cache`\nwrite `--url main=URL`".into())
        );
        assert_eq!(
            find(&ONE, &["a", "main=b"], Urls::new()),
            Err("`--url` is given twice for `main`\nleave one out".into())
        );
    }

    #[test]
    fn a_password_is_not_shown() {
        let text = "unexpected argument 'postgres://ada:p@ss/w:rd@host:5432/db' found; see http://h:1";
        let shown = "unexpected argument 'postgres://ada:***@host:5432/db' found; see http://h:1";
        assert_eq!(without_passwords(text), shown);
    }
}
