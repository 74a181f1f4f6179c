//! The chain on a real SQLite file: with data in it, up, all the way down, and up again.

use quickstart::migrations::MIGRATIONS;
use whimbrel::sqlx::{self, SqliteConnection};
use whimbrel::testing::TestDatabase;
use whimbrel::{Migrator, Target};

#[whimbrel::test(quickstart::migrations::MIGRATIONS)]
async fn a_test_has_a_database_of_its_own(mut db: SqliteConnection) {
    let species: i64 = sqlx::query_scalar("SELECT count(*) FROM species").fetch_one(&mut db).await.unwrap();
    assert_eq!(species, 5);
}

#[whimbrel::test(quickstart::migrations::MIGRATIONS)]
async fn every_step_can_be_undone_and_done_again(database: TestDatabase) {
    let mut databases = database.databases().await.unwrap();
    let migrator = Migrator::new(&MIGRATIONS);
    let down = migrator.rollback(&mut databases, &Target::Count(10)).await.unwrap();
    assert_eq!(down.done.len(), 10);
    let up = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(up.done.len(), 10);
}

#[whimbrel::test(quickstart::migrations::MIGRATIONS)]
async fn a_rebuilt_table_keeps_the_rows_that_refer_to_it(database: TestDatabase) {
    let migrator = Migrator::new(&MIGRATIONS);
    migrator.rollback(&mut database.databases().await.unwrap(), &Target::Id("0006_create_sites".into())).await.unwrap();
    let mut db: SqliteConnection = database.connect_sqlite().await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO observers (id, name, email) VALUES (1, 'Ada', 'ada@example.org');
         INSERT INTO sightings (id, observer_id, species_id, seen_at, place, birds)
             VALUES (1, 1, 1, '2026-05-01', '  spurn  POINT ', NULL), (2, 1, 2, '2026-05-02', 'Spurn Point', 3);
         INSERT INTO photos (id, sighting_id, file) VALUES (1, 1, 'whimbrel.jpg'), (2, 2, 'curlew.jpg');",
    )
    .execute(&mut db)
    .await
    .unwrap();

    migrator.apply(&mut database.databases().await.unwrap(), &Target::Latest).await.unwrap();

    let photos: i64 = sqlx::query_scalar("SELECT count(*) FROM photos").fetch_one(&mut db).await.unwrap();
    let sites: Vec<String> = sqlx::query_scalar("SELECT name FROM sites").fetch_all(&mut db).await.unwrap();
    let birds: Vec<i64> =
        sqlx::query_scalar("SELECT birds FROM sightings ORDER BY id").fetch_all(&mut db).await.unwrap();
    assert_eq!((photos, sites, birds), (2, vec!["Spurn Point".to_owned()], vec![1, 3]));
}

#[test]
fn the_chain_goes_up_down_and_up_again() {
    whimbrel::testing::rehearse(&quickstart::migrations::MIGRATIONS, "sqlite::memory:");
}
