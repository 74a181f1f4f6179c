//! The databases that the suite runs on, a file each.
