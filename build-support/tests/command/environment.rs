//! Which package and folder are meant, and what the environment demands.

use crate::app::App;

const USERS: &str = "-- irreversible: nobody goes back\nCREATE TABLE users (id INTEGER)";

fn manifest(app: &App, folder: &str, name: &str) {
    app.write(
        &format!("{folder}/Cargo.toml"),
        &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    );
    app.write(&format!("{folder}/src/lib.rs"), "");
}

/// A workspace with these packages, each with one migration.
fn workspace(names: &[&str]) -> App {
    let app = App::bare();
    let members: Vec<String> = names.iter().chain(&["other"]).map(|name| format!("{name:?}")).collect();
    app.write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")));
    manifest(&app, "other", "other");
    for name in names {
        manifest(&app, name, name);
        app.write(&format!("{name}/build.rs"), "fn main() { whimbrel_build::check(\"db\"); }");
        app.write(&format!("{name}/db/mod.rs"), "whimbrel::registry! {}");
        app.write(&format!("{name}/db/0001_users.sql"), USERS);
    }
    app
}

#[test]
fn the_only_package_with_migrations_is_meant() {
    let app = workspace(&["shop"]);
    for folder in ["", "shop", "shop/src", "other"] {
        let ended = app.run_in(folder, "check", &[]);
        ended.says(0, &["1 migration in ", "nothing is wrong"]);
    }
    app.run("check").is(0, "1 migration in shop/db: nothing is wrong\n", "");
    app.run_in("shop", "check", &[]).is(0, "1 migration in db: nothing is wrong\n", "");
}

#[test]
fn several_packages_are_told_apart() {
    let app = workspace(&["shop", "stock"]);
    app.run("check").is(
        2,
        "",
        "error: several packages have migrations: `shop`, `stock`\nhelp: name one: `--package NAME`\n",
    );
    app.run("check -p stock").is(0, "1 migration in stock/db: nothing is wrong\n", "");
    app.run("check --package stok").is(
        2,
        "",
        "error: there is no package `stok` in this workspace\nhelp: did you mean `stock`?\n",
    );
    app.run("check --manifest-path stock/Cargo.toml").is(0, "1 migration in stock/db: nothing is wrong\n", "");
    app.run_in("shop", "check", &[]).is(0, "1 migration in db: nothing is wrong\n", "");
    app.run("check -p other --folder shop/db").says(0, &["shop/db: nothing is wrong"]);
}

#[test]
fn a_folder_that_only_the_build_script_knows_has_to_be_named() {
    let app = workspace(&["shop"]);
    app.write("shop/build.rs", "fn main() { whimbrel_build::check(std::env::var(\"DB\").unwrap()); }");
    app.run("check").says(2, &["the build script of `shop` works out the folder", "`--folder PATH`"]);
    app.run_in("shop", "check --folder db", &[]).is(0, "1 migration in db: nothing is wrong\n", "");
}

#[test]
fn outside_a_package_there_is_nothing_to_check() {
    let app = App::bare();
    app.run("check").says(2, &["could not find `Cargo.toml`", "`--manifest-path PATH`"]);
}

#[test]
fn whoever_builds_for_others_demands_a_complete_lock() {
    let app = App::new(&[("0001_users.sql", USERS)]);
    app.run("check").says(0, &["nothing is wrong"]);
    for (name, value) in [("CI", "true"), ("WHIMBREL_LOCK", "frozen")] {
        app.run_in("", "check", &[(name, value)]).says(1, &["error[whimbrel::unsealed]: `0001_users` is not sealed"]);
    }
    app.run_in("", "check", &[("CI", "true"), ("WHIMBREL_LOCK", "open")]).says(0, &["nothing is wrong"]);
    app.run_in("", "check", &[("CI", "false")]).says(0, &["nothing is wrong"]);
    app.run_in("", "check", &[("WHIMBREL_LOCK", "frozn")])
        .says(1, &["`WHIMBREL_LOCK=frozn`", "did you mean `frozen`?"]);
    app.run_in("", "lock", &[("CI", "true")]).says(0, &["sealed 0001_users"]);
    app.run_in("", "check", &[("CI", "true")]).says(0, &["nothing is wrong"]);
}

#[test]
fn a_misspelt_command_is_recognised() {
    let app = App::bare();
    app.run("chekc").says(2, &["unrecognized subcommand 'chekc'", "'check'"]);
    app.run("--help").says(0, &["Exit codes:", "import", "explain"]);
}
