//! What is wrong with the names of a query, and what there is to say about it.

use crate::catalog::complaint::{create_extension, finding};
use crate::catalog::lookup::Space;
use crate::catalog::past::Subject;
use crate::catalog::{Id, Simulator};
use crate::postgres::shipped;
use crate::statement::{Name, TypeName};
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// A name that the server would refuse.
#[derive(Clone, Debug)]
pub(super) enum Problem {
    /// A table or a view: what it is called, and where it would have been.
    Relation(&'static str, Id, Range<usize>),
    Schema(Name),
    Column {
        name: Name,
        /// `schema.table` of what it was looked for in.
        tables: Vec<String>,
        /// The columns that it might have been.
        known: Vec<String>,
    },
    /// What stands before a column and is no relation of the query.
    Qualifier {
        name: Name,
        /// The relations that it might have been.
        known: Vec<String>,
        /// The alias that hides it.
        alias: Option<String>,
    },
    /// A column that several relations have.
    Ambiguous {
        name: Name,
        relations: Vec<String>,
    },
    /// Values of an `INSERT` that aren't as many as its columns.
    Count {
        range: Range<usize>,
        given: usize,
        wanted: usize,
    },
    Type(TypeName),
    /// A function, and the extension that it comes with.
    Function {
        name: Name,
        extension: Option<&'static str>,
    },
}

impl Problem {
    /// Gives the bytes of the script that show it.
    pub(super) fn range(&self) -> Range<usize> {
        match self {
            Problem::Relation(.., range) => range.clone(),
            Problem::Count { range, .. } => range.clone(),
            Problem::Type(ty) => ty.range.clone(),
            Problem::Schema(name)
            | Problem::Column { name, .. }
            | Problem::Qualifier { name, .. }
            | Problem::Ambiguous { name, .. }
            | Problem::Function { name, .. } => name.range.clone(),
        }
    }
}

impl Simulator {
    /// Reports a problem.
    pub(super) fn settle(&mut self, problem: Problem) {
        match problem {
            Problem::Relation(kind, id, range) => self.unknown_relation(kind, &id, &range),
            Problem::Schema(name) => self.unknown_schema(&name),
            Problem::Column { name, tables, known } => self.unknown_column_of(&name, &tables, &known),
            Problem::Qualifier { name, known, alias } => {
                let message = format!("`{}` is no table of this query", name.text);
                let mut finding = finding("unknown_alias", message, &name.range, "not among its tables");
                match (alias, nearest(&name.text, known.iter().map(String::as_str))) {
                    (Some(alias), _) => finding.help.push(format!("it is called `{alias}` here")),
                    (None, Some(meant)) => finding.help.push(format!("did you mean `{meant}`?")),
                    (None, None) => {}
                }
                self.report(finding);
            }
            Problem::Ambiguous { name, relations } => {
                let of = relations.iter().map(|relation| format!("`{relation}`")).collect::<Vec<_>>().join(" or of ");
                let message = format!("column `{}` may be that of {of}", name.text);
                let mut finding = finding("ambiguous_column", message, &name.range, "of which?");
                finding.help.extend(relations.first().map(|relation| format!("write `{relation}.{}`", name.text)));
                self.report(finding);
            }
            Problem::Count { range, given, wanted } => {
                let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
                let message = format!("{} for {}", counted(given, "value"), counted(wanted, "column"));
                let label = if given > wanted { "too many" } else { "too few" };
                self.report(finding("column_count", message, &range, label));
            }
            Problem::Type(ty) => drop(self.data_type(&ty)),
            Problem::Function { name, extension: None } => {
                let message = format!("there is no function `{}`", name.text);
                let own = self.nearest_in(Space::Function, &name.text);
                let meant = own.or_else(|| shipped::nearest_function(&name.text).map(str::to_owned));
                let subject = Subject::Function(format!("public.{}", name.text));
                self.unknown("unknown_function", message, &name.range, subject, meant);
            }
            Problem::Function { name, extension: Some(extension) } => {
                let message =
                    format!("function `{}` comes with the extension `{extension}`, which isn't created", name.text);
                let mut finding = finding("missing_extension", message, &name.range, "not there");
                finding.help.push(create_extension(extension));
                self.report(finding);
            }
        }
    }

    fn unknown_column_of(&mut self, name: &Name, tables: &[String], known: &[String]) {
        let text = &name.text;
        let subject = |table: &String| Subject::part(&Id::parse(table), text);
        let gone = tables.iter().map(subject).find(|subject| self.past.gone(subject).is_some());
        let subject = gone.or_else(|| tables.first().map(subject)).unwrap_or_else(|| Subject::Relation(String::new()));
        let message = match tables {
            [table] => format!("table `{}` has no column `{text}`", Id::parse(table).shown()),
            [] => format!("there is no column `{text}` here"),
            _ => format!("no table of this query has a column `{text}`"),
        };
        let meant = nearest(text, known.iter().map(String::as_str)).map(str::to_owned);
        self.unknown("unknown_column", message, &name.range, subject, meant);
    }
}
