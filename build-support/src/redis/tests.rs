use super::line::{Argument, split};
use super::read;
use crate::language::Role;
use crate::sql::Retry;
use whimbrel_grammar::Language;

fn values(line: &str) -> Vec<String> {
    split(line, 0).unwrap().iter().map(Argument::text).collect()
}

fn said(text: &str, role: Role) -> Vec<String> {
    read(text, role).complaints.into_iter().map(|complaint| complaint.message).collect()
}

#[test]
fn a_line_is_split_as_redis_cli_does() {
    assert_eq!(values("SET a b\r\n"), ["SET", "a", "b"]);
    assert_eq!(values("\tSET  'it\\'s \\n' \"a\\n\\x41\\\"\\q\""), ["SET", "it's \\n", "a\nA\"q"]);
    assert_eq!(values("SET pre\"fix \" ''"), ["SET", "prefix ", ""]);
    assert_eq!(values(" # SET a b"), [""; 0]);
    assert_eq!(split("SET \"\\xff\"", 0).unwrap()[1].value, [0xff]);
    assert_eq!(said("SET \"a\"b c", Role::Work), ["a quote is closed in the middle of an argument"]);
    assert_eq!(
        said("SET a 'b\nSET \"c\\\"\n", Role::Work),
        ["this string is never closed", "this string is never closed"]
    );
}

#[test]
fn statements_are_lines_with_their_places() {
    let text = "\u{feff}# schema: 1.0.0\r\n\r\nSET a \"b c\"\r\n  # not one\n  HSET h f v # no\n";
    let reading = read(text, Role::Work);
    let statements: Vec<&str> = reading.statements.iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(statements, ["SET a \"b c\"", "HSET h f v # no"]);
}

#[test]
fn commands_are_known_by_name_and_number_of_arguments() {
    for (text, message) in [
        ("hste a b c", "there is no command `hste`"),
        ("SET a", "`SET` takes 2 arguments or more, and has 1"),
        ("GET", "`GET` takes 1 argument, and has none"),
        ("DBSIZE now", "`DBSIZE` takes no argument, and has 1"),
        ("HSET h f v g", "`HSET` takes a value for each field, and the last has none"),
        ("MSET a 1 b", "`MSET` takes a value for each key, and the last has none"),
        ("FROBNICATE all", "nobody here knows a command `FROBNICATE`"),
        ("WHIMBREL.UNLNK a:*", "whimbrel has no statement `WHIMBREL.UNLNK`"),
        ("WHIMBREL.COPY a:* b:*", "`WHIMBREL.COPY` is written in another way"),
        ("WHIMBREL.UNLINK *", "this would be every key there is"),
        ("WHIMBREL.UNLINK a", "`a` is no pattern of keys"),
        ("WHIMBREL.UNLINK a?:*", "`?` inside of a pattern of keys"),
        ("WHIMBREL.RENAME a:* TO a:b:*", "the keys of `a:b:*` and those of `a:*` can be the same"),
    ] {
        assert_eq!(said(text, Role::Work), [message], "{text}");
    }
    for text in [
        "SET a b EX 10",
        "hset h f v",
        "XADD s * f v",
        "JSON.SET a $ '{}'",
        "ZRANK z m WITHSCORE",
        "WHIMBREL.RENAME a:* to b:*",
        "XGROUP CREATE s g $ MKSTREAM",
    ] {
        assert_eq!(said(text, Role::Work), [""; 0], "{text}");
    }
}

#[test]
fn what_has_no_place_is_refused() {
    for name in [
        "KEYS *",
        "FLUSHALL",
        "FLUSHDB",
        "SELECT 1",
        "SWAPDB 0 1",
        "MULTI",
        "EXEC",
        "WATCH a",
        "DISCARD",
        "SUBSCRIBE c",
        "BLPOP l 0",
        "SHUTDOWN",
        "CONFIG SET a b",
        "DEBUG SLEEP 1",
        "MONITOR",
        "XREAD BLOCK 0 STREAMS s $",
    ] {
        let complaints = read(name, Role::Work).complaints;
        assert_eq!(
            complaints.iter().map(|complaint| complaint.code).collect::<Vec<_>>(),
            ["refused_command"],
            "{name}"
        );
    }
}

#[test]
fn what_can_be_in_a_script_is_done_together() {
    let retries: Vec<Retry> = read(
        "SET a b\nWHIMBREL.UNLINK a:*\nEVAL 'return 1' 0\nFUNCTION LOAD REPLACE '#!lua name=l'\nFUNCTION LOAD '#!lua name=l'\nFT.CREATE i SCHEMA a TEXT\nJSON.DEL a",
        Role::Work,
    )
    .statements
    .into_iter()
    .map(|statement| statement.retry)
    .collect();
    use Retry::{Again, Ask, Together};
    assert_eq!(retries, [Together, Again, Together, Again, Ask, Ask, Together]);
    let is_data = |text: &str| read(text, Role::Work).statements.iter().all(|statement| statement.is_data);
    assert!(is_data("SET a b\nDEL c") && !is_data("SET a b\nWHIMBREL.UNLINK c:*"));
}

#[test]
fn questions_only_read() {
    for text in ["EXISTS a", "GET a = \"b c\"", "HGET h = = x", "TYPE a = hash", "XINFO STREAM s", "JSON.TYPE a"] {
        assert_eq!(said(text, Role::Question), [""; 0], "{text}");
    }
    assert_eq!(said("SET a b", Role::Question), ["`SET` is no question"]);
    assert_eq!(said("GET a b = c", Role::Question), ["`GET` takes 1 argument, and has 2"]);
    assert_eq!(said("GET a \"=\" c", Role::Question), ["`GET` takes 1 argument, and has 3"]);
    assert_eq!(said("WHIMBREL.UNLINK a:*", Role::Question), ["`WHIMBREL.UNLINK` is no question"]);
}

#[test]
fn a_checksum_is_of_the_arguments() {
    let checksum = |text: &str| read(text, Role::Work).checksum(text, Language::Redis, &[]);
    assert_eq!(checksum("SET a b\n"), checksum("# a\r\n  SET   a b\r\n\r\n"));
    assert_ne!(checksum("SET a b"), checksum("SET a \"b\""));
    assert_ne!(checksum("SET a b\nDEL c"), checksum("SET a b DEL c"));
    assert_ne!(checksum("SET a b"), read("SET a b", Role::Work).checksum("SET a b", Language::Cypher, &[]));
}

#[test]
fn a_rollback_says_what_it_loses() {
    let losses = read("DEL a b\nHSET c f v\nGET d\nWHIMBREL.UNLINK e:*\nFT.DROPINDEX i", Role::Work).losses;
    assert_eq!(
        losses,
        ["deletes key `a`", "deletes key `b`", "changes key `c`", "deletes the keys `e:*`", "runs `FT.DROPINDEX`"]
    );
}
