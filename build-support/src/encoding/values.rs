//! Numbers, texts, and what holds other values.

use super::{Decoder, Encoded, encode_bytes, encode_number};
use crate::by_name::ByName;
use std::ops::Range;
use std::sync::Arc;

impl Encoded for bool {
    fn encode(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Encoded for usize {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_number(*self, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.number()
    }
}

impl Encoded for u32 {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_number(*self as usize, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Encoded for String {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_bytes(self.as_bytes(), to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.text().map(str::to_owned)
    }
}

impl Encoded for Range<usize> {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_number(self.start, to);
        encode_number(self.end, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(from.number()?..from.number()?)
    }
}

impl<T: Encoded> Encoded for Option<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        self.is_some().encode(to);
        if let Some(value) = self {
            value.encode(to);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        match bool::decode(from)? {
            true => T::decode(from).map(Some),
            false => Some(None),
        }
    }
}

impl<T: Encoded> Encoded for Vec<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_number(self.len(), to);
        for value in self {
            value.encode(to);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        // The length may be anything, so no room is made for it; each value takes a byte at least.
        let mut values = Vec::new();
        for _ in 0..from.number()? {
            values.push(from.inner()?);
        }
        Some(values)
    }
}

impl<T: Encoded> Encoded for ByName<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_number(self.len(), to);
        for (name, value) in self {
            name.encode(to);
            value.encode(to);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let mut values = ByName::new();
        for _ in 0..from.number()? {
            values.insert(String::decode(from)?, from.inner()?);
        }
        Some(values)
    }
}

impl<T: Encoded> Encoded for Box<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        T::encode(self, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.inner().map(Box::new)
    }
}

impl<T: Encoded> Encoded for Arc<T> {
    fn encode(&self, to: &mut Vec<u8>) {
        T::encode(self, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.inner().map(Arc::new)
    }
}

impl<A: Encoded, B: Encoded> Encoded for (A, B) {
    fn encode(&self, to: &mut Vec<u8>) {
        self.0.encode(to);
        self.1.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some((A::decode(from)?, B::decode(from)?))
    }
}

impl<A: Encoded, B: Encoded, C: Encoded> Encoded for (A, B, C) {
    fn encode(&self, to: &mut Vec<u8>) {
        self.0.encode(to);
        self.1.encode(to);
        self.2.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some((A::decode(from)?, B::decode(from)?, C::decode(from)?))
    }
}
