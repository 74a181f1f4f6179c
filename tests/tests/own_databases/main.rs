//! `#[whimbrel::test]`: a migrated database for each test, in threads and processes, after failures and crashes.
//!
//! Each test starts this program again as other processes, which take their orders from the environment.

mod copies;
mod obeying;
mod orders;

use orders::{Orders, exists, text, url_in};

/// Makes a test of each function for each server.
macro_rules! each {
    ($($test:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $test() { super::$test(&crate::Orders::new("sqlite", stringify!($test))) })* }
        mod postgres { $(#[test] fn $test() { super::$test(&crate::Orders::new("postgres", stringify!($test))) })* }
        crate::each_mysql!($($test),*);
    };
}

/// The same on MariaDB, and on MySQL where there is a server.
macro_rules! each_mysql {
    ($($test:ident),* $(,)?) => {
        mod mariadb { $(#[test] fn $test() { super::$test(&crate::Orders::new("mariadb", stringify!($test))) })* }
        mod mysql {
            $(
                #[test]
                #[ignore = "needs a MySQL server, which WHIMBREL_TEST_MYSQL_URL names"]
                fn $test() { super::$test(&crate::Orders::new("mysql", stringify!($test))) }
            )*
        }
    };
}
use each_mysql;

each!(
    many_at_once_share_one_template_and_no_row,
    a_database_is_gone_when_its_test_passed,
    a_failed_test_leaves_its_database_until_it_runs_again,
    a_template_that_was_not_finished_is_made_anew,
    old_templates_are_taken_away,
    a_test_may_ask_for_anything,
    an_error_fails_the_test,
);

fn many_at_once_share_one_template_and_no_row(orders: &Orders) {
    let processes: Vec<_> = (0..4).map(|_| orders.start("four at once")).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!(orders.builds(), 1);
}

fn a_database_is_gone_when_its_test_passed(orders: &Orders) {
    let url = url_in(&orders.passing("pass"));
    assert!(!exists(&url), "{url} is still there");
}

fn a_failed_test_leaves_its_database_until_it_runs_again(orders: &Orders) {
    let failed = orders.failing("fail");
    assert!(failed.contains("the test failed; until it runs again its database `main` stays at"), "{failed}");
    assert!(failed.contains("this test fails on purpose"), "{failed}");
    let told = failed.lines().find(|line| line.contains("stays at")).unwrap();
    assert!(!told.contains("whimbrel@"), "a password was shown: {told}");
    let first = url_in(&failed);
    assert!(exists(&first));
    let second = url_in(&orders.failing("fail"));
    assert!(!exists(&first) && exists(&second));
    orders.passing("pass");
    assert!(!exists(&second));
}

fn a_template_that_was_not_finished_is_made_anew(orders: &Orders) {
    orders.failing("die while migrating");
    orders.passing("pass");
    orders.passing("pass");
    assert_eq!(orders.builds(), 2);
}

fn old_templates_are_taken_away(orders: &Orders) {
    for salt in 0..7 {
        let output = orders.command("pass").env("OWN_SALT", salt.to_string()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!(orders.builds(), 7);
    // The first is gone and made again, the last is still there.
    for (salt, builds) in [(6, 7), (0, 8)] {
        assert!(orders.command("pass").env("OWN_SALT", salt.to_string()).status().unwrap().success());
        assert_eq!(orders.builds(), builds);
    }
}

fn a_test_may_ask_for_anything(orders: &Orders) {
    orders.passing("ask for anything");
}

fn an_error_fails_the_test(orders: &Orders) {
    let failed = orders.failing("return an error");
    assert!(failed.contains("the test returned an error: \"not today\""), "{failed}");
    orders.passing("pass");
    let failed = text(&orders.command("pass").env("OWN_KIND", "postgres").env_remove("DATABASE_URL").output().unwrap());
    assert!(failed.contains("no URL for `main`; set MAIN_URL or DATABASE_URL"), "{failed}");
}
