//! Differences in plain words.

use super::{Aspect, Change, Kind, Object, What};
use crate::catalog::Id;
use std::fmt::Write;

/// What the words are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// What a rollback leaves behind: "column `users.email` is missing".
    Rest,
    /// What a migration does: "drops column `users.email`".
    Deed,
}

impl Change {
    /// Says it.
    pub(crate) fn words(&self, voice: Voice) -> String {
        let object = self.object.words();
        match (&self.what, voice) {
            (What::Added, Voice::Rest) => format!("{object} is left behind"),
            (What::Dropped, Voice::Rest) => format!("{object} is missing"),
            (What::Added, Voice::Deed) => format!("adds {object}"),
            (What::Dropped, Voice::Deed) => format!("drops {object}"),
            (What::Renamed { to }, Voice::Rest) => format!("{object} is called `{}`", self.object.called(to)),
            (What::Renamed { to }, Voice::Deed) => match self.object.is_only_moved(to) {
                true => format!("moves {object} to schema `{}`", to.schema),
                false => format!("renames {object} to `{}`", self.object.called(to)),
            },
            (What::Changed { aspect, before, after }, Voice::Rest) => {
                let noun = aspect.noun();
                match (before.is_empty(), after.is_empty()) {
                    (true, _) => format!("{object} has {} `{after}`, and had none", article(noun)),
                    (_, true) => format!("{object} has no {noun}, and had `{before}`"),
                    _ if *aspect == Aspect::Nullability => format!("{object} is {after}, and was {before}"),
                    _ if is_long(before) || is_long(after) => format!("{object}: its {noun} isn't what it was"),
                    _ => format!("{object}: its {noun} is `{after}`, and was `{before}`"),
                }
            }
            (What::Changed { aspect, before, after }, Voice::Deed) => {
                let noun = aspect.noun();
                let mut text = match (before.is_empty(), after.is_empty()) {
                    (true, _) => format!("gives {object} {}", article(noun)),
                    (_, true) => format!("takes the {noun} of {object} away"),
                    _ => format!("changes the {noun} of {object}"),
                };
                if !is_long(before) && !is_long(after) {
                    let _ = match (before.is_empty(), after.is_empty()) {
                        (true, _) => write!(text, ": `{after}`"),
                        (_, true) => write!(text, ": `{before}`"),
                        _ => write!(text, " from `{before}` to `{after}`"),
                    };
                }
                text
            }
        }
    }
}

impl Object {
    /// Names it: "column `users.email`".
    pub(crate) fn words(&self) -> String {
        let kind = self.kind.noun();
        match (&self.of, self.kind) {
            (Some(of), Kind::Column | Kind::Attribute) => format!("{kind} `{}.{}`", of.shown(), self.name.name),
            (Some(of), _) => format!("{kind} `{}` of `{}`", self.name.name, of.shown()),
            (None, Kind::Schema | Kind::Extension) => format!("{kind} `{}`", self.name.name),
            (None, _) => format!("{kind} `{}`", self.name.shown()),
        }
    }

    /// Writes its new name, with the schema only where that is another one.
    fn called(&self, to: &Id) -> String {
        if self.name.schema == to.schema { to.name.clone() } else { to.to_string() }
    }

    fn is_only_moved(&self, to: &Id) -> bool {
        self.of.is_none() && self.name.name == to.name
    }
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Extension => "extension",
            Kind::Type => "type",
            Kind::Value => "value",
            Kind::Attribute => "attribute",
            Kind::Table => "table",
            Kind::View => "view",
            Kind::MaterializedView => "materialized view",
            Kind::Sequence => "sequence",
            Kind::Column => "column",
            Kind::PrimaryKey => "primary key",
            Kind::Unique => "unique constraint",
            Kind::ForeignKey => "foreign key",
            Kind::Check => "check",
            Kind::Exclusion => "exclusion constraint",
            Kind::Index => "index",
            Kind::Trigger => "trigger",
            Kind::Function => "function",
        }
    }
}

impl Aspect {
    fn noun(self) -> &'static str {
        match self {
            Aspect::Type => "type",
            Aspect::Nullability => "nullability",
            Aspect::Default => "default",
            Aspect::Definition => "definition",
            Aspect::Columns => "list of columns",
            Aspect::Order => "order",
            Aspect::Comment => "comment",
            Aspect::Validity => "validity",
            Aspect::Nature => "nature",
            Aspect::Owner => "owner",
        }
    }
}

fn article(noun: &str) -> String {
    crate::catalog::complaint::article(noun)
}

fn is_long(text: &str) -> bool {
    text.len() > 60 || text.contains('\n')
}
