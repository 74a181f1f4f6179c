use super::{Decoder, Encoded, decode, encode, encoded};
use crate::by_name::ByName;
use crate::statement::{Name, Scope, Statement};
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
struct Bird {
    name: String,
    legs: usize,
}
encoded!(Bird { name, legs });

#[derive(Clone, Debug, PartialEq)]
enum Nest {
    Empty,
    Of(Bird),
    Shared { birds: Vec<Bird>, within: Option<Box<Nest>> },
}
encoded!(Nest is Empty, Of(bird), Shared { birds, within });

/// Shows that a value is read as it was written, and that less of it isn't read at all; gives the bytes.
#[track_caller]
fn both_ways<T: Encoded + PartialEq + Debug>(value: &T) -> Vec<u8> {
    let bytes = encode(value);
    assert_eq!(decode::<T>(&bytes).as_ref(), Some(value));
    for end in 0..bytes.len() {
        assert_eq!(decode::<T>(&bytes[..end]), None, "{end} of {bytes:?}");
    }
    assert_eq!(decode::<T>(&[&bytes[..], &[0]].concat()), None);
    bytes
}

#[test]
fn what_is_written_is_read() {
    assert_eq!(both_ways(&0_usize), [0]);
    assert_eq!(both_ways(&127_usize), [127]);
    assert_eq!(both_ways(&300_usize), [0xac, 2]);
    both_ways(&usize::MAX);
    both_ways(&u32::MAX);
    assert_eq!(both_ways(&(3..5_usize)), [3, 5]);
    assert_eq!(both_ways(&"né".to_owned()), b"\x03n\xc3\xa9");
    assert_eq!(both_ways(&vec![true, false]), [2, 1, 0]);
    assert_eq!(both_ways(&Some(Some(7_usize))), [1, 1, 7]);
    both_ways(&(1_usize, "a".to_owned(), None::<String>));
    both_ways(&ByName::from_iter([("a".to_owned(), Arc::new(1_usize)), ("b".to_owned(), Arc::new(2))]));
    let bird = Bird { name: "whimbrel".to_owned(), legs: 2 };
    assert_eq!(both_ways(&bird), b"\x08whimbrel\x02");
    assert_eq!(both_ways(&Nest::Empty), [0]);
    assert_eq!(both_ways(&Nest::Of(bird.clone())), b"\x01\x08whimbrel\x02");
    let within = Some(Box::new(Nest::Of(bird.clone())));
    both_ways(&Nest::Shared { birds: vec![bird.clone(), bird], within });
}

#[test]
fn what_was_not_written_is_not_read() {
    assert_eq!(decode::<bool>(&[2]), None);
    assert_eq!(decode::<Nest>(&[3]), None);
    assert_eq!(decode::<String>(b"\x01\xff"), None);
    assert_eq!(decode::<u32>(&encode(&(1_usize << 32))), None);
    // A number of more than 64 bits, and lengths that nobody has the room for.
    assert_eq!(decode::<usize>(&[0xff; 20]), None);
    for len in [u64::MAX, u64::MAX / 2, 1 << 40] {
        let bytes = [encode(&(len as usize)), vec![0; 40]].concat();
        assert_eq!(decode::<String>(&bytes), None);
        assert_eq!(decode::<Vec<Bird>>(&bytes), None);
        assert_eq!(decode::<Vec<Range<usize>>>(&bytes), None);
        assert_eq!(decode::<ByName<usize>>(&bytes), None);
        assert_eq!(Decoder::new(&bytes).bytes(), None);
    }
}

#[test]
fn what_is_too_deep_is_not_read() {
    let nested =
        |depth: usize| (0..depth).fold(Scope::default(), |inner, _| Scope { inner: vec![inner], ..Scope::default() });
    assert!(decode::<Scope>(&encode(&nested(super::DEPTH))).is_some());
    assert!(decode::<Scope>(&encode(&nested(super::DEPTH + 1))).is_none());
    assert_eq!(decode::<Nest>(&b"\x02\x00\x01".repeat(1_000_000)), None);
}

#[test]
fn words_are_read_as_the_first_of_their_kind() {
    let statement = Statement { range: 1..2, words: "DROP TABLE", acts: Vec::new() };
    let read = || decode::<Statement>(&encode(&statement)).unwrap();
    assert_eq!((read().words, read().range), ("DROP TABLE", 1..2));
    assert!(std::ptr::eq(read().words, read().words));
}

#[test]
fn no_byte_leads_to_a_panic() {
    let name = Name { text: "birds".to_owned(), range: 13..18 };
    let bytes = encode(&vec![name; 3]);
    for at in 0..bytes.len() {
        for byte in 0..=255 {
            let mut other = bytes.clone();
            other[at] = byte;
            let _ = decode::<Vec<Name>>(&other);
            let _ = decode::<Vec<Scope>>(&other);
            let _ = decode::<Vec<Statement>>(&other);
        }
    }
}
