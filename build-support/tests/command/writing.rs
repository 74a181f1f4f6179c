//! `new`: the next migration, in the style of the folder.

use crate::app::App;

const RELEASE: &str = "use whimbrel::prelude::*;\n\n/// People.\n#[migration]\npub mod m0001_users {\n    pub const UP: &str = \"CREATE TABLE users (id INTEGER)\";\n}\n";

#[test]
fn the_first_migration_is_a_file() {
    let app = App::new(&[]);
    app.run("new create_users").is(
        0,
        "wrote src/migrations/0001_create_users.sql\nwrote src/migrations/0001_create_users.down.sql\n",
        "",
    );
    assert_eq!(app.read("src/migrations/0001_create_users.sql"), "-- Create users.\n\n");
    app.run_words("", &["new", "Add user-email"], &[]).says(0, &["wrote src/migrations/0002_add_user_email.sql"]);
    app.run("check").says(0, &["2 migrations in src/migrations: 4 warnings"]);
}

#[test]
fn the_next_script_is_in_the_language_of_the_last_one() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! { main: Postgres, cache: Redis }"),
        ("0001_flags.redis", "# irreversible: x\nSET a b"),
    ]);
    app.run("new more_flags").is(0, "wrote src/migrations/0002_more_flags.redis\n", "");
    assert_eq!(app.read("src/migrations/0002_more_flags.redis"), "# More flags.\n\n");
    let app = App::new(&[("mod.rs", "whimbrel::registry! { graph: Neo4j }")]);
    app.run("new nodes").is(
        0,
        "wrote src/migrations/0001_nodes.cypher\nwrote src/migrations/0001_nodes.down.cypher\n",
        "",
    );
}

#[test]
fn a_file_is_written_as_the_last_one_is() {
    let app = App::new(&[("01_a.up.sql", "SELECT 1"), ("01_a.down.sql", "SELECT 1"), ("02_b.up.sql", "SELECT 1")]);
    app.run("new c").is(0, "wrote src/migrations/03_c.up.sql\n", "");
    app.run("new d --down").says(0, &["04_d.up.sql", "04_d.down.sql"]);
    app.run("new e --timestamp").says(0, &["wrote src/migrations/20"]);
    app.run("new f").says(0, &["wrote src/migrations/20"]);
}

#[test]
fn a_module_goes_to_where_the_last_ones_are() {
    let app = App::new(&[("mod.rs", "pub mod release_1_0;\n\nwhimbrel::registry! {}\n"), ("release_1_0.rs", RELEASE)]);
    app.run("new add_email").is(0, "wrote src/migrations/release_1_0.rs\n", "");
    assert_eq!(
        app.read("src/migrations/release_1_0.rs"),
        format!(
            "{RELEASE}\n/// Add email.\n#[migration]\npub mod m0002_add_email {{\n    pub const UP: &str = \"\";\n}}\n"
        )
    );
    app.run("new add_phone --rust --file release_1_1 --down").is(
        0,
        "wrote src/migrations/release_1_1.rs\nwrote src/migrations/mod.rs\n",
        "",
    );
    assert_eq!(
        app.read("src/migrations/mod.rs"),
        "pub mod release_1_0;\npub mod release_1_1;\n\nwhimbrel::registry! {}\n"
    );
    assert_eq!(
        app.read("src/migrations/release_1_1.rs"),
        "use whimbrel::prelude::*;\n\n/// Add phone.\n#[migration]\npub mod m0003_add_phone {\n    pub const UP: &str = \"\";\n    pub const DOWN: &str = \"\";\n}\n"
    );
    app.run("new add_fax --sql").says(0, &["wrote src/migrations/0004_add_fax.sql"]);
    app.run("new add_pager").says(0, &["wrote src/migrations/0005_add_pager.sql"]);
    app.run("new add_telex --rust").is(0, "wrote src/migrations/release_1_1.rs\n", "");
    app.run("check").says(0, &["6 migrations in src/migrations: "]);
}

#[test]
fn the_first_module_gets_a_file_and_a_line() {
    let app = App::new(&[("mod.rs", "//! The chain.\r\n\r\nwhimbrel::registry! {}\r\n")]);
    app.run("new create_users --rust").says(0, &["wrote src/migrations/m0001_create_users.rs"]);
    assert_eq!(
        app.read("src/migrations/mod.rs"),
        "//! The chain.\r\n\r\npub mod m0001_create_users;\r\n\r\nwhimbrel::registry! {}\r\n"
    );
    app.run("new create_books").says(0, &["wrote src/migrations/m0002_create_books.rs"]);
    assert!(
        app.read("src/migrations/mod.rs").contains("pub mod m0001_create_users;\r\npub mod m0002_create_books;\r\n")
    );
    app.run("check").says(0, &["2 migrations"]);
}

#[test]
fn a_line_that_rustfmt_would_move_stands_apart() {
    let app = App::new(&[("mod.rs", "pub mod release_1_0;\nwhimbrel::registry! {}\n"), ("release_1_0.rs", RELEASE)]);
    app.run("new b --rust --file archive").says(0, &["wrote src/migrations/archive.rs"]);
    assert_eq!(app.read("src/migrations/mod.rs"), "pub mod release_1_0;\n\npub mod archive;\nwhimbrel::registry! {}\n");
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let app = App::new(&[("0001_a.sql", "SELECT 1")]);
    app.write("src/migrations/x.rs", "// Mine.\n");
    app.run("new b --rust --file x").says(0, &["wrote src/migrations/x.rs"]);
    assert!(app.read("src/migrations/x.rs").starts_with("// Mine.\n\n/// B.\n#[whimbrel::migration]\n"));
    app.write("src/migrations/m0002_c.rs", "// Mine too.\n");
    let app = App::new(&[("0001_a.sql", "SELECT 1")]);
    app.write("src/migrations/m0002_c.rs", "// Mine too.\n");
    app.run("new c --rust").is(
        1,
        "",
        "error: `FOLDER/src/migrations/m0002_c.rs` is there already, and is left as it is\n",
    );
    assert_eq!(app.read("src/migrations/m0002_c.rs"), "// Mine too.\n");
    assert_eq!(app.read("src/migrations/mod.rs"), "whimbrel::registry! {}\n");
}

#[test]
fn what_cannot_be_a_name_is_refused() {
    let app = App::new(&[]);
    app.run("new ../escape").says(2, &["`../escape` can't be a migration's name"]);
    app.run("new b --rust --file a/b").says(2, &["`a/b` can't be a module's name"]);
    let bare = App::bare();
    bare.write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    bare.write("src/lib.rs", "");
    bare.run("new a").says(1, &["error[whimbrel::missing_folder]: there is no folder `src/migrations`"]);
}
