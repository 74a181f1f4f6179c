//! How values are written as bytes, to be read by the same program in its next build.
//!
//! A number stands in as few bytes as it needs, seven bits each; whatever has a length begins with it. Bytes that say
//! something else give nothing: reading them needs no more room and no more depth than what could have been written.

#[cfg(test)]
mod tests;
mod values;

/// How deep values may lie in one another; what is deeper isn't read.
const DEPTH: usize = 100;

/// What can be written as bytes and read again.
pub(crate) trait Encoded: Sized {
    /// Writes it at the end of some bytes.
    fn encode(&self, to: &mut Vec<u8>);

    /// Reads it; `None` where there is something else.
    fn decode(from: &mut Decoder<'_>) -> Option<Self>;
}

/// Writes a value.
pub(crate) fn encode(value: &impl Encoded) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// Reads a value that is all of some bytes; `None` where they are something else.
pub(crate) fn decode<T: Encoded>(bytes: &[u8]) -> Option<T> {
    let mut decoder = Decoder::new(bytes);
    let value = T::decode(&mut decoder)?;
    decoder.is_at_end().then_some(value)
}

/// Writes a number.
pub(crate) fn encode_number(mut number: usize, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Writes bytes behind their length.
pub(crate) fn encode_bytes(bytes: &[u8], to: &mut Vec<u8>) {
    encode_number(bytes.len(), to);
    to.extend_from_slice(bytes);
}

/// Reads values, one after the other.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    bytes: &'a [u8],
    /// How much deeper values may lie.
    depth: usize,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Decoder<'a> {
        Decoder { bytes, depth: DEPTH }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    /// Reads bytes behind their length.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        let (bytes, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(bytes)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// Reads what lies in another value, which may hold one of its own kind.
    fn inner<T: Encoded>(&mut self) -> Option<T> {
        self.depth = self.depth.checked_sub(1)?;
        let value = T::decode(self)?;
        self.depth += 1;
        Some(value)
    }
}

/// Says what of a type is written: the fields of a struct, or what an enum is, with its parts by any name.
///
/// ```text
/// encoded!(Name { text, range });       writes the text, then the range
/// encoded!(Part is Whole, Of(name));    writes 0, or 1 and the name
/// ```
macro_rules! encoded {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::encoding::Encoded for $name {
            fn encode(&self, to: &mut Vec<u8>) {
                let $name { $($field),+ } = self;
                $($crate::encoding::Encoded::encode($field, to);)+
            }

            fn decode(from: &mut $crate::encoding::Decoder<'_>) -> Option<Self> {
                Some($name { $($field: $crate::encoding::Encoded::decode(from)?),+ })
            }
        }
    };
    ($name:ident is $($variant:ident $(($($part:ident),+))? $({ $($field:ident),+ })?),+) => {
        const _: () = {
            #[repr(u8)]
            enum Tag {
                $($variant),+
            }

            impl $crate::encoding::Encoded for $name {
                fn encode(&self, to: &mut Vec<u8>) {
                    match self {
                        $($name::$variant $(($($part),+))? $({ $($field),+ })? => {
                            to.push(Tag::$variant as u8);
                            $($($crate::encoding::Encoded::encode($part, to);)+)?
                            $($($crate::encoding::Encoded::encode($field, to);)+)?
                        })+
                    }
                }

                fn decode(from: &mut $crate::encoding::Decoder<'_>) -> Option<Self> {
                    let tag = from.byte()?;
                    $(if tag == Tag::$variant as u8 {
                        $($(let $part = $crate::encoding::Encoded::decode(from)?;)+)?
                        $($(let $field = $crate::encoding::Encoded::decode(from)?;)+)?
                        return Some($name::$variant $(($($part),+))? $({ $($field),+ })?);
                    })+
                    None
                }
            }
        };
    };
}
pub(crate) use encoded;
