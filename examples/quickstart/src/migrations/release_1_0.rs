//! Notes on paper, moved into a database.

use whimbrel::prelude::*;

/// The people who watch.
#[migration(schema = "1.0.0")]
pub mod m0001_create_observers {
    pub const UP: &str = "
        CREATE TABLE observers (
            id         INTEGER PRIMARY KEY,
            name       TEXT NOT NULL,
            email      TEXT NOT NULL UNIQUE,
            joined_on  TEXT NOT NULL DEFAULT (date('now'))
        )";
    pub const DOWN: &str = "DROP TABLE observers";
}

/// The birds that can be seen.
#[migration]
pub mod m0002_create_species {
    pub const UP: &str = "
        CREATE TABLE species (
            id          INTEGER PRIMARY KEY,
            latin_name  TEXT NOT NULL UNIQUE,
            name        TEXT NOT NULL
        )";
    pub const DOWN: &str = "DROP TABLE species";
}

/// Who saw what, when, and in whose words where.
#[migration(after(m0001_create_observers, m0002_create_species))]
pub mod m0003_create_sightings {
    pub const UP: &str = "
        CREATE TABLE sightings (
            id           INTEGER PRIMARY KEY,
            observer_id  INTEGER NOT NULL REFERENCES observers (id),
            species_id   INTEGER NOT NULL REFERENCES species (id),
            seen_at      TEXT NOT NULL,
            place        TEXT,
            birds        INTEGER DEFAULT 1
        );

        CREATE TABLE photos (
            id           INTEGER PRIMARY KEY,
            sighting_id  INTEGER NOT NULL REFERENCES sightings (id) ON DELETE CASCADE,
            file         TEXT NOT NULL
        );";
    pub const DOWN: &str = "
        DROP TABLE photos;
        DROP TABLE sightings;";
}

/// The diary page asks for the sightings of a day.
#[migration]
pub mod m0004_index_sightings_by_day {
    pub const UP: &str = "CREATE INDEX sightings_by_day ON sightings (seen_at, species_id)";
    pub const DOWN: &str = "DROP INDEX sightings_by_day";
}

/// The waders that everybody asks for.
#[migration]
pub mod m0005_seed_species {
    pub const UP: &str = "
        INSERT INTO species (latin_name, name) VALUES
            ('Numenius phaeopus',   'Whimbrel'),
            ('Numenius arquata',    'Eurasian curlew'),
            ('Limosa lapponica',    'Bar-tailed godwit'),
            ('Calidris alpina',     'Dunlin'),
            ('Charadrius hiaticula','Common ringed plover');";
    pub const DOWN: &str = "
        DELETE FROM species WHERE latin_name IN
            ('Numenius phaeopus', 'Numenius arquata', 'Limosa lapponica', 'Calidris alpina', 'Charadrius hiaticula');";
    pub const VERIFY: &str = "SELECT count(*) >= 5 FROM species";
}
