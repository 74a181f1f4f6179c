//! Strings and names, by what they stand for.

use super::*;

fn literal(sql: &str) -> Literal {
    let (root, _) = crate::postgres::syntax::script(&format!("SELECT {sql}")).unwrap();
    root.syntax().descendants().find_map(Literal::cast).unwrap()
}

fn name(sql: &str) -> String {
    let (root, _) = crate::postgres::syntax::script(&format!("DROP TABLE {sql}")).unwrap();
    let segment = root.syntax().descendants().find(|node| node.kind() == SyntaxKind::PATH_SEGMENT_REF);
    word(&segment.unwrap())
}

#[test]
fn strings_stand_for_texts() {
    for (written, text) in [
        ("'a''b'", "a'b"),
        (r"'a\nb'", r"a\nb"),
        ("'a'\n  'b'", "ab"),
        (r"E'a\nb\'\'c\\'", "a\nb''c\\"),
        (r"E'\x41\102\u0043\U00000044\q\xz'", "ABCDqxz"),
        (r"E'\xc3\xa9\303\251'", "éé"),
        (r"E'\xc3a\xff'", "\u{fffd}a\u{fffd}"),
        (r"E'a\0b'", "ab"),
        ("E'a\\t'\n'b\\t'", "a\tb\t"),
        (r"U&'d\0061t\+000061 \\ ''q'' \d83d\de00'", r"data \ 'q' 😀"),
        (r"U&'d!0061t' UESCAPE '!'", "dat"),
        ("N'a''b'", "a'b"),
        ("B'01'", "01"),
        ("X'1F'", "1F"),
        ("$$a'b$$", "a'b"),
        ("$x$ $$ $x$", " $$ "),
        ("'é''ä'", "é'ä"),
    ] {
        assert_eq!(literal(written).string_value().as_deref(), Some(text), "{written}");
    }
    assert_eq!(literal("'a").string_value(), None);
    assert_eq!(literal("$x$a$y$").string_value(), None);
}

#[test]
fn letters_keep_their_places() {
    for written in ["'a''b'", r"E'a\nb\x41é\u00e9b'", "'a'\n  'b'", "$x$ab$x$", r"U&'\0061''b'", r"E'b\n'"] {
        let text = literal(written).decoded().unwrap();
        let sql = format!("SELECT {written}");
        for (at, letter) in text.text().char_indices().filter(|(_, letter)| *letter == 'b') {
            assert!(sql[text.place(at)..].starts_with(letter), "{written}");
        }
        let end = text.place(text.text().len());
        assert!(sql[end..].starts_with(['\'', '$']), "{written} ends at {end}");
    }
}

#[test]
fn names_are_folded_unless_quoted() {
    for (written, read) in [
        ("Users", "users"),
        (r#""Users""#, "Users"),
        (r#""a""b""#, "a\"b"),
        (r#"U&"\0055s\+000065r""#, "User"),
        (r#"U&"!0055s" UESCAPE '!'"#, "Us"),
        (r#"U&"\d83d\de00""#, "😀"),
    ] {
        assert_eq!(name(written), read, "{written}");
    }
}
