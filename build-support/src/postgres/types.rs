//! Types, under the names that the server prints.

use super::ast::{self, AstNode};
use super::name::{self, range};
use crate::statement::{Name, TypeName};
use squawk_parser::SyntaxKind::PATH_SEGMENT_REF;

/// The server's own types that go by another name: as written, as printed. What is a keyword has to stand alone.
const ALIASES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
    ("varbit", "bit varying"),
    ("varchar", "character varying"),
];
const KEYWORDS: &[(&str, &str)] = &[("int", "integer"), ("decimal", "numeric"), ("dec", "numeric")];
const SERIALS: &[(&str, &str)] = &[
    ("serial", "integer"),
    ("serial4", "integer"),
    ("bigserial", "bigint"),
    ("serial8", "bigint"),
    ("smallserial", "smallint"),
    ("serial2", "smallint"),
];

/// Reads a type.
pub(super) fn lower(ty: &ast::Type) -> TypeName {
    let simple = |name: &str, arguments| TypeName {
        range: range(ty.syntax()),
        schema: None,
        name: name.to_owned(),
        arguments,
        array: false,
        serial: false,
        copied: false,
    };
    match ty {
        ast::Type::ArrayType(array) => {
            let mut element = array.ty().map_or_else(|| simple("", Vec::new()), |ty| lower(&ty));
            element.array |= array.array() || array.bounds().next().is_some();
            element.range = range(ty.syntax());
            element
        }
        ast::Type::BitType(it) => simple("bit", one_by_default(arguments(it.arguments()))),
        ast::Type::BitVaryingType(it) => simple("bit varying", arguments(it.arguments())),
        ast::Type::CharacterType(it) => simple("character", one_by_default(arguments(it.arguments()))),
        ast::Type::VarcharType(it) => simple("character varying", arguments(it.arguments())),
        ast::Type::Double(_) => simple("double precision", Vec::new()),
        ast::Type::TimeType(it) => simple(zoned("time", it.with_timezone()), precision(it.precision())),
        ast::Type::TimestampType(it) => simple(zoned("timestamp", it.with_timezone()), precision(it.precision())),
        ast::Type::IntervalType(it) => {
            let fields = it.qualifier();
            let seconds = fields.as_ref().and_then(|fields| match fields {
                ast::IntervalQualifier::IntervalSecond(seconds) => seconds.precision(),
                _ => None,
            });
            simple(&interval(fields.as_ref()), precision(it.precision().or(seconds)))
        }
        ast::Type::PathType(it) => named(it),
    }
}

/// Reads a type of a function's argument or result, which may be that of a column.
pub(super) fn lower_of_function(ty: &ast::FuncType) -> TypeName {
    match ty {
        ast::FuncType::Type(ty) => lower(ty),
        ast::FuncType::PercentType(ty) => TypeName {
            range: range(ty.syntax()),
            schema: None,
            name: ty.path().map(|path| path.text().to_string()).unwrap_or_default(),
            arguments: Vec::new(),
            array: ty.array() || ty.bounds().next().is_some(),
            serial: false,
            copied: true,
        },
    }
}

fn named(ty: &ast::PathType) -> TypeName {
    let path = ty.path();
    let mut parts = path.as_ref().map(name::parts).unwrap_or_default();
    let last = parts.pop();
    let segment = path.and_then(|path| ast::part(&path, PATH_SEGMENT_REF));
    let quoted = segment.is_some_and(|segment| segment.text().contains_char('"'));
    let name = last.map(|name| name.text).unwrap_or_default();
    let schema = parts.pop();
    let own = schema.as_ref().is_none_or(|schema| schema.text == "pg_catalog");
    let mut read = TypeName {
        range: range(ty.syntax()),
        schema: schema.clone().filter(|_| !own),
        name,
        arguments: arguments(ty.arguments()),
        array: false,
        serial: false,
        copied: false,
    };
    if !own {
        return read;
    }
    let keyword = schema.is_none() && !quoted;
    let find = |list: &[(&str, &str)]| list.iter().find(|(from, _)| *from == read.name).map(|(_, to)| (*to).to_owned());
    if keyword && read.name == "float" {
        let double = read.arguments.first().is_none_or(|digits| digits.parse::<u32>().is_ok_and(|digits| digits > 24));
        read.name = if double { "double precision" } else { "real" }.to_owned();
        read.arguments.clear();
    } else if let Some(name) = find(KEYWORDS).filter(|_| keyword) {
        read.name = name;
    } else if let Some(name) = find(SERIALS).filter(|_| schema.is_none()) {
        read.name = name;
        read.serial = true;
    } else if let Some(name) = find(ALIASES) {
        read.name = name;
    } else if read.name == "char" && !keyword {
        read.name = "\"char\"".to_owned();
    } else if read.name == "bit" && read.arguments.is_empty() {
        // Unlike the word, the name doesn't mean one bit.
        read.name = "\"bit\"".to_owned();
    } else if read.name == "bpchar" && !read.arguments.is_empty() {
        read.name = "character".to_owned();
    }
    match read.name.as_str() {
        "numeric" if read.arguments.len() == 1 => read.arguments.push("0".to_owned()),
        "time with time zone"
        | "time without time zone"
        | "timestamp with time zone"
        | "timestamp without time zone"
        | "interval" => read.arguments = read.arguments.drain(..).map(at_most_six).collect(),
        _ => {}
    }
    read
}

fn zoned(base: &'static str, with_timezone: bool) -> &'static str {
    match (base, with_timezone) {
        ("time", true) => "time with time zone",
        ("time", false) => "time without time zone",
        (_, true) => "timestamp with time zone",
        (_, false) => "timestamp without time zone",
    }
}

fn interval(fields: Option<&ast::IntervalQualifier>) -> String {
    let mut text = "interval".to_owned();
    for token in fields.into_iter().flat_map(|fields| fields.syntax().children_with_tokens()) {
        let Some(word) = token.into_token().filter(|token| token.kind().is_keyword()) else { continue };
        text.push(' ');
        text.push_str(&word.text().to_ascii_lowercase());
    }
    text
}

fn arguments(list: Option<ast::ArgList>) -> Vec<String> {
    let text = |arg: ast::Arg| arg.syntax().text().to_string().trim_matches('\'').to_owned();
    list.into_iter().flat_map(|list| list.arguments()).map(text).collect()
}

fn precision(literal: Option<ast::Literal>) -> Vec<String> {
    literal.into_iter().map(|literal| at_most_six(literal.syntax().text().to_string())).collect()
}

/// The server lowers a precision of time that it can't keep, with a warning.
fn at_most_six(digits: String) -> String {
    if digits.parse::<u32>().is_ok_and(|digits| digits > 6) { "6".to_owned() } else { digits }
}

fn one_by_default(mut arguments: Vec<String>) -> Vec<String> {
    if arguments.is_empty() {
        arguments.push("1".to_owned());
    }
    arguments
}

/// Reads the types of the arguments that a routine takes in, by which it is told apart from others of its name.
pub(super) fn inputs(list: &ast::ParamList) -> Vec<TypeName> {
    taken(list).filter_map(|param| Some(lower_of_function(&param.ty()?))).collect()
}

/// Reads their names.
pub(super) fn input_names(list: &ast::ParamList) -> Vec<Option<Name>> {
    let typed = taken(list).filter(|param| param.ty().is_some());
    typed.map(|param| name::name_of(param.name())).collect()
}

fn taken(list: &ast::ParamList) -> impl Iterator<Item = ast::Param> {
    list.parameters().filter(|param| !matches!(param.mode(), Some(ast::ParamMode::Out(_))))
}
