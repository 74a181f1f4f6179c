//! Figures for the front page.

use whimbrel::prelude::*;

/// What the front page shows: birds by species and year.
#[migration(schema = "1.2.0")]
pub mod m0010_create_yearly_totals {
    pub const UP: &str = "
        CREATE VIEW yearly_totals AS
        SELECT species.name, strftime('%Y', sightings.seen_at) AS year, sum(sightings.birds) AS birds
        FROM sightings JOIN species ON species.id = sightings.species_id
        GROUP BY species.name, year";
    pub const DOWN: &str = "DROP VIEW yearly_totals";
}
