//! The registry: its code, which `registry!` includes, and the listing of the chain, which the code includes.
//!
//! ```text
//! pub static MIGRATIONS: ::whimbrel::Registry = { use ::whimbrel::__private::*;
//!     static LISTING: Listing = Listing::new((1, 12345), include_str!("registry.txt"), &[
//!         RustWork::Sqlite(self::release_1_0::m0001_init::__up),
//!     ], &[]);
//!     Registry {
//!         name: "app", app_version: "0.1.0", digest: "…",
//!         databases: &[Database { name: "main", kind: DatabaseKind::Sqlite, digest: "…", catalog: "" }],
//!         migrations: Migrations::Listed(&LISTING),
//!     }
//! };
//! ```

use crate::catalog::table_lines;
use crate::check::{Facts, Report, database};
use crate::listing::{self, FORMAT};
use crate::sort;
use crate::source::{Declaration, Files, Part, Set};
use crate::sql::text_checksum;
use std::fmt::Write;
use whimbrel_grammar::{DatabaseKind, Id};

/// Names the package that the registry is for.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// A registry as it is written to `$OUT_DIR`.
pub(crate) struct Registry {
    /// The code, in `registry.rs`.
    pub(crate) code: String,
    /// The listing, in `registry.txt` beside it.
    pub(crate) listing: String,
}

/// Writes the registry of a set that was checked.
pub(crate) fn registry(package: &Package, set: &Set, report: &Report<'_>, files: &Files) -> Registry {
    let sound = report.errors() == 0;
    let chain: Vec<(&Declaration, &Facts)> =
        report.chain.iter().copied().zip(&report.facts).filter(|_| sound).collect();
    let listing = listing::list(set, &chain, files);
    let digest = |wanted: &dyn Fn(&Declaration) -> bool| {
        let mut lines = Vec::new();
        for (declaration, facts) in chain.iter().filter(|(declaration, _)| wanted(declaration)) {
            facts
                .replaces
                .iter()
                .for_each(|part| part.each(&mut |part| lines.push((&part.id, part.checksum.as_str()))));
            lines.push((&declaration.id.text, checksum(declaration, facts)));
        }
        if chain.iter().any(|(_, facts)| !facts.replaces.is_empty()) {
            sort::by_key(&mut lines, |(id, _)| (Id::parse(id).map_or(0, |id| id.number), (*id).clone()));
        }
        let lines: Vec<String> = lines.into_iter().map(|(id, checksum)| format!("{id} {checksum}")).collect();
        text_checksum(&lines.join("\n"))
    };
    let whole = digest(&|_| true);
    let mut code = String::new();
    for (name, kind) in DatabaseKind::ALL {
        if set.databases.0.iter().any(|(_, declared)| *declared == kind) {
            let _ = writeln!(code, "::whimbrel::__require_{}!();", name.to_lowercase());
        }
    }
    for (kind, feature, is_there) in [
        (DatabaseKind::Mysql, "mysql", cfg!(feature = "mysql")),
        (DatabaseKind::Redis, "redis", cfg!(feature = "redis")),
        (DatabaseKind::Neo4j, "neo4j", cfg!(feature = "neo4j")),
        (DatabaseKind::Mongodb, "mongodb", cfg!(feature = "mongodb")),
    ] {
        if !is_there && set.databases.0.iter().any(|(_, declared)| *declared == kind) {
            let _ = writeln!(
                code,
                "::core::compile_error!(\"the registry declares a {} database, but whimbrel-build was built without its feature `{feature}`, \
                 so its migrations are not proved; in Cargo.toml: whimbrel-build = {{ version = \\\"0.1\\\", features = [\\\"{feature}\\\"] }}\");",
                kind.name()
            );
        }
    }
    let _ = writeln!(
        code,
        "/// Every migration of this package, in order.\n#[allow(unreachable_pub, clippy::all, clippy::pedantic)]\n\
         pub static MIGRATIONS: ::whimbrel::Registry = {{ use ::whimbrel::__private::*;\n\
         static LISTING: Listing = Listing::new(({FORMAT}, {}), include_str!(\"registry.txt\"), &[\n{}], &[\n{}]);",
        listing.text.len(),
        listing.works.iter().map(|work| format!("{work},\n")).collect::<String>(),
        listing.checks.iter().map(|check| format!("{check},\n")).collect::<String>(),
    );
    let _ = write!(
        code,
        "Registry {{ name: {:?}, app_version: {:?}, digest: {whole:?}, databases: &[",
        package.name, package.version
    );
    for (name, kind) in &set.databases.0 {
        let digest = match set.databases.0.len() {
            1 => whole.clone(),
            _ => digest(&|d| database(set, d).is_some_and(|(of, _)| of == name)),
        };
        let is_wanted = sound && *kind == DatabaseKind::Postgres;
        let followed = report.catalogs.iter().find(|followed| is_wanted && followed.database == *name);
        let catalog = followed.and_then(|followed| table_lines(&followed.catalog)).unwrap_or_default();
        let _ = write!(
            code,
            "Database {{ name: {name:?}, kind: DatabaseKind::{}, digest: {digest:?}, catalog: {catalog:?} }}, ",
            kind.name()
        );
    }
    code.push_str("], migrations: Migrations::Listed(&LISTING) } };\n");
    Registry { code, listing: listing.text }
}

/// Gives the checksum of what applying does.
pub(crate) fn checksum<'a>(declaration: &'a Declaration, facts: &'a Facts) -> &'a str {
    match &declaration.up {
        Part::Rust(function) => &function.checksum,
        Part::Script(_) => facts.up.as_ref().map_or("", |facts| &facts.checksum),
    }
}

/// Gives the checksum of what rolling back does.
pub(crate) fn down_checksum<'a>(declaration: &'a Declaration, facts: &'a Facts) -> Option<&'a str> {
    match &declaration.down {
        Some(Part::Rust(function)) => Some(&function.checksum),
        _ => facts.down.as_ref().map(|facts| facts.checksum.as_str()),
    }
}

/// Lists what a rollback may lose; Rust code may lose anything.
pub(crate) fn loses(declaration: &Declaration, facts: &Facts) -> Vec<String> {
    match &declaration.down {
        Some(Part::Rust(_)) => vec!["runs Rust code".to_owned()],
        _ => facts.down.as_ref().map(|facts| facts.loses.clone()).unwrap_or_default(),
    }
}
