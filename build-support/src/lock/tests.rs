use super::{Entry, Lock, read, write};

fn entry(id: &str) -> Entry {
    Entry { id: id.to_owned(), algorithm: 1, checksum: "a".repeat(64), rules: 1, ..Entry::default() }
}

fn full() -> Lock {
    let second = Entry {
        schema: Some("1.2.0".to_owned()),
        on: Some("cache".to_owned()),
        text: Some("b".repeat(64)),
        down: Some("c".repeat(64)),
        replaced: Some("20240202000000_squash".to_owned()),
        rules: 0,
        ..entry("20240101120000_zweite_größe")
    };
    Lock { entries: vec![entry("0001_first"), second] }
}

#[test]
fn what_is_written_is_read_again() {
    for lock in [Lock::default(), full()] {
        let text = write(&lock);
        assert_eq!(read(&text, 0).unwrap(), lock);
        assert_eq!(read(&format!("\u{feff}{}", text.replace('\n', "\r\n")), 0).unwrap(), lock);
    }
}

#[test]
fn an_entry_knows_where_its_words_stand() {
    let text = write(&full());
    let lock = read(&text, 0).unwrap();
    let places = &lock.entries[1].places;
    assert_eq!(&text[places.id.clone()], "20240101120000_zweite_größe");
    assert_eq!(&text[places.schema.clone().unwrap()], "1.2.0");
    assert_eq!(&text[places.checksum.clone()], "a".repeat(64));
    assert_eq!(&text[places.down.clone().unwrap()], "c".repeat(64));
}

/// Gives the code of each mistake with the words that it points at.
fn mistakes(text: &str) -> Vec<(&'static str, String, &str)> {
    let found = read(text, 0).err().unwrap_or_default();
    let shown = |diagnostic: crate::report::Diagnostic| {
        (diagnostic.code, diagnostic.message.clone(), &text[diagnostic.labels[0].place.range.clone()])
    };
    found.into_iter().map(shown).collect()
}

fn mistake(text: &str) -> (&'static str, String, &str) {
    let mut found = mistakes(text);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn each_mistake_is_reported_at_its_byte() {
    let sound = write(&Lock { entries: vec![entry("0001_first")] });
    for (from, to, at, said) in [
        ("version = 1\n", "", "[[migration]]", "a lock file begins with `version = 1`"),
        ("version = 1\n", "version = \"1\"\n", "1", "the format is a number from 1 to 1"),
        ("version = 1\n", "version = 1\nversion = 1\n", "version", "this stands before the first `[[migration]]`"),
        ("[[migration]]", "[migration]", "[migration]", "no other table than `[[migration]]` stands here"),
        ("id = \"0001_first\"\n", "", "[[migration]]", "this migration has no `id`"),
        ("id = \"0001_first\"", "id = \"m0001_first\"", "m0001_first", "`m0001_first` is no migration's id"),
        ("id = \"0001_first\"", "id = \"0001_first", "\"0001_first", "this text is never closed"),
        ("id = \"0001_first\"", "id = \"0001_f\\u0069rst\"", "\\", "nothing is escaped in a lock file"),
        ("id = ", "id : ", "id : \"0001_first\"", "expected `key = value`"),
        ("id = ", "= ", "=", "expected a key before `=`"),
        ("algorithm", "algoritm", "algoritm", "a migration has no `algoritm`, did you mean `algorithm`?"),
        ("algorithm = 1", "algorithm = \"1\"", "1", "`algorithm` is a whole number from 0 to 65535"),
        ("algorithm = 1", "algorithm = -1", "-1", "`algorithm` is a whole number from 0 to 65535"),
        ("algorithm = 1", "algorithm =", "algorithm =", "expected a value after `=`"),
        ("rules = 1", "rules = 1 2", "2", "expected the end of the line"),
        ("rules = 1", "rules = 1\nrules = 1", "rules", "`rules` is given twice"),
        ("rules = 1", "rules = 99999", "99999", "`rules` is a whole number from 0 to 65535"),
    ] {
        assert!(sound.contains(from));
        let text = sound.replacen(from, to, 1);
        // Without their version or table the lines below are wrong as well; the first mistake says why.
        let found = mistakes(&text);
        assert_eq!((found[0].0, found[0].1.as_str(), found[0].2), ("lock_syntax", said, at), "{text}");
    }
    let text = sound.replacen("aaaa", "AAAA", 1);
    assert_eq!(mistake(&text).1, "a checksum is 64 digits, 0 to 9 and a to f");
    assert_eq!(mistake("").1, "a lock file begins with `version = 1`");
}

#[test]
fn order_is_kept_and_nothing_stands_twice() {
    let lock = |ids: &[&str]| write(&Lock { entries: ids.iter().map(|id| entry(id)).collect() });
    assert_eq!(mistake(&lock(&["0002_b", "0001_a"])).0, "lock_order");
    assert_eq!(mistake(&lock(&["0001_a", "0002_b", "0001_a"])).0, "lock_duplicate");
    assert_eq!(mistakes(&lock(&["9_a", "10_b"])), []);
}

#[test]
fn a_newer_format_is_no_heap_of_mistakes() {
    assert_eq!(mistake("version = 2\n[whimbrel]\nmigrations = [\n").0, "lock_version");
}

#[test]
fn a_conflict_is_one_mistake() {
    let text = write(&full());
    let (first, second) = text.split_at(text.rfind("[[migration]]").unwrap());
    let text = format!("{first}<<<<<<< HEAD\n{second}=======\n{second}>>>>>>> other\n");
    assert_eq!((mistake(&text).0, mistake(&text).2), ("lock_conflict", "<<<<<<< HEAD"));
    assert_eq!(mistake(&text.replace(">>>>>>> other\n", "")).0, "lock_conflict");
    assert_eq!(mistake(&text.replace("<<<<<<< HEAD\n", "")).0, "lock_conflict");
    assert_eq!(mistakes(&text.replace('\n', "\r\n")).len(), 1);
}

#[test]
fn a_file_that_is_none_is_not_answered_line_by_line() {
    assert_eq!(mistakes(&"nonsense\n".repeat(1_000)).len(), 20);
}
