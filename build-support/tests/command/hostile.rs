//! Hostile lock files: whatever stands in one, the program says so and does not fall over.

use crate::app::App;

#[test]
fn no_lock_file_makes_the_program_panic() {
    let app = App::new(&[("0001_users.sql", "CREATE TABLE users (id INTEGER)")]);
    app.run("lock").says(0, &[]);
    let sound = app.lock();
    let broken: [&[u8]; 7] = [
        b"",
        b"\xff\xfe",
        b"\0\0\0",
        b"version = 1\n[[migration]]",
        b"<<<<<<<\n=======\n>>>>>>>\n",
        &sound.as_bytes()[..sound.len() / 2],
        &[b'\n'; 100_000],
    ];
    for text in broken {
        std::fs::write(app.path("src/migrations/whimbrel.lock"), text).unwrap();
        for command in ["check", "lock", "lock --check", "check --format json", "check --format github"] {
            let ended = app.run(command);
            assert_eq!(ended.code, 1, "{command} on {text:?}: {ended:?}");
            assert!(!ended.err.contains("panicked"), "{ended:?}");
        }
        assert_eq!(std::fs::read(app.path("src/migrations/whimbrel.lock")).unwrap(), text, "left as it is");
    }
}
