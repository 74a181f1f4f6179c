//! What an author sees when a chain is wrong, to the letter.
//!
//! `ui/macro/<check>/<mistake>.rs`: what the attribute macro alone sees (trybuild; `TRYBUILD=overwrite` blesses).
//! `ui/build/<check>/<mistake>.fixture`: what the build script sees; each becomes a package of its own
//! (`WHIMBREL_BLESS=1` blesses). A fixture is the files of `src/migrations`, each behind a line `== name`;
//! `== name -> target` is a link.
//! `ui/environment/<NAME>=<VALUE>/<mistake>.fixture`: the same, where a variable of the environment is set.

mod fixture;

#[test]
fn the_macro_reports_each_mistake_at_its_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*/*.rs");
}

#[test]
fn the_build_script_reports_each_mistake_at_its_byte() {
    fixture::check_all("ui/build", None);
}

#[test]
fn the_build_script_looks_at_its_environment() {
    for (name, value) in [("CI", "true"), ("WHIMBREL_LOCK", "frozen"), ("WHIMBREL_LOCK", "forzen")] {
        fixture::check_all("ui/environment", Some((name, value)));
    }
}
