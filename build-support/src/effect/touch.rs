//! What a whole script does to each relation that was there before it.

use super::{Effect, Lock, Work};
use crate::by_name::ByName;

/// What a script does to one relation, all its statements taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    /// `schema.name`.
    pub(crate) relation: String,
    /// The strongest lock; `None` where the server has none of relations.
    pub(crate) lock: Option<Lock>,
    /// The longest work.
    pub(crate) work: Work,
}

/// Sums effects up, by relation.
pub(crate) fn touches(effects: &[Effect]) -> Vec<Touch> {
    let mut sums = ByName::new();
    for Effect { relation, lock, work, .. } in effects {
        let sum = sums.or_insert(relation, (*lock, *work));
        *sum = (sum.0.max(*lock), sum.1.max(*work));
    }
    let touch = |(relation, (lock, work))| Touch { relation, lock: Some(lock), work };
    sums.into_iter().map(touch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Cause;

    #[test]
    fn a_relation_is_named_once_with_the_worst_that_is_done_to_it() {
        let effect = |relation: &str, lock, work| Effect {
            relation: relation.to_owned(),
            lock,
            work,
            cause: Cause::Definition,
            range: 0..0,
        };
        let touch = |relation: &str, lock, work| Touch { relation: relation.to_owned(), lock: Some(lock), work };
        let found = [
            effect("public.users", Lock::Share, Work::Build),
            effect("app.posts", Lock::RowExclusive, Work::Nothing),
            effect("public.users", Lock::AccessExclusive, Work::Nothing),
        ];
        let sums = [
            touch("app.posts", Lock::RowExclusive, Work::Nothing),
            touch("public.users", Lock::AccessExclusive, Work::Build),
        ];
        assert_eq!(touches(&found), sums);
    }
}
