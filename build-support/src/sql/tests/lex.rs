use super::lex;
use crate::sql::Dialect::{self, Postgres, Sqlite};
use crate::sql::{SqlErrorKind, TokenKind};

fn texts(text: &str, dialect: Dialect) -> Vec<&str> {
    lex(text, dialect).unwrap().iter().map(|token| token.text(text)).collect()
}

fn kinds(text: &str, dialect: Dialect) -> Vec<TokenKind> {
    lex(text, dialect).unwrap().iter().map(|token| token.kind).collect()
}

#[test]
fn both_dialects() {
    for dialect in [Postgres, Sqlite] {
        assert_eq!(texts("\u{feff}a.b(1.5e-3,.5)", dialect), ["a", ".", "b", "(", "1.5e-3", ",", ".5", ")"]);
        assert_eq!(texts("'it''s' \"a\"\"b\" X'00'", dialect), ["'it''s'", "\"a\"\"b\"", "X'00'"]);
        assert_eq!(texts("a<=b < = c->>d", dialect), ["a", "<=", "b", "<", "=", "c", "->>", "d"]);
        assert_eq!(texts("x=-1", dialect), ["x", "=", "-", "1"]);
        assert_eq!(texts("x=--1\n2", dialect), ["x", "=", "--1", "2"]);
        assert_eq!(texts("a<>/* no */b", dialect), ["a", "<>", "/* no */", "b"]);
        assert_eq!(texts("größe ταῦ_1", dialect), ["größe", "ταῦ_1"]);
        assert_eq!(
            kinds("/* a *//*! b *//*+ c */-- d", dialect),
            [TokenKind::Comment, TokenKind::ExecutableComment, TokenKind::ExecutableComment, TokenKind::Comment]
        );
    }
}

#[test]
fn postgres_has_its_own_literals() {
    assert_eq!(texts(r"E'a\'b'", Postgres), [r"E'a\'b'"]);
    assert_eq!(texts(r"'\' x", Postgres), [r"'\'", "x"]);
    assert_eq!(texts("U&\"d\" N'n'", Postgres), ["U&\"d\"", "N'n'"]);
    assert_eq!(texts("$$a;'$x$$ $x$ $$ $y$ $x$", Postgres), ["$$a;'$x$$", "$x$ $$ $y$ $x$"]);
    assert_eq!(texts("a$b$ $1+$2", Postgres), ["a$b$", "$1", "+", "$2"]);
    assert_eq!(texts("x::int[1:2] y:=1", Postgres), ["x", "::", "int", "[", "1", ":", "2", "]", "y", ":=", "1"]);
    assert_eq!(texts("a @>- b ?| c", Postgres), ["a", "@>-", "b", "?|", "c"]);
    assert_eq!(texts("/* a /* b */ ; */ c", Postgres), ["/* a /* b */ ; */", "c"]);
    assert_eq!(texts("-- a\rb", Postgres), ["-- a", "b"]);
}

#[test]
fn sqlite_has_its_own_quotes() {
    assert_eq!(texts("`a``b` [c ; d] ?1 :x @y $z", Sqlite), ["`a``b`", "[c ; d]", "?1", ":x", "@y", "$z"]);
    assert_eq!(texts(r"E'\' x", Sqlite), ["E", r"'\'", "x"]);
    assert_eq!(texts("/* a /* b */ c", Sqlite), ["/* a /* b */", "c"]);
    assert_eq!(texts("a||-b*-c", Sqlite), ["a", "||", "-", "b", "*", "-", "c"]);
    assert_eq!(texts("a /* to the end", Sqlite), ["a", "/* to the end"]);
    assert_eq!(texts("-- a\rb", Sqlite), ["-- a\rb"]);
}

#[test]
fn what_is_never_closed_is_shown_at_its_opening() {
    let cases = [
        ("a 'b", Postgres, SqlErrorKind::UnterminatedString, 2..3),
        ("a E'b\\'", Postgres, SqlErrorKind::UnterminatedString, 2..4),
        ("a \"b", Sqlite, SqlErrorKind::UnterminatedName('"'), 2..3),
        ("[b", Sqlite, SqlErrorKind::UnterminatedName(']'), 0..1),
        ("/* /* */", Postgres, SqlErrorKind::UnterminatedComment { nests: true }, 0..2),
        ("x $a$ $b$", Postgres, SqlErrorKind::UnterminatedDollarQuote("$a$".into()), 2..5),
        ("x \\d users \r\n", Postgres, SqlErrorKind::PsqlCommand("\\d".into()), 2..10),
    ];
    for (text, dialect, kind, range) in cases {
        let error = lex(text, dialect).unwrap_err();
        assert_eq!((error.kind, error.range), (kind, range), "{text}");
    }
}

#[test]
fn an_error_says_what_to_write() {
    let error = lex("SELECT 'it's'", Postgres).unwrap_err();
    assert_eq!(error.to_string(), "this string is never closed");
    assert_eq!(error.help(), "close it with `'`; a quote inside a string is written twice, `''`");
    let error = lex("\\connect app", Postgres).unwrap_err();
    assert_eq!(error.to_string(), "`\\connect` is a command of psql, not SQL");
    assert_eq!(error.help(), "take the line out, or write the SQL that it stands for");
}
