//! What an author sees when a chain is wrong, to the letter.
//!
//! `ui/macro/<check>/<mistake>.rs`: what the attribute macro alone sees (trybuild; `TRYBUILD=overwrite` blesses).
//! `ui/build/<check>/<mistake>.fixture`: what the build script sees; each becomes a package of its own
//! (`WHIMBREL_BLESS=1` blesses). A fixture is the files of `src/migrations`, each behind a line `== name`;
//! `== name -> target` is a link.

mod fixture;

#[test]
fn the_macro_reports_each_mistake_at_its_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*/*.rs");
}

#[test]
fn the_build_script_reports_each_mistake_at_its_byte() {
    fixture::check_all("ui/build");
}
