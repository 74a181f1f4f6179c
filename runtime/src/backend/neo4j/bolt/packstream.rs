//! PackStream: how values and messages are written in Bolt.
//!
//! # Source
//! <https://neo4j.com/docs/bolt/current/packstream/>

use super::super::value::Neo4jValue as Value;
use std::collections::BTreeMap;

/// Writes a message: a structure of these fields.
pub(super) fn message(tag: u8, fields: &[Value]) -> Vec<u8> {
    let mut bytes = vec![0xb0 | fields.len() as u8, tag];
    fields.iter().for_each(|field| write(&mut bytes, field));
    bytes
}

fn write(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => bytes.push(0xc0),
        Value::Boolean(truth) => bytes.push(if *truth { 0xc3 } else { 0xc2 }),
        Value::Integer(number) => integer(bytes, *number),
        Value::Float(number) => {
            bytes.push(0xc1);
            bytes.extend(number.to_be_bytes());
        }
        Value::Text(text) => string(bytes, text),
        Value::Bytes(raw) => {
            match raw.len() {
                length @ 0..=0xff => bytes.extend([0xcc, length as u8]),
                length @ 0x100..=0xffff => {
                    bytes.push(0xcd);
                    bytes.extend((length as u16).to_be_bytes());
                }
                length => {
                    bytes.push(0xce);
                    bytes.extend((length as u32).to_be_bytes());
                }
            }
            bytes.extend(raw);
        }
        Value::List(items) => {
            head(bytes, items.len(), 0x90, 0xd4);
            items.iter().for_each(|item| write(bytes, item));
        }
        Value::Map(entries) => {
            head(bytes, entries.len(), 0xa0, 0xd8);
            for (key, value) in entries {
                string(bytes, key);
                write(bytes, value);
            }
        }
        Value::Structure { tag, fields } => {
            bytes.extend([0xb0 | (fields.len() & 15) as u8, *tag]);
            fields.iter().for_each(|field| write(bytes, field));
        }
    }
}

fn integer(bytes: &mut Vec<u8>, number: i64) {
    if let Ok(small @ -16..) = i8::try_from(number) {
        bytes.push(small.cast_unsigned());
    } else if let Ok(number) = i8::try_from(number) {
        bytes.extend([0xc8, number.cast_unsigned()]);
    } else if let Ok(number) = i16::try_from(number) {
        bytes.push(0xc9);
        bytes.extend(number.to_be_bytes());
    } else if let Ok(number) = i32::try_from(number) {
        bytes.push(0xca);
        bytes.extend(number.to_be_bytes());
    } else {
        bytes.push(0xcb);
        bytes.extend(number.to_be_bytes());
    }
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    head(bytes, text.len(), 0x80, 0xd0);
    bytes.extend(text.as_bytes());
}

/// Writes a length: with the marker where it is below 16, else behind one of three markers.
fn head(bytes: &mut Vec<u8>, length: usize, tiny: u8, marker: u8) {
    match length {
        0..=15 => bytes.push(tiny | length as u8),
        16..=0xff => bytes.extend([marker, length as u8]),
        0x100..=0xffff => {
            bytes.push(marker + 1);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(marker + 2);
            bytes.extend((length as u32).to_be_bytes());
        }
    }
}

/// So deep values may be nested: a server's values are not, and a stack has an end.
const DEEPEST: usize = 200;

/// Reads a message: its tag and its fields; none for what is none.
pub(super) fn read_message(bytes: &[u8]) -> Option<(u8, Vec<Value>)> {
    let mut reader = Reader { bytes, deep: 0 };
    match reader.value()? {
        Value::Structure { tag, fields } if reader.bytes.is_empty() => Some((tag, fields)),
        _ => None,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    deep: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Reads a number of so many bytes, without sign.
    fn length(&mut self, bytes: usize) -> Option<usize> {
        Some(self.take(bytes)?.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
    }

    fn value(&mut self) -> Option<Value> {
        if self.deep == DEEPEST {
            return None;
        }
        self.deep += 1;
        let value = self.read();
        self.deep -= 1;
        value
    }

    fn read(&mut self) -> Option<Value> {
        let marker = self.byte()?;
        let low = usize::from(marker & 15);
        Some(match marker {
            0x00..=0x7f | 0xf0..=0xff => Value::Integer(marker.cast_signed().into()),
            0x80..=0x8f => self.text(low)?,
            0x90..=0x9f => self.list(low)?,
            0xa0..=0xaf => self.map(low)?,
            0xb0..=0xbf => {
                let tag = self.byte()?;
                Value::Structure { tag, fields: self.items(low)? }
            }
            0xc0 => Value::Null,
            0xc1 => Value::Float(f64::from_be_bytes(self.take(8)?.try_into().ok()?)),
            0xc2 => Value::Boolean(false),
            0xc3 => Value::Boolean(true),
            0xc8 => Value::Integer(self.byte()?.cast_signed().into()),
            0xc9 => Value::Integer(i16::from_be_bytes(self.take(2)?.try_into().ok()?).into()),
            0xca => Value::Integer(i32::from_be_bytes(self.take(4)?.try_into().ok()?).into()),
            0xcb => Value::Integer(i64::from_be_bytes(self.take(8)?.try_into().ok()?)),
            0xcc..=0xce => {
                let length = self.length(1 << (marker - 0xcc))?;
                Value::Bytes(self.take(length)?.to_vec())
            }
            0xd0..=0xd2 => {
                let length = self.length(1 << (marker - 0xd0))?;
                self.text(length)?
            }
            0xd4..=0xd6 => {
                let length = self.length(1 << (marker - 0xd4))?;
                self.list(length)?
            }
            0xd8..=0xda => {
                let length = self.length(1 << (marker - 0xd8))?;
                self.map(length)?
            }
            _ => return None,
        })
    }

    fn text(&mut self, length: usize) -> Option<Value> {
        Some(Value::Text(String::from_utf8(self.take(length)?.to_vec()).ok()?))
    }

    fn list(&mut self, length: usize) -> Option<Value> {
        Some(Value::List(self.items(length)?))
    }

    fn items(&mut self, length: usize) -> Option<Vec<Value>> {
        // The length is the server's word; room is made as items come.
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(self.value()?);
        }
        Some(items)
    }

    fn map(&mut self, length: usize) -> Option<Value> {
        let mut map = BTreeMap::new();
        for _ in 0..length {
            let Value::Text(key) = self.value()? else { return None };
            map.insert(key, self.value()?);
        }
        Some(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let numbers = [0, -1, -16, -17, 127, 128, -128, -129, 32_767, -32_769, i64::MAX, i64::MIN, 2_147_483_648];
        let mut values: Vec<Value> = numbers.map(Value::Integer).into();
        for length in [0, 15, 16, 255, 256, 65_535, 65_536] {
            values.push(Value::Text("ä".repeat(length / 2) + if length % 2 == 1 { "x" } else { "" }));
            values.push(Value::Bytes(vec![7; length]));
            values.push(Value::List(vec![Value::Null; length]));
            values.push(Value::Map((0..length).map(|n| (n.to_string(), Value::Boolean(n % 2 == 0))).collect()));
        }
        values.push(Value::Structure { tag: b'I', fields: vec![Value::Float(0.5), Value::List(vec![])] });
        assert_eq!(
            read_message(&message(0x71, &[Value::List(values.clone())])),
            Some((0x71, vec![Value::List(values)]))
        );
    }

    #[test]
    fn the_bytes_are_those_of_the_documentation() {
        let extra = Value::Map([("n".to_owned(), Value::Integer(-1))].into());
        assert_eq!(message(0x3f, &[extra]), [0xb1, 0x3f, 0xa1, 0x81, b'n', 0xff]);
        assert_eq!(message(0x0f, &[]), [0xb0, 0x0f]);
    }

    #[test]
    fn what_is_cut_or_none_never_panics() {
        let whole =
            message(0x71, &[Value::List(vec![Value::Text("abc".into()), Value::Float(1.5), Value::Integer(70_000)])]);
        assert!((0..whole.len()).all(|end| read_message(&whole[..end]).is_none()));
        assert_eq!(read_message(&[0xb1, 0x71, 0xd6, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(read_message(&[0x91; 10_000]), None);
        assert_eq!(read_message(&[0xb0, 0x70, 0xc0]), None);
    }
}
