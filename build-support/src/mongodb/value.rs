use std::ops::Range;

/// A value of JSON, with its bytes in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) form: Form,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// Its entries in order, each key once.
    Object(Vec<(Key, Value)>),
    Array(Vec<Value>),
    Text(String),
    Number(f64),
    Truth(bool),
    Null,
}

/// A key of an object, without its quotes; the bytes are those with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

impl Value {
    /// Gives the entries of an object; none of anything else.
    pub(super) fn entries(&self) -> &[(Key, Value)] {
        match &self.form {
            Form::Object(entries) => entries,
            _ => &[],
        }
    }

    /// Gives the items of an array; none of anything else.
    pub(super) fn items(&self) -> &[Value] {
        match &self.form {
            Form::Array(items) => items,
            _ => &[],
        }
    }

    /// Finds what an object has under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(known, _)| known.text == key).map(|(_, value)| value)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.form {
            Form::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.form, Form::Object(_))
    }

    /// Tells `true`, or a number that counts as it.
    pub(super) fn is_true(&self) -> bool {
        match self.form {
            Form::Truth(truth) => truth,
            Form::Number(number) => number != 0.0,
            _ => false,
        }
    }

    /// Tells whether something inside of it, itself included, is true of that.
    pub(super) fn any(&self, is: &mut dyn FnMut(&Value) -> bool) -> bool {
        is(self) || self.items().iter().chain(self.entries().iter().map(|(_, value)| value)).any(|value| value.any(is))
    }
}
