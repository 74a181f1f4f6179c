//! `docs/rules.md` says what the rules say. `WHIMBREL_BLESS=1` writes it.

use crate::rules::page;

#[test]
fn the_page_is_written_from_the_rules() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules.md");
    let page = page();
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        std::fs::write(file, &page).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page, "docs/rules.md is not what the rules say; `WHIMBREL_BLESS=1` writes it");
}
