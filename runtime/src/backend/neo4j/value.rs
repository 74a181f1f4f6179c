//! Values that go to Neo4j and come from it.

use super::moment;
use std::collections::BTreeMap;

/// Holds a value of Neo4j's.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Neo4jValue {
    /// `null`.
    #[default]
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A string.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Neo4jValue>),
    /// A map.
    Map(BTreeMap<String, Neo4jValue>),
    /// A node, a relationship, a point, a date or the like, by its fields in Bolt.
    Structure {
        /// Says what it is: `N` a node, `R` a relationship, `D` a date, `I` a date with time.
        tag: u8,
        /// Its fields, in Bolt's order.
        fields: Vec<Neo4jValue>,
    },
}

impl Neo4jValue {
    /// Gives a whole number.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }
    /// Gives a string.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
    /// Gives a truth value.
    pub fn as_boolean(&self) -> Option<bool> {
        if let Self::Boolean(truth) = self { Some(*truth) } else { None }
    }
    /// Gives a number, whole or not.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }
    /// Gives a list's items; none for anything else.
    pub fn as_list(&self) -> &[Neo4jValue] {
        if let Self::List(items) = self { items } else { &[] }
    }
    pub(super) fn get(&self, key: &str) -> Option<&Neo4jValue> {
        if let Self::Map(map) = self { map.get(key) } else { None }
    }
    /// Shows it as a row of text does: a list's items joined by `joint`.
    pub(super) fn cell(&self, joint: &str) -> Option<String> {
        Some(match self {
            Self::Null => return None,
            Self::Boolean(truth) => truth.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(items) => items.iter().filter_map(|item| item.cell(joint)).collect::<Vec<_>>().join(joint),
            Self::Structure { tag: b'I', fields } => match fields.as_slice() {
                [Self::Integer(seconds), Self::Integer(nanos), ..] => moment::rfc3339(*seconds, *nanos),
                _ => format!("{self:?}"),
            },
            other => format!("{other:?}"),
        })
    }
}

impl From<&str> for Neo4jValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Neo4jValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Neo4jValue {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Neo4jValue {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Neo4jValue {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<f64> for Neo4jValue {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Neo4jValue {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl<T: Into<Neo4jValue>> From<Option<T>> for Neo4jValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Neo4jValue>> From<Vec<T>> for Neo4jValue {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, T: Into<Neo4jValue>, const N: usize> From<[(K, T); N]> for Neo4jValue {
    fn from(entries: [(K, T); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
