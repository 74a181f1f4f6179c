//! Changes of a column's type: which of them leave the rows as they are.

use super::proof::unwrapped;
use super::situation::Situation;
use crate::catalog::{Column, Type};
use crate::statement::{Expression, TypeName};

/// What a change of type does to the rows and to the indexes on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retyping {
    /// Rows and indexes stay as they are.
    Free,
    /// Rows stay; an index on the column is sorted otherwise, and is built anew.
    Indexes,
    Rewrite,
}

/// Judges a change of a column's type; `None` where the type that it has isn't known.
pub(crate) fn retyping(
    column: &Column,
    to: &TypeName,
    using: Option<&Expression>,
    before: &Situation<'_>,
) -> Option<Retyping> {
    let from = Kind::printed(&column.ty)?;
    let mut steps = Vec::new();
    if let Some(using) = using {
        match casts(&using.text, &column.name) {
            Some(casts) => steps.extend(casts.iter().map(|text| Kind::written(text))),
            None => return Some(Retyping::Rewrite),
        }
    }
    let mut here =
        domain_base(column.own_type.as_deref(), before).map_or(from.clone(), |base| Kind { unbounded: true, ..base });
    let mut worst = Retyping::Free;
    for step in steps {
        worst = worst.and(between(&here, &step, before.utc));
        here = step;
    }
    if let Some((key, found)) = before.own_type(to.schema.as_ref(), &to.name) {
        let Type::Domain(domain) = found else {
            let same = column.own_type.as_deref() == Some(key.as_str()) && from.array == to.array && here == from;
            return Some(if same { worst } else { Retyping::Rewrite });
        };
        if column.own_type.as_deref() == Some(key.as_str()) && from.array == to.array && here.name == base(&domain.base)
        {
            return Some(worst);
        }
        if constrained(&key, before) || to.array {
            return Some(Retyping::Rewrite);
        }
        let base = domain_base(Some(&key), before)?;
        return Some(worst.and(between(&here, &base, before.utc)));
    }
    let to = Kind::of(to);
    // An extension's own types, and others that nobody here has made, are only known to be themselves.
    Some(worst.and(between(&here, &to, before.utc)))
}

impl Retyping {
    /// Gives what both together do.
    pub(crate) fn and(self, other: Retyping) -> Retyping {
        match (self, other) {
            (Retyping::Rewrite, _) | (_, Retyping::Rewrite) => Retyping::Rewrite,
            (Retyping::Indexes, _) | (_, Retyping::Indexes) => Retyping::Indexes,
            _ => Retyping::Free,
        }
    }
}

/// Tells whether a domain, or one that it is made of, refuses some of its base's values.
pub(crate) fn constrained(key: &str, before: &Situation<'_>) -> bool {
    let mut key = key.to_owned();
    // A domain is made of one that was there before it, so this ends; the bound is for catalogs that are wrong.
    for _ in 0..16 {
        let Some(domain) = before.domain(&key) else { return false };
        if domain.not_null || !domain.checks.is_empty() {
            return true;
        }
        match &domain.own_type {
            Some(base) => key = base.clone(),
            None => return false,
        }
    }
    false
}

fn domain_base(own_type: Option<&str>, before: &Situation<'_>) -> Option<Kind> {
    let mut domain = before.domain(own_type?)?;
    for _ in 0..16 {
        match domain.own_type.as_deref().and_then(|base| before.domain(base)) {
            Some(base) => domain = base,
            None => break,
        }
    }
    Kind::printed(&domain.base)
}

fn base(printed: &str) -> String {
    Kind::printed(printed).map(|kind| kind.name).unwrap_or_default()
}

/// A type, its modifiers apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    name: String,
    arguments: Vec<i64>,
    array: bool,
    /// Whether values may be longer than the arguments say: what comes out of a domain has lost them.
    unbounded: bool,
}

impl Kind {
    fn of(ty: &TypeName) -> Kind {
        let arguments = ty.arguments.iter().filter_map(|argument| argument.trim().parse().ok()).collect();
        let name = match &ty.schema {
            Some(schema) => format!("{}.{}", schema.text, ty.name),
            None => ty.name.clone(),
        };
        Kind { name, arguments, array: ty.array, unbounded: false }
    }

    /// Reads what the server prints: `character varying(8)`, `timestamp(3) without time zone`, `text[]`.
    fn printed(text: &str) -> Option<Kind> {
        let (text, array) = match text.trim().strip_suffix("[]") {
            Some(element) => (element.trim_end_matches("[]"), true),
            None => (text.trim(), false),
        };
        if text.is_empty() {
            return None;
        }
        let (name, arguments) = match (text.find('('), text.find(')')) {
            (Some(open), Some(close)) if open < close => {
                let numbers = text[open + 1..close].split(',');
                let numbers = numbers.filter_map(|number| number.trim().parse().ok()).collect();
                (format!("{}{}", text[..open].trim_end(), &text[close + 1..]), numbers)
            }
            _ => (text.to_owned(), Vec::new()),
        };
        Some(Kind { name, arguments, array, unbounded: false })
    }

    /// Reads a type in a cast, under whichever of its names.
    fn written(text: &str) -> Kind {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let kind = Kind::printed(&text);
        let Some(mut kind) = kind else {
            return Kind { name: text, arguments: Vec::new(), array: false, unbounded: false };
        };
        if let Some((_, name)) = WRITTEN.iter().find(|(written, _)| *written == kind.name) {
            kind.name = (*name).to_owned();
        }
        kind
    }
}

/// Names of types as they are written, and as they are printed.
const WRITTEN: &[(&str, &str)] = &[
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("char", "character"),
    ("int", "integer"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("int2", "smallint"),
    ("bool", "boolean"),
    ("decimal", "numeric"),
    ("float8", "double precision"),
    ("float4", "real"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// Types of the same bytes, each pair of which has indexes of its own.
const SAME_BYTES: &[&[&str]] = &[
    &[
        "integer",
        "oid",
        "regclass",
        "regproc",
        "regprocedure",
        "regtype",
        "regrole",
        "regnamespace",
        "regoper",
        "regoperator",
        "regconfig",
        "regdictionary",
    ],
    &["text", "citext", "character varying"],
];

fn between(from: &Kind, to: &Kind, utc: bool) -> Retyping {
    if from.array || to.array {
        let same = from.array == to.array && from.name == to.name && from.arguments == to.arguments;
        return if same { Retyping::Free } else { Retyping::Rewrite };
    }
    let (source, target) = (from.name.as_str(), to.name.as_str());
    let fits = || fits(from, to);
    let free = |condition: bool| if condition { Retyping::Free } else { Retyping::Rewrite };
    match (source, target) {
        _ if from == to => Retyping::Free,
        ("text" | "character varying", "text" | "character varying") => free(fits()),
        ("text" | "character varying" | "citext", "text" | "character varying" | "citext") if fits() => {
            Retyping::Indexes
        }
        ("numeric", "numeric") => free(match (from.arguments.as_slice(), to.arguments.as_slice()) {
            (_, []) => true,
            ([precision, scale], [wider, same]) => !from.unbounded && wider >= precision && scale == same,
            _ => false,
        }),
        ("bit varying", "bit varying") => free(fits()),
        ("bit", "bit varying") if to.arguments.is_empty() => Retyping::Indexes,
        ("timestamp without time zone", "timestamp with time zone")
        | ("timestamp with time zone", "timestamp without time zone") => match to.arguments.first() {
            None | Some(6) if utc => Retyping::Indexes,
            _ => Retyping::Rewrite,
        },
        ("cidr", "inet") | ("xml", "text") => Retyping::Free,
        ("character", "bpchar") => Retyping::Free,
        _ if source.starts_with("interval") && target.starts_with("interval") => {
            free(keeps_fields(source, target) && precise(from, to))
        }
        _ if source == target => match source {
            "timestamp without time zone"
            | "timestamp with time zone"
            | "time without time zone"
            | "time with time zone" => free(precise(from, to)),
            _ => free(to.arguments.is_empty() || from.arguments == to.arguments && !from.unbounded),
        },
        _ => match SAME_BYTES.iter().any(|same| same.contains(&source) && same.contains(&target))
            && to.arguments.is_empty()
        {
            true if source.starts_with("reg") && target == "oid" => Retyping::Free,
            true => Retyping::Indexes,
            false => Retyping::Rewrite,
        },
    }
}

/// Tells whether every value of a type with a length is one of another.
fn fits(from: &Kind, to: &Kind) -> bool {
    match (from.arguments.first(), to.arguments.first()) {
        (_, None) => true,
        (Some(length), Some(wider)) => !from.unbounded && wider >= length,
        (None, Some(_)) => false,
    }
}

/// Tells whether seconds keep all their digits.
fn precise(from: &Kind, to: &Kind) -> bool {
    match (from.arguments.first(), to.arguments.first()) {
        (_, None | Some(6)) => true,
        (Some(digits), Some(more)) => !from.unbounded && more >= digits,
        (None, Some(_)) => false,
    }
}

/// Tells whether an interval keeps what its smallest field holds.
fn keeps_fields(from: &str, to: &str) -> bool {
    let smallest = |name: &str| {
        const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        let last = name.rsplit(' ').next().unwrap_or_default();
        FIELDS.iter().position(|field| *field == last).unwrap_or(FIELDS.len() - 1)
    };
    smallest(to) >= smallest(from)
}

/// Reads an expression that does nothing but cast a column, and gives the types, the innermost first.
fn casts(text: &str, column: &str) -> Option<Vec<String>> {
    let text = unwrapped(text);
    if let Some(inside) = cast_call(text) {
        let (value, ty) = inside;
        let mut types = casts(value, column)?;
        types.push(ty.to_owned());
        return Some(types);
    }
    if let Some((value, ty)) = text.rsplit_once("::") {
        let is_type = |c: char| c.is_alphanumeric() || " _.,()[]".contains(c);
        let mut types = casts(value, column)?;
        types.push(ty.trim().to_owned());
        return ty.chars().all(is_type).then_some(types);
    }
    let bare = text.rsplit('.').next().unwrap_or(text).trim();
    let named = match bare.strip_prefix('"').and_then(|bare| bare.strip_suffix('"')) {
        Some(quoted) => quoted == column,
        None => bare.to_lowercase() == column,
    };
    named.then(Vec::new)
}

/// Reads `CAST(value AS type)`.
fn cast_call(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at_checked(4)?;
    let inside = rest.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let at = inside.to_ascii_lowercase().rfind(" as ")?;
    name.eq_ignore_ascii_case("cast").then(|| (inside[..at].trim(), inside[at + 4..].trim()))
}
