//! What a run is asked for: its settings, the calendar that follows from them, the mix of types, a new population, the
//! days of a series, and the named streams of random numbers.

pub mod calendar;
pub mod draw;
pub mod mix;
pub mod new_population;
pub mod rhythm;
pub mod settings;
pub mod time_zone;
