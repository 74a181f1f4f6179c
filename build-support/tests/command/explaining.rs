//! `explain`.

use crate::app::App;
use std::path::Path;

#[test]
fn a_code_is_explained_as_it_is_shown() {
    let app = App::bare();
    let ended = app.run("explain edited_migration");
    assert!(ended.out.starts_with("whimbrel::edited_migration\n\nA sealed migration does something else"), "{ended:?}");
    assert_eq!(app.run("explain whimbrel::edited_migration"), ended);
    app.run("explain edited_migratoin").is(
        2,
        "",
        "error: no error or warning is called `edited_migratoin`\nhelp: did you mean `edited_migration`?\n",
    );
    app.run("explain zzz").says(2, &["`cargo whimbrel explain` lists them all"]);
    app.run("explain")
        .says(0, &["The lock file\n", "  edited_migration         A sealed migration does something else"]);
}

/// `WHIMBREL_BLESS=1` writes the page anew.
#[test]
fn the_page_is_what_the_program_explains() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md");
    let ended = App::bare().run("explain --page");
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        std::fs::write(&page, &ended.out).unwrap();
    }
    let written = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(written == ended.out, "docs/errors.md is not what `cargo whimbrel explain --page` prints");
}
