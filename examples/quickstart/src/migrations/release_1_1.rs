//! Places get a table of their own.

use whimbrel::prelude::*;

/// Sites, and which one a sighting was made at.
#[migration(schema = "1.1.0")]
pub mod m0006_create_sites {
    pub const UP: &str = "
        CREATE TABLE sites (
            id    INTEGER PRIMARY KEY,
            name  TEXT NOT NULL UNIQUE
        );
        ALTER TABLE sightings ADD COLUMN site_id INTEGER REFERENCES sites (id);";
    pub const DOWN: &str = "
        ALTER TABLE sightings DROP COLUMN site_id;
        DROP TABLE sites;";
}

/// Finds the site in each observer's own words: `  spurn  POINT ` and `Spurn Point` are one.
#[migration(after(m0006_create_sites))]
pub mod m0007_link_sites {
    use super::*;
    use whimbrel::sqlx::{self, Row};

    pub async fn up(db: &mut SqliteStep) -> whimbrel::Result<()> {
        let sightings =
            sqlx::query("SELECT id, place FROM sightings WHERE place IS NOT NULL").fetch_all(&mut *db).await?;
        for sighting in sightings {
            let (id, place): (i64, String) = (sighting.get("id"), sighting.get("place"));
            let site = title_case(&place);
            sqlx::query("INSERT INTO sites (name) VALUES (?1) ON CONFLICT DO NOTHING")
                .bind(&site)
                .execute(&mut *db)
                .await?;
            sqlx::query("UPDATE sightings SET site_id = (SELECT id FROM sites WHERE name = ?1) WHERE id = ?2")
                .bind(&site)
                .bind(id)
                .execute(&mut *db)
                .await?;
        }
        Ok(())
    }

    pub const DOWN: &str = "
        UPDATE sightings SET site_id = NULL;
        DELETE FROM sites;";

    pub const VERIFY: &str = "SELECT count(*) = 0 FROM sightings WHERE place IS NOT NULL AND site_id IS NULL";

    fn title_case(words: &str) -> String {
        let word = |word: &str| {
            let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            first.to_uppercase() + &rest.to_lowercase()
        };
        words.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// A sighting without a number of birds was of one bird. SQLite can't change a column, so the table is built anew;
/// the photos that refer to it stay.
#[migration]
pub mod m0009_require_number_of_birds {
    pub const UP: &str = "
        CREATE TABLE sightings_new (
            id           INTEGER PRIMARY KEY,
            observer_id  INTEGER NOT NULL REFERENCES observers (id),
            species_id   INTEGER NOT NULL REFERENCES species (id),
            seen_at      TEXT NOT NULL,
            place        TEXT,
            birds        INTEGER NOT NULL DEFAULT 1 CHECK (birds > 0),
            site_id      INTEGER REFERENCES sites (id)
        );
        INSERT INTO sightings_new (id, observer_id, species_id, seen_at, place, birds, site_id)
            SELECT id, observer_id, species_id, seen_at, place, coalesce(birds, 1), site_id FROM sightings;
        DROP TABLE sightings;
        ALTER TABLE sightings_new RENAME TO sightings;
        CREATE INDEX sightings_by_day ON sightings (seen_at, species_id);";
    pub const DOWN: &str = "
        CREATE TABLE sightings_old (
            id           INTEGER PRIMARY KEY,
            observer_id  INTEGER NOT NULL REFERENCES observers (id),
            species_id   INTEGER NOT NULL REFERENCES species (id),
            seen_at      TEXT NOT NULL,
            place        TEXT,
            birds        INTEGER DEFAULT 1,
            site_id      INTEGER REFERENCES sites (id)
        );
        INSERT INTO sightings_old (id, observer_id, species_id, seen_at, place, birds, site_id)
            SELECT id, observer_id, species_id, seen_at, place, birds, site_id FROM sightings;
        DROP TABLE sightings;
        ALTER TABLE sightings_old RENAME TO sightings;
        CREATE INDEX sightings_by_day ON sightings (seen_at, species_id);";
    pub const VERIFY: &str = "SELECT count(*) = 0 FROM sightings WHERE birds IS NULL";
}
