//! For a Redis cluster: commands that may not be done twice, on other nodes than their notes. Where a run dies between the two a
//! person is asked.

use whimbrel::prelude::*;

/// Each on a key of its own, which tells how often it was done.
#[migration(on = doubt, irreversible = "the visits were not counted before", schema = "1.6.0")]
pub mod m0044_count_visits {
    pub const UP: &str = "
        INCR visits:1
        RPUSH visitors:1 ada
        SET motto 'fly both ways'
        INCR visits:2
        RPUSH visitors:2 bob";
    pub const VERIFY: &str = "GET visits:2 = 1";
}
