use super::read;
use crate::language::Role;
use crate::sql::Retry;
use whimbrel_grammar::Language;

fn said(text: &str, role: Role) -> Vec<String> {
    read(text, role).complaints.into_iter().map(|complaint| complaint.message).collect()
}

fn retry(text: &str) -> Retry {
    let reading = read(text, Role::Work);
    assert_eq!(reading.statements.len(), 1, "{text}: {:?}", reading.complaints);
    reading.statements[0].retry.clone()
}

#[test]
fn commands_stand_one_after_another() {
    let text = "\u{feff}// a {\n{\"create\": \"a\"}; {\"insert\": \"a\", // b\r\n \"documents\": [{\"t\": \"}; //\"}]}\n{\"drop\":\"a\"}";
    let reading = read(text, Role::Work);
    assert_eq!(reading.complaints, []);
    let statements: Vec<&str> = reading.statements.iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(statements[0], "{\"create\": \"a\"}");
    assert!(statements[1].starts_with("{\"insert\"") && statements[1].ends_with("}; //\"}]}"));
    assert_eq!(statements[2], "{\"drop\":\"a\"}");
}

#[test]
fn what_is_no_json_is_shown() {
    for (text, message) in [
        ("{\"create\": 'a'}", "JSON has no strings in `'`"),
        ("{create: \"a\"}", "the key `create` is not in quotes"),
        ("{\"create\": \"a\",}", "a comma before `}`"),
        ("{\"create\": \"a\" \"b\": 1}", "expected `,` or `}`, found `\"b\"`"),
        ("{\"create\": \"a\"", "this `{` is never closed"),
        ("{\"create\": \"a\n\"}", "this string is never closed"),
        ("{\"create\" \"a\"}", "expected `:` behind the key `create`, found `\"a\"`"),
        ("{\"create\":", "a value is missing behind this"),
        ("{\"create\": \"\\x\"}", "JSON has no such escape"),
        ("{\"create\": \"\\ud800\"}", "JSON has no such escape"),
        ("{\"insert\": \"a\", \"documents\": [{\"_id\": ObjectId(\"1\")}]}", "`ObjectId` is no value of JSON"),
        ("{\"a\": 01}", "`01` is no number of JSON"),
        ("{\"a\": 1.}", "`1.` is no number of JSON"),
        ("{\"a\": 1e999}", "`1e999` is no number of JSON"),
        ("{\"a\": 1, \"a\": 2}", "the key `a` is given twice"),
        ("{\"a\": 1}, {\"b\": 1}", "no comma is between two commands"),
        ("db.users.drop()", "`db` is the shell's language, not a command"),
        ("/* a */ {\"drop\": \"a\"}", "a comment begins with `//` here"),
        ("[{\"drop\": \"a\"}]", "expected a command, found `[`"),
        ("{}", "a command without a name"),
    ] {
        assert_eq!(said(text, Role::Work), [message], "{text}");
    }
    assert_eq!(
        said(&format!("{{\"a\": {}{}}}", "[".repeat(101), "]".repeat(101)), Role::Work),
        ["nested deeper than 100 levels"]
    );
}

#[test]
fn commands_have_what_they_need() {
    for (text, message) in [
        ("{\"creat\": \"a\"}", "there is no command `creat`"),
        ("{\"frobnicate\": 1}", "nobody here knows a command `frobnicate`"),
        ("{\"insert\": \"a\"}", "`insert` needs a field `documents`"),
        ("{\"insert\": \"a\", \"document\": [{}]}", "there is no field `document`"),
        ("{\"create\": 1}", "`create` names a collection"),
        ("{\"update\": \"a\", \"updates\": [{\"q\": {}}]}", "a part of `updates` needs `u`"),
        ("{\"update\": \"a\", \"updates\": [{\"q\": {}, \"u\": {}, \"mutli\": true}]}", "there is no field `mutli`"),
        ("{\"delete\": \"a\", \"deletes\": [{\"q\": {}}]}", "a part of `deletes` needs `limit`"),
        ("{\"createIndexes\": \"a\", \"indexes\": [{\"key\": {\"a\": 1}}]}", "a part of `indexes` needs `name`"),
        ("{\"aggregate\": \"a\", \"pipeline\": []}", "`aggregate` needs a field `cursor`"),
        ("{\"findAndModify\": \"a\", \"query\": {}}", "`findAndModify` needs a field `update`"),
        (
            "{\"dropDatabase\": 1}",
            "`dropDatabase` has no place in a migration: it drops the ledger with everything else",
        ),
        (
            "{\"insert\": \"a\", \"documents\": [{}], \"txnNumber\": 1}",
            "`txnNumber` has no place in a migration: sessions and transactions are whimbrel's",
        ),
    ] {
        assert_eq!(said(text, Role::Work), [message], "{text}");
    }
    for text in [
        "{\"create\": \"a\", \"validator\": {\"$jsonSchema\": {\"required\": [\"b\"]}}, \"newOption\": 1}",
        "{\"createIndexes\": \"a\", \"indexes\": [{\"key\": {\"a\": 1}, \"name\": \"a_1\", \"unique\": true}]}",
        "{\"aggregate\": 1, \"pipeline\": [], \"cursor\": {}}",
        "{\"createUser\": \"u\", \"pwd\": \"p\", \"roles\": []}",
    ] {
        assert_eq!(said(text, Role::Work), [""; 0], "{text}");
    }
}

#[test]
fn what_is_harmless_is_done_again() {
    let update = |q: &str, u: &str, more: &str| {
        retry(&format!("{{\"update\": \"a\", \"updates\": [{{\"q\": {q}, \"u\": {u}{more}}}]}}"))
    };
    let multi = ", \"multi\": true";
    for (q, u, more) in [
        ("{\"x\": 1}", "{\"$set\": {\"x\": 2}, \"$unset\": {\"y\": \"\"}}", multi),
        ("{}", "{\"$rename\": {\"x\": \"y\"}}", multi),
        ("{\"_id\": 1}", "{\"$set\": {\"x\": 2}}", ""),
        ("{\"_id\": {\"$oid\": \"0\"}}", "{\"x\": 2}", ", \"upsert\": true"),
        ("{}", "{\"$addToSet\": {\"x\": 1}, \"$pull\": {\"y\": 1}, \"$max\": {\"z\": 1}}", multi),
    ] {
        assert_eq!(update(q, u, more), Retry::Again, "{u}");
    }
    for (q, u, more) in [
        ("{\"x\": 1}", "{\"$set\": {\"x\": 2}}", ""),
        ("{\"x\": 1}", "{\"$set\": {\"x\": 2}}", ", \"multi\": true, \"upsert\": true"),
        ("{\"_id\": {\"$gt\": 1}}", "{\"$set\": {\"x\": 2}}", ""),
        ("{}", "{\"$inc\": {\"x\": 1}}", multi),
        ("{}", "{\"$push\": {\"x\": 1}}", multi),
        ("{}", "{\"$set\": {\"x\": 1}, \"$mul\": {\"y\": 2}}", multi),
        ("{\"x\": 1}", "{\"$set\": {\"x.$\": 2}}", multi),
        ("{}", "{\"$rename\": {\"x\": \"y\", \"y\": \"z\"}}", multi),
        ("{}", "[{\"$set\": {\"x\": \"$y\"}}]", multi),
        ("{\"x\": 1}", "{\"y\": 1}", ""),
    ] {
        assert_eq!(update(q, u, more), Retry::Ask, "{u}");
    }
    use Retry::{Again, Ask};
    for (text, known) in [
        ("{\"insert\": \"a\", \"documents\": [{\"_id\": 1}, {\"_id\": 2}]}", Again),
        ("{\"insert\": \"a\", \"documents\": [{\"_id\": 1}, {\"x\": 2}]}", Ask),
        ("{\"delete\": \"a\", \"deletes\": [{\"q\": {\"x\": 1}, \"limit\": 0}]}", Again),
        ("{\"delete\": \"a\", \"deletes\": [{\"q\": {\"x\": 1}, \"limit\": 1}]}", Ask),
        ("{\"delete\": \"a\", \"deletes\": [{\"q\": {\"_id\": 1}, \"limit\": 1}]}", Again),
        ("{\"findAndModify\": \"a\", \"query\": {\"x\": 1}, \"remove\": true}", Ask),
        ("{\"findAndModify\": \"a\", \"query\": {\"_id\": 1}, \"update\": {\"$set\": {\"x\": 1}}}", Again),
        ("{\"create\": \"a\"}", Again),
        ("{\"drop\": \"a\"}", Again),
        ("{\"aggregate\": \"a\", \"pipeline\": [{\"$out\": \"b\"}], \"cursor\": {}}", Again),
        ("{\"aggregate\": \"a\", \"pipeline\": [{\"$out\": \"a\"}], \"cursor\": {}}", Ask),
        (
            "{\"aggregate\": \"a\", \"pipeline\": [{\"$merge\": {\"into\": \"b\", \"whenMatched\": \"fail\"}}], \"cursor\": {}}",
            Ask,
        ),
        (
            "{\"aggregate\": \"a\", \"pipeline\": [{\"$sample\": {\"size\": 1}}, {\"$merge\": \"b\"}], \"cursor\": {}}",
            Ask,
        ),
        ("{\"createUser\": \"u\"}", Ask),
    ] {
        assert_eq!(retry(text), known, "{text}");
    }
}

#[test]
fn only_documents_are_in_a_transaction() {
    let is_data = |text: &str| read(text, Role::Work).statements.iter().all(|statement| statement.is_data);
    assert!(is_data("{\"insert\": \"a\", \"documents\": [{}]} {\"delete\": \"a\", \"deletes\": []}"));
    assert!(!is_data("{\"insert\": \"a\", \"documents\": [{}]} {\"create\": \"b\"}"));
    assert!(!is_data("{\"insert\": \"a\", \"documents\": [{}], \"writeConcern\": {\"w\": 1}}"));
}

#[test]
fn questions_only_read() {
    for text in [
        "{\"count\": \"a\", \"query\": {\"x\": 1}}",
        "{\"aggregate\": \"a\", \"pipeline\": [{\"$count\": \"n\"}], \"cursor\": {}}",
    ] {
        assert_eq!(said(text, Role::Question), [""; 0], "{text}");
    }
    assert_eq!(
        said("{\"aggregate\": \"a\", \"pipeline\": [{\"$out\": \"b\"}], \"cursor\": {}}", Role::Question),
        ["`aggregate` is no question"]
    );
    assert_eq!(said("{\"drop\": \"a\"}", Role::Question), ["`drop` is no question"]);
}

#[test]
fn a_checksum_is_of_the_tokens() {
    let checksum = |text: &str| read(text, Role::Work).checksum(text, Language::Mongodb, &[]);
    assert_eq!(checksum("{\"drop\": \"a\"}"), checksum("// x\r\n{ \"drop\" :\n\"a\" };"));
    assert_ne!(checksum("{\"drop\": \"a\"}"), checksum("{\"drop\": \"b\"}"));
    assert_ne!(checksum("{\"drop\": \"a b\"}"), checksum("{\"drop\": \"a  b\"}"));
}
