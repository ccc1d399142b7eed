//! Columns that line up.
