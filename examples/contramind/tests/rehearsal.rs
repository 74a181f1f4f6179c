//! The chain on a scratch database of a real server, from nothing: up, down and up again.

#[test]
fn the_chain_goes_up_down_and_up_again() {
    let variable = "WHIMBREL_TEST_POSTGRES_15_URL";
    let url =
        std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: `tests/run` starts the server"));
    whimbrel::testing::rehearse(&contramind::migrations::MIGRATIONS, &url);
}
