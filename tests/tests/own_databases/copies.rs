//! What a copy is on MySQL and MariaDB, which have no word for it: like what the migrations made, or made by them.

use crate::orders::wait_for;
use crate::{Orders, each_mysql, text};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, MySqlConnection, Row};
use whimbrel::{Access, Migrator, Target};
use whimbrel_tests::{Chain, Server};

each_mysql!(
    a_copy_is_like_what_the_migrations_made,
    what_can_not_be_copied_is_made_by_the_migrations,
    what_nobody_finishes_any_more_is_taken_away,
    a_template_is_made_like_the_database_that_the_url_names,
    a_user_who_may_not_create_databases_is_told_the_grant,
);

/// One of everything that two servers have in common, and what is easily lost on the way.
pub(crate) const ALL_SORTS: [&str; 19] = [
    "CREATE TABLE zones (id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL \
     DEFAULT 'it''s', UNIQUE KEY by_name (name)) COMMENT = 'semi; colon' AUTO_INCREMENT = 100",
    "CREATE TABLE birds (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, zone INTEGER, size INTEGER NOT NULL DEFAULT 1, note TEXT, \
     twice INTEGER GENERATED ALWAYS AS (size * 2) STORED, thrice INTEGER GENERATED ALWAYS AS (size * 3) VIRTUAL, seen DATETIME(6) \
     DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), kind ENUM ('wader', 'gull;tern') DEFAULT 'wader', raw VARBINARY(20), \
     CONSTRAINT sized CHECK (size > 0), CONSTRAINT of_zone FOREIGN KEY (zone) REFERENCES zones (id) ON DELETE SET NULL, \
     KEY by_note (note (10) DESC), FULLTEXT KEY words (note))",
    "CREATE TABLE a_first (id INTEGER PRIMARY KEY, bird BIGINT UNSIGNED, FOREIGN KEY (bird) REFERENCES birds (id))",
    "CREATE TABLE parted (id INTEGER PRIMARY KEY, note TEXT) PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES \
     LESS THAN MAXVALUE)",
    "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTO_INCREMENT)",
    "INSERT INTO zones (name) VALUES ('north'), ('so\\uth')",
    "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
    "INSERT INTO zones VALUES (0, 'zero')",
    "INSERT INTO birds (zone, size, note, seen, raw) VALUES (100, 3, 'a whimbrel''s \u{1f426} note', '2020-01-01 00:00:00.123456', \
     X'00ff10'), (NULL, 1, NULL, NULL, NULL)",
    "INSERT INTO parted VALUES (1, 'x'), (20, 'y')",
    "INSERT INTO counted VALUES (7)",
    "DELETE FROM counted",
    "CREATE VIEW z_all AS SELECT b.id, b.twice, z.name FROM birds b LEFT JOIN zones z ON z.id = b.zone",
    "CREATE VIEW a_few AS SELECT * FROM z_all WHERE id < 10",
    "CREATE FUNCTION doubled(n INTEGER) RETURNS INTEGER DETERMINISTIC RETURN n * 2",
    "CREATE PROCEDURE more(IN n INTEGER) BEGIN DECLARE i INTEGER DEFAULT 0; WHILE i < n DO INSERT INTO counted VALUES (NULL); SET i = i + 1; \
     END WHILE; END",
    "SET SESSION sql_mode = 'ANSI_QUOTES'",
    "CREATE TRIGGER named BEFORE INSERT ON birds FOR EACH ROW SET NEW.note = CONCAT(NEW.note, \"note\")",
    "CREATE TRIGGER first_of_all BEFORE INSERT ON birds FOR EACH ROW PRECEDES named SET NEW.\"note\" = CONCAT(NEW.note, '; ')",
];

/// Tells what the server says of each thing in a database, and of each row.
pub(crate) async fn told(db: &mut MySqlConnection) -> Vec<String> {
    const THINGS: [&str; 11] = [
        "TABLE zones",
        "TABLE birds",
        "TABLE a_first",
        "TABLE parted",
        "TABLE counted",
        "VIEW z_all",
        "VIEW a_few",
        "FUNCTION doubled",
        "PROCEDURE more",
        "TRIGGER named",
        "TRIGGER first_of_all",
    ];
    const ROWS: [&str; 5] = [
        "SELECT CONCAT_WS('|', id, name) FROM zones ORDER BY id",
        "SELECT CONCAT_WS('|', id, zone, size, HEX(note), twice, thrice, seen, kind, HEX(raw)) FROM birds ORDER BY id",
        "SELECT CONCAT_WS('|', id, note) FROM parted ORDER BY id",
        "SELECT CONCAT_WS('|', trigger_name, action_order) FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
    ];
    let mut lines = Vec::new();
    let shown = THINGS.iter().map(|thing| format!("SHOW CREATE {thing}"));
    for query in shown.chain(ROWS.iter().map(|query| (*query).to_owned())) {
        for row in sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *db).await.unwrap() {
            // When a trigger was made is no part of it.
            let columns = row.len().min(6);
            let cells = (0..columns).map(|at| row.get_unchecked::<Option<String>, _>(at).unwrap_or_default());
            lines.push(cells.collect::<Vec<_>>().join(" ").replace('\n', " "));
        }
    }
    lines
}

fn a_copy_is_like_what_the_migrations_made(orders: &Orders) {
    let output = orders.command("tell").env("OWN_CHAIN", "all sorts").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let copy: Vec<String> =
        text(&output).lines().filter_map(|line| Some(line.strip_prefix("told: ")?.to_owned())).collect();
    let made = wait_for(async {
        let server = Server::mysql(&orders.kind.to_uppercase()).await;
        server.run("ALTER DATABASE CHARACTER SET utf8mb4").await;
        let registry = Chain::new(server.kind()).add("0001_all", &ALL_SORTS).registry();
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
        told(databases.mysql("main").unwrap()).await
    });
    assert_eq!(copy, made);
    assert!(made.len() > 25, "{made:?}");
    // Made by the migrations it would have been counted twice.
    assert_eq!(orders.builds(), 1);
}

fn what_can_not_be_copied_is_made_by_the_migrations(orders: &Orders) {
    let pass = |statement: &str| {
        let output = orders.command("pass").env("OWN_CHAIN", statement).output().unwrap();
        assert!(output.status.success(), "{statement}: {}", text(&output));
    };
    // An event would run in the template too.
    let event = "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM birds";
    pass(event);
    assert_eq!(orders.builds(), 2, "for the template and for the copy");
    pass(event);
    assert_eq!(orders.builds(), 3);
    if orders.kind == "mariadb" {
        for (statement, builds) in
            [("CREATE SEQUENCE tickets START WITH 7", 5), ("CREATE TABLE kept (id INTEGER) WITH SYSTEM VERSIONING", 7)]
        {
            pass(statement);
            assert_eq!(orders.builds(), builds, "{statement}");
        }
    }
}

fn what_nobody_finishes_any_more_is_taken_away(orders: &Orders) {
    let died = orders.command("die while migrating").env("OWN_SALT", "another").output().unwrap();
    assert!(!died.status.success());
    let left = wait_for(orders.templates()).1;
    assert!(left.len() == 1 && left[0].ends_with("_wip"), "{left:?}");
    orders.passing("pass");
    let kept = wait_for(orders.templates()).1;
    assert!(kept.len() == 1 && !kept[0].ends_with("_wip"), "{kept:?}");
}

fn a_template_is_made_like_the_database_that_the_url_names(orders: &Orders) {
    wait_for(async {
        let server = Server::mysql(&orders.kind.to_uppercase()).await;
        server.run("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci").await;
        let output = orders.command("fail").env("DATABASE_URL", server.url()).output().unwrap();
        let mut copy = MySqlConnection::connect(&crate::url_in(&text(&output))).await.unwrap();
        let collation: String = sqlx::query_scalar("SELECT @@collation_database").fetch_one(&mut copy).await.unwrap();
        assert_eq!(collation, "latin1_german1_ci");
    });
    orders.passing("pass");
}

fn a_user_who_may_not_create_databases_is_told_the_grant(orders: &Orders) {
    wait_for(async {
        let server = Server::mysql(&orders.kind.to_uppercase()).await;
        let user = format!("t{:x}", std::process::id());
        server.run(&format!("CREATE USER {user}@'%' IDENTIFIED BY 'secret'")).await;
        let place = server.url().split_once('@').unwrap().1;
        let pass =
            || orders.command("pass").env("DATABASE_URL", format!("mysql://{user}:secret@{place}")).output().unwrap();
        let refused = pass();
        let told = text(&refused);
        assert!(!refused.status.success() && told.contains("creating the test's template failed on `main`"), "{told}");
        let grant = told.lines().find_map(|line| line.trim().strip_prefix("hint: an administrator lets it: ")).unwrap();
        assert_eq!(grant, format!("GRANT ALL ON `whimbrel\\_%`.* TO '{user}'@'%'"));
        server.run(grant).await;
        let passed = pass();
        server.run(&format!("DROP USER {user}@'%'")).await;
        assert!(passed.status.success(), "{}", text(&passed));
    });
}
