//! Scripts with their words cut, swapped and repeated at random: reading never panics, and every place is in the text.

use crate::postgres::{statement, syntax};

/// Words that scripts are made of here, some of them no words at all.
const WORDS: &str = "CREATE TABLE t ( a int PRIMARY KEY , b varchar ( 8 ) NOT NULL DEFAULT 'x' ) ; ALTER ADD COLUMN IF EXISTS \
    DROP CONSTRAINT c CHECK > 0 REFERENCES u ON DELETE CASCADE INDEX CONCURRENTLY UNIQUE WHERE IS SELECT * FROM JOIN USING \
    INSERT INTO VALUES UPDATE SET = RETURNING CASE WHEN THEN ELSE END :: [ ] ARRAY . $$ $x$ $1 E'\\' U&\"d\\0061\" \"q\" \" ' -- \
    /* */ FUNCTION RETURNS trigger LANGUAGE plpgsql AS BEGIN NEW IF LOOP INTO DO $$BEGIN NULL;END$$ ATOMIC VIEW WITH RECURSIVE \
    TYPE ENUM PARTITION BY RANGE OF FOR EXCLUDE gist && SCHEMA COMMENT GRANT TO ROLE é ÄÖ 🦜 `q` == != <> -1 1e 0x 1_000 x.y.z ( ( )";

/// A generator of numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn whatever_is_read_has_its_place_in_the_text() {
    let scripts = std::env::var("WHIMBREL_RANDOM_SCRIPTS").map_or(1_000, |count| count.parse().unwrap());
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let marked = include_str!("mistakes.txt").lines().filter(|line| !line.starts_with(' '));
    let known: Vec<Vec<&str>> = marked.map(|line| line.split(['«', '»', ' ']).collect()).collect();
    let mut numbers = Numbers(1);
    for number in 0..scripts {
        let mut script: Vec<&str> = match number % 3 {
            0 => (0..numbers.below(24)).map(|_| words[numbers.below(words.len())]).collect(),
            _ => known[numbers.below(known.len())].clone(),
        };
        for _ in 0..numbers.below(4) {
            let at = numbers.below(script.len().max(1));
            let (other, word) = (numbers.below(script.len().max(1)), words[numbers.below(words.len())]);
            match numbers.below(4) {
                0 if at < script.len() => drop(script.remove(at)),
                1 if at < script.len() => script.swap(at, other),
                2 if at < script.len() => script.insert(at, script[other]),
                _ => script.insert(at.min(script.len()), word),
            }
        }
        inspect(&script.join(if number % 5 == 0 { "\n" } else { " " }));
    }
}

fn inspect(text: &str) {
    let script = syntax::read(text).unwrap();
    for error in &script.errors {
        assert!(text.get(error.range.clone()).is_some(), "{error:?} in {text}");
        assert!(!error.message.is_empty() && !error.message.contains("_KW"), "{error:?} in {text}");
    }
    for statement in statement::lower_all(&script) {
        assert!(text.get(statement.range.clone()).is_some(), "{:?} in {text}", statement.range);
        for act in statement.acts {
            assert!(text.get(act.range.clone()).is_some(), "{:?} in {text}", act.range);
        }
    }
}
