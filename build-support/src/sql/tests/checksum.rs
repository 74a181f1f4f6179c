use super::super::checksum::{checksum, text_checksum};
use crate::sql::Dialect::{self, Postgres, Sqlite};
use crate::sql::Script;

// Computed by Python's hashlib over the bytes that the module's documentation describes.
const USERS: &str = "cd7bcf8d56d968a57e76802d0e975ff85f6862654516cece1e7a6796154fc8d5";
const USERS_WITH_OPTION: &str = "40ca2c84d8047a28f752c0d7a0fa88973a51c281775fde6e9068ce3daf732e85";
const FUNCTION_AND_SELECT: &str = "8b02b1e619d3c4c46799bc532dc7fc81e494405684979e3f3a045771d1e2b6a1";
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LINES: &str = "6f52afe4d39e9cf2a7c126277dd775264d5d47ac6af9ed8c6d2040c1839c45aa";

fn sum(text: &str, dialect: Dialect) -> String {
    checksum(&Script::parse(text, dialect).unwrap(), &[])
}

#[test]
fn known_answers() {
    for dialect in [Postgres, Sqlite] {
        assert_eq!(sum("CREATE TABLE users (id INT PRIMARY KEY)", dialect), USERS);
        assert_eq!(sum("", dialect), NOTHING);
    }
    let script = Script::parse("CREATE TABLE users (id INT PRIMARY KEY)", Postgres).unwrap();
    assert_eq!(checksum(&script, &["transaction=false"]), USERS_WITH_OPTION);
    let text = "CREATE FUNCTION f() RETURNS int AS $x$\nSELECT 1; -- one\n$x$ LANGUAGE sql; -- two\n
        SELECT E'it\\'s'||\"a\"\"b\", x::text,$1<=-1.5e-3 /*+ hint */ FROM tä;";
    assert_eq!(sum(text, Postgres), FUNCTION_AND_SELECT);
    assert_eq!(text_checksum("\u{feff}a\r\nb\rc\n"), LINES);
}

#[test]
fn layout_does_not_count() {
    let laid_out = [
        "\u{feff}CREATE TABLE users (id INT PRIMARY KEY);",
        "CREATE TABLE users\r\n(\r\n\tid INT PRIMARY KEY\r\n);\r\n",
        "-- users\nCREATE/* */TABLE users(id INT PRIMARY KEY);;\n;/* end */",
        "BEGIN; CREATE TABLE users (id INT PRIMARY KEY); COMMIT;",
        "begin transaction; CREATE TABLE users (id INT PRIMARY KEY); end",
    ];
    for text in laid_out {
        for dialect in [Postgres, Sqlite] {
            assert_eq!(sum(text, dialect), USERS, "{text}");
        }
    }
    assert_eq!(sum("SELECT $$a\r\nb$$, 'c\r\nd'", Postgres), sum("SELECT $$a\nb$$, 'c\nd'", Postgres));
    assert_eq!(sum("SELECT x=-1", Postgres), sum("SELECT x = -1", Postgres));
}

#[test]
fn what_the_server_sees_counts() {
    let different = [
        ("SELECT 1", "SELECT 2"),
        ("SELECT a", "SELECT A"),
        ("SELECT 'a b'", "SELECT 'a  b'"),
        ("SELECT 'a\nb'", "SELECT 'a\rb'"),
        ("SELECT $$a; -- b$$", "SELECT $$a; -- c$$"),
        ("SELECT $$a$$", "SELECT $b$a$b$"),
        ("SELECT /*+ x */ 1", "SELECT /*+ y */ 1"),
        ("SELECT /*+ x */ 1", "SELECT 1"),
        ("SELECT a <= b", "SELECT a < = b"),
        ("SELECT 'a' 'b'", "SELECT 'a''b'"),
        ("SELECT 1; SELECT 2", "SELECT 2; SELECT 1"),
        ("SELECT 1; SELECT 2", "SELECT 1 SELECT 2"),
        ("COMMIT; SELECT 1; BEGIN", "SELECT 1"),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT", "SELECT 1"),
    ];
    for (one, other) in different {
        assert_ne!(sum(one, Postgres), sum(other, Postgres), "{one} | {other}");
    }
    let script = Script::parse("SELECT 1", Postgres).unwrap();
    assert_ne!(checksum(&script, &["transaction=false"]), checksum(&script, &[]));
    assert_ne!(checksum(&script, &["a", "b"]), checksum(&script, &["ab"]));
}
