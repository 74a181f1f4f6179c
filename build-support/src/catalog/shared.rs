//! A map whose clones share what neither of them has changed.

use crate::by_name::ByName;
use std::sync::Arc;

/// How many entries are copied at most when one of them is changed.
const LIMIT: usize = 48;

/// A map in the order of its names, kept in pieces, each of which may be that of other clones too.
#[derive(Clone, Debug)]
pub(crate) struct SharedMap<V> {
    /// None is empty.
    pieces: Vec<Arc<Vec<(String, V)>>>,
}

impl<V> SharedMap<V> {
    /// Finds the piece that has a name, or would have it.
    fn piece(&self, name: &str) -> usize {
        let after = self.pieces.partition_point(|piece| piece.first().is_some_and(|(first, _)| first.as_str() <= name));
        after.saturating_sub(1)
    }

    fn place(&self, name: &str) -> Option<(usize, usize)> {
        let piece = self.piece(name);
        let at = self.pieces.get(piece)?.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok()?;
        Some((piece, at))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.get_key_value(name).map(|(_, value)| value)
    }

    pub(crate) fn get_key_value(&self, name: &str) -> Option<(&String, &V)> {
        let (piece, at) = self.place(name)?;
        self.pieces.get(piece)?.get(at).map(|(name, value)| (name, value))
    }

    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// Gives the entries in the order of their names.
    pub(crate) fn iter(&self) -> Iter<'_, V> {
        Iter { pieces: self.pieces.iter(), entries: [].iter() }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.iter().map(|(name, _)| name)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

/// An entry of two maps: what each of them has under a name.
pub(crate) type Pair<'a, V> = (&'a String, Option<&'a V>, Option<&'a V>);

/// A place in a map.
#[derive(Clone, Copy, Default)]
struct Cursor {
    piece: usize,
    at: usize,
}

impl<V> SharedMap<V> {
    /// Walks through two maps along their names. What they share is left out.
    pub(crate) fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Pair<'a, V>> {
        let (mut own, mut new) = (Cursor::default(), Cursor::default());
        std::iter::from_fn(move || {
            while let (Some(one), Some(two)) = (self.pieces.get(own.piece), other.pieces.get(new.piece))
                && own.at == 0
                && new.at == 0
                && Arc::ptr_eq(one, two)
            {
                own.piece += 1;
                new.piece += 1;
            }
            let order = match (self.at(own), other.at(new)) {
                (Some((one, _)), Some((two, _))) => one.cmp(two),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => return None,
            };
            let one = if order.is_le() { self.step(&mut own) } else { None };
            let two = if order.is_ge() { other.step(&mut new) } else { None };
            let name = one.or(two)?.0;
            Some((name, one.map(|(_, value)| value), two.map(|(_, value)| value)))
        })
    }

    fn at(&self, cursor: Cursor) -> Option<&(String, V)> {
        self.pieces.get(cursor.piece)?.get(cursor.at)
    }

    fn step(&self, cursor: &mut Cursor) -> Option<(&String, &V)> {
        let piece = self.pieces.get(cursor.piece)?;
        let (name, value) = piece.get(cursor.at)?;
        cursor.at += 1;
        if cursor.at == piece.len() {
            *cursor = Cursor { piece: cursor.piece + 1, at: 0 };
        }
        Some((name, value))
    }
}

impl<V: Clone> SharedMap<V> {
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let (piece, at) = self.place(name)?;
        Arc::make_mut(self.pieces.get_mut(piece)?).get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, name: String, value: V) -> Option<V> {
        let piece = self.piece(&name);
        let Some(entries) = self.pieces.get_mut(piece).map(Arc::make_mut) else {
            self.pieces.push(Arc::new(vec![(name, value)]));
            return None;
        };
        match entries.binary_search_by(|(own, _)| own.cmp(&name)) {
            Ok(at) => Some(std::mem::replace(&mut entries[at].1, value)),
            Err(at) => {
                entries.insert(at, (name, value));
                if entries.len() > LIMIT {
                    let rest = entries.split_off(LIMIT / 2);
                    self.pieces.insert(piece + 1, Arc::new(rest));
                }
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        let (piece, at) = self.place(name)?;
        let entries = self.pieces.get_mut(piece).map(Arc::make_mut)?;
        let (_, value) = entries.remove(at);
        if entries.is_empty() {
            self.pieces.remove(piece);
        }
        Some(value)
    }

    /// Lends the value of a name, made where there is none.
    pub(crate) fn or_default(&mut self, name: &str) -> &mut V
    where
        V: Default,
    {
        if !self.contains_key(name) {
            self.insert(name.to_owned(), V::default());
        }
        let (piece, at) = self.place(name).unwrap_or_default();
        &mut Arc::make_mut(&mut self.pieces[piece])[at].1
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.pieces.iter_mut().flat_map(Arc::make_mut).map(|(_, value)| value)
    }
}

/// The entries of a map.
#[derive(Debug)]
pub(crate) struct Iter<'a, V> {
    pieces: std::slice::Iter<'a, Arc<Vec<(String, V)>>>,
    entries: std::slice::Iter<'a, (String, V)>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a String, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((name, value)) = self.entries.next() {
                return Some((name, value));
            }
            self.entries = self.pieces.next()?.iter();
        }
    }
}

impl<'a, V> IntoIterator for &'a SharedMap<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

impl<V> Default for SharedMap<V> {
    fn default() -> Self {
        SharedMap { pieces: Vec::new() }
    }
}

impl<V: PartialEq> PartialEq for SharedMap<V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<V: Eq> Eq for SharedMap<V> {}

impl<V> FromIterator<(String, V)> for SharedMap<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        let sorted: ByName<V> = entries.into_iter().collect();
        let mut pieces: Vec<Vec<(String, V)>> = Vec::new();
        for entry in sorted {
            match pieces.last_mut().filter(|piece| piece.len() < LIMIT / 2) {
                Some(piece) => piece.push(entry),
                None => pieces.push(vec![entry]),
            }
        }
        SharedMap { pieces: pieces.into_iter().map(Arc::new).collect() }
    }
}

#[cfg(feature = "cli")]
impl<V: serde::Serialize> serde::Serialize for SharedMap<V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_is_a_map_and_its_clones_are_their_own() {
        let mut map = SharedMap::default();
        let mut plain = BTreeMap::new();
        let mut number = 7u32;
        for _ in 0..2000 {
            number = number.wrapping_mul(1_103_515_245).wrapping_add(12345);
            let name = format!("{}", number % 600);
            if number.is_multiple_of(3) {
                assert_eq!(map.remove(&name), plain.remove(&name));
            } else {
                assert_eq!(map.insert(name.clone(), number), plain.insert(name, number));
            }
        }
        assert!(map.iter().eq(plain.iter()));
        let kept = map.clone();
        let mut changed = map.clone();
        changed.insert("5".to_owned(), 1);
        changed.insert("5x".to_owned(), 2);
        changed.remove("7");
        let differing: Vec<_> =
            kept.differing(&changed).filter(|(_, one, two)| one != two).map(|(name, ..)| name).collect();
        let expected: Vec<&str> =
            ["5", "5x", "7"].into_iter().filter(|name| kept.get(name) != changed.get(name)).collect();
        assert_eq!(differing, expected);
        assert!(kept.differing(&changed).count() < kept.len());
        *map.or_default("new") += 1;
        map.values_mut().for_each(|value| *value = 0);
        assert!(kept.iter().eq(plain.iter()));
        assert_eq!(map.get("new"), Some(&0));
        assert_eq!(plain.into_iter().collect::<SharedMap<u32>>(), kept);
    }
}
