//! Values by their names, in the order of the names.
//!
//! Each kind of value in one of the standard library's ordered maps is much code. Here the names are a list of their own, searched by
//! code that knows nothing of the values.

use std::iter::Zip;
use std::{slice, vec};

/// A map for what is few, such as the parts of a table: to make room for an entry moves all that are behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByName<V> {
    /// In order, each once.
    names: Vec<String>,
    /// That of each name.
    values: Vec<V>,
}

/// Finds a name, or where it belongs.
fn place(names: &[String], name: &str) -> Result<usize, usize> {
    names.binary_search_by(|own| own.as_str().cmp(name))
}

impl<V> ByName<V> {
    pub(crate) const fn new() -> ByName<V> {
        ByName { names: Vec::new(), values: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn contains_key(&self, name: &str) -> bool {
        place(&self.names, name).is_ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.values.get(place(&self.names, name).ok()?)
    }

    pub(crate) fn get_key_value(&self, name: &str) -> Option<(&String, &V)> {
        let at = place(&self.names, name).ok()?;
        self.names.get(at).zip(self.values.get(at))
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.values.get_mut(place(&self.names, name).ok()?)
    }

    /// Puts a value under a name; gives the one that was there.
    pub(crate) fn insert(&mut self, name: String, value: V) -> Option<V> {
        match place(&self.names, &name) {
            Ok(at) => Some(std::mem::replace(&mut self.values[at], value)),
            Err(at) => {
                self.names.insert(at, name);
                self.values.insert(at, value);
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        let at = place(&self.names, name).ok()?;
        self.names.remove(at);
        Some(self.values.remove(at))
    }

    /// Lends the value of a name, which is this one where there is none.
    pub(crate) fn or_insert(&mut self, name: &str, value: V) -> &mut V {
        let at = place(&self.names, name).unwrap_or_else(|at| {
            self.names.insert(at, name.to_owned());
            self.values.insert(at, value);
            at
        });
        &mut self.values[at]
    }

    /// Keeps the entries of which that is true.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&String, &mut V) -> bool) {
        for (name, mut value) in std::mem::take(self) {
            if is_kept(&name, &mut value) {
                self.names.push(name);
                self.values.push(value);
            }
        }
    }

    pub(crate) fn keys(&self) -> slice::Iter<'_, String> {
        self.names.iter()
    }

    pub(crate) fn values(&self) -> slice::Iter<'_, V> {
        self.values.iter()
    }

    pub(crate) fn values_mut(&mut self) -> slice::IterMut<'_, V> {
        self.values.iter_mut()
    }

    pub(crate) fn iter(&self) -> Zip<slice::Iter<'_, String>, slice::Iter<'_, V>> {
        self.names.iter().zip(&self.values)
    }
}

impl<V> Default for ByName<V> {
    fn default() -> Self {
        ByName::new()
    }
}

#[cfg(test)]
impl<V> std::ops::Index<&str> for ByName<V> {
    type Output = V;

    fn index(&self, name: &str) -> &V {
        self.get(name).unwrap()
    }
}

impl<V> IntoIterator for ByName<V> {
    type Item = (String, V);
    type IntoIter = Zip<vec::IntoIter<String>, vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.names.into_iter().zip(self.values)
    }
}

impl<'a, V> IntoIterator for &'a ByName<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = Zip<slice::Iter<'a, String>, slice::Iter<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, V> IntoIterator for &'a mut ByName<V> {
    type Item = (&'a String, &'a mut V);
    type IntoIter = Zip<slice::Iter<'a, String>, slice::IterMut<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.names.iter().zip(&mut self.values)
    }
}

impl<V> Extend<(String, V)> for ByName<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.insert(name, value);
        }
    }
}

impl<V> FromIterator<(String, V)> for ByName<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        let mut all = ByName::new();
        all.extend(entries);
        all
    }
}

#[cfg(feature = "cli")]
impl<V: serde::Serialize> serde::Serialize for ByName<V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(test)]
mod tests {
    use super::ByName;
    use std::collections::BTreeMap;

    #[test]
    fn it_is_an_ordered_map() {
        let (mut map, mut plain) = (ByName::new(), BTreeMap::new());
        let mut number = 7u32;
        for _ in 0..2000 {
            number = number.wrapping_mul(1_103_515_245).wrapping_add(12345);
            let name = format!("{}", (number >> 8) % 60);
            match number >> 16 & 3 {
                0 => assert_eq!(map.remove(&name), plain.remove(&name)),
                1 => assert_eq!(map.or_insert(&name, number), plain.entry(name).or_insert(number)),
                2 => assert_eq!(map.get_mut(&name), plain.get_mut(&name)),
                _ => assert_eq!(map.insert(name.clone(), number), plain.insert(name, number)),
            }
            assert!(map.iter().eq(&plain) && map.len() == plain.len());
        }
        map.retain(|name, value| name.len() == 2 && *value % 2 == 0);
        plain.retain(|name, value| name.len() == 2 && *value % 2 == 0);
        assert!(plain.len() > 5 && map.keys().eq(plain.keys()) && map.values().eq(plain.values()));
        let first = plain.keys().next().unwrap().as_str();
        assert_eq!((map[first], map.get(first), map.contains_key("x")), (plain[first], plain.get(first), false));
        assert_eq!(plain.into_iter().rev().collect::<ByName<u32>>(), map);
    }
}
