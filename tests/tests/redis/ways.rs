//! How much is sent, and how things fail.

use crate::{RedisPlace, chain, on_both};
use whimbrel::redis::cmd;
use whimbrel::{Damage, Direction, Kind, Target};

on_both!(
    a_start_with_nothing_to_do_is_one_command,
    a_migration_is_one_script,
    what_came_before_a_failure_is_noted_and_stays,
    a_thousand_commands_are_done_once_each,
    a_script_of_the_authors_is_a_part_of_it,
    the_texts_that_are_shown_are_those_that_are_sent,
    the_schema_version_is_where_its_users_look,
    a_row_that_is_no_row_is_told,
    a_user_without_rights_is_told,
    a_wrong_password_is_told,
);

async fn a_start_with_nothing_to_do_is_one_command(place: &RedisPlace) {
    let registry = chain().add("0001_a", &[&format!("SET {} 1", place.key("a"))]).registry();
    place.apply(registry).await.unwrap();
    let mut databases = place.open(registry).await.unwrap();
    let listener = place.listen();
    assert!(place.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap().is_empty());
    assert_eq!(listener.heard().await.len(), 1);
}

async fn a_migration_is_one_script(place: &RedisPlace) {
    let registry = chain()
        .add(
            "0001_a",
            &[
                &format!("SET {} 1", place.key("a")),
                &format!("INCR {}", place.key("a")),
                &format!("INCR {}", place.key("b")),
            ],
        )
        .registry();
    let mut databases = place.open(registry).await.unwrap();
    place.migrator(registry).init(&mut databases).await.unwrap();
    let listener = place.listen();
    place.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    let heard = listener.heard().await;
    let own: Vec<_> = heard.iter().filter(|line| line.contains("\"INCR\"")).collect();
    assert!(own.len() == 1 && own[0].contains("\"SET\"") && own[0].contains("HSETNX"), "{heard:#?}");
    // Look, lease, read, how far it came, the migration, the lease given back.
    assert_eq!(heard.len(), 6, "{heard:#?}");
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("a"))).await, 2);
}

async fn what_came_before_a_failure_is_noted_and_stays(place: &RedisPlace) {
    let (a, b) = (place.key("a"), place.key("b"));
    let chain_of = |third: &str| {
        chain().add("0001_a", &[&format!("INCR {a}"), &format!("INCR {b}"), third, &format!("INCR {a}")]).registry()
    };
    let wrong = chain_of(&format!("HSET {a} field value"));
    let error = place.apply(wrong).await.unwrap_err();
    assert_eq!(error.server().unwrap().code(), Some("WRONGTYPE"));
    assert!(error.to_string().contains("the 2 statements before it stay done"), "{error}");
    assert_eq!(place.events(wrong).await, ["0001_a statement 1", "0001_a statement 2", "0001_a failed 3"]);
    assert_eq!(place.run::<(i64, i64)>(&format!("MGET {a} {b}")).await, (1, 1));
    let mended = chain_of(&format!("HSET {b}:h field value"));
    place.apply(mended).await.unwrap();
    assert_eq!(place.run::<(i64, i64)>(&format!("MGET {a} {b}")).await, (2, 1));
    let events = place.events(mended).await;
    assert_eq!(events[3..], ["0001_a statement 3", "0001_a statement 4", "0001_a applied"]);
}

async fn a_thousand_commands_are_done_once_each(place: &RedisPlace) {
    let lines: Vec<_> = (0..1500).map(|n| format!("INCRBY {} {n}", place.key("sum"))).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let registry = chain().add("0001_a", &lines).registry();
    place.apply(registry).await.unwrap();
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("sum"))).await, 1500 * 1499 / 2);
    assert_eq!(place.events(registry).await.len(), 1501);
}

async fn a_script_of_the_authors_is_a_part_of_it(place: &RedisPlace) {
    let a = place.key("a");
    let script = format!(
        "EVAL \"local n = redis.call('INCR', KEYS[1])\\nif ARGV[1] == 'no' then return redis.error_reply('NOWAY it''s no') end return n\" 1 {a}"
    );
    let registry = chain().add("0001_a", &[&format!("{script} yes").replace("''", "")]).registry();
    place.apply(registry).await.unwrap();
    let registry = chain()
        .add("0001_a", &[&format!("{script} yes").replace("''", "")])
        .add("0002_b", &[&format!("{script} no").replace("''", "")])
        .registry();
    let error = place.apply(registry).await.unwrap_err();
    assert_eq!(error.server().unwrap().code(), Some("NOWAY"), "{error:?}");
    let broken = chain()
        .add("0001_a", &[&format!("{script} yes").replace("''", "")])
        .add("0002_b", &["EVAL \"this is no Lua\" 0"])
        .registry();
    assert!(place.apply(broken).await.unwrap_err().is_statement_failed());
    assert_eq!(place.run::<i64>(&format!("GET {a}")).await, 2);
}

async fn the_texts_that_are_shown_are_those_that_are_sent(place: &RedisPlace) {
    let registry = chain().add("0001_a", &[&format!("SET {} 'it\\'s'", place.key("a"))]).registry();
    let mut databases = place.open(registry).await.unwrap();
    let migrator = place.migrator(registry);
    let plan = migrator.plan(&mut databases, &Target::Latest, Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    let row = texts[0].statements.iter().find(|text| text.starts_with("HSETNX")).unwrap();
    assert!(row.contains("{\"applied_at\":\"now\"") && row.contains(&place.part("history")), "{row}");
    let note = texts[0].statements.iter().find(|text| text.starts_with("XADD")).unwrap();
    assert!(note.contains("event statement") && note.contains(&place.part("events")), "{note}");
    let found: i64 = place.run(&format!("EXISTS {} {}", place.part("history"), place.part("lock"))).await;
    assert_eq!(found, 0);
}

async fn the_schema_version_is_where_its_users_look(place: &RedisPlace) {
    let place = &place.database(9);
    let a = format!("SET {} 1", place.key("a"));
    let registry = chain()
        .add("0001_a", &[&a])
        .down(&[&a])
        .schema(1, 0, 0)
        .add("0002_b", &[&a])
        .down(&[&a])
        .schema(1, 2, 0)
        .registry();
    place.apply(registry).await.unwrap();
    let version = || async { place.run::<Option<String>>("HGET app:metadata schema_version").await };
    assert_eq!(version().await.as_deref(), Some("1.2.0"));
    let mut databases = place.open(registry).await.unwrap();
    place.migrator(registry).rollback(&mut databases, &Target::Count(1)).await.unwrap();
    assert_eq!(version().await.as_deref(), Some("1.0.0"));
    place.migrator(registry).rollback(&mut databases, &Target::Count(1)).await.unwrap();
    assert_eq!(version().await, None);
}

async fn a_row_that_is_no_row_is_told(place: &RedisPlace) {
    let registry = chain().add("0001_a", &[&format!("SET {} 1", place.key("a"))]).registry();
    place.apply(registry).await.unwrap();
    for row in [
        "nonsense",
        "{}",
        "{\"registry\":\"chain\",\"id\":\"0002_b\",\"database\":\"main\",\"ordinal\":1,\"checksum\":\"a\"}",
    ] {
        let _: i64 = place.ask(cmd("HSET").arg(place.part("history")).arg("chain/0001_a/main").arg(row)).await;
        let error = place.apply(registry).await.unwrap_err();
        assert!(matches!(error.kind(), Kind::DamagedLedger { damage: Damage::MissingColumn, .. }), "{error:?}");
    }
    let _: i64 = place.run(&format!("DEL {}", place.part("history"))).await;
    let _: () = place.run(&format!("SET {} text", place.part("history"))).await;
    assert!(place.apply(registry).await.unwrap_err().server().is_some());
}

async fn a_user_without_rights_is_told(place: &RedisPlace) {
    let registry = chain().add("0001_a", &[&format!("SET {} 1", place.key("a"))]).registry();
    place.apply(registry).await.unwrap();
    let user = place.name();
    let _: () = place
        .run(&format!("ACL SETUSER {user} on >secret ~* +@read +@scripting +@connection +info +time +command"))
        .await;
    let (_, server) = place.url().rsplit_once('@').unwrap_or_else(|| place.url().split_once("//").unwrap());
    let urls = whimbrel::Urls::new().with("main", format!("redis://{user}:secret@{server}"));
    let open = || whimbrel::Databases::connect(registry, &urls, whimbrel::Access::ReadWrite);
    let mut databases = open().await.unwrap();
    assert!(place.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap().is_empty());
    let longer = chain()
        .add("0001_a", &[&format!("SET {} 1", place.key("a"))])
        .add("0002_b", &[&format!("SET {} 2", place.key("a"))])
        .registry();
    let error = place.migrator(longer).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    let _: i64 = place.run(&format!("ACL DELUSER {user}")).await;
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("a"))).await, 1);
}

async fn a_wrong_password_is_told(place: &RedisPlace) {
    let registry = chain().add("0001_a", &["PING"]).registry();
    let (_, server) = place.url().rsplit_once('@').unwrap_or_else(|| place.url().split_once("//").unwrap());
    for user in ["nobody:s3cret@", ""] {
        let urls = whimbrel::Urls::new().with("main", format!("redis://{user}{server}"));
        let error = whimbrel::Databases::connect(registry, &urls, whimbrel::Access::ReadWrite).await.unwrap_err();
        assert!(error.is_authentication_failed() && !format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}
