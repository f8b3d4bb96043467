//! What a run is asked to do: its settings, the calendar computed from them, the mix of types, a new population, the
//! days of a series, and the random number streams.

pub mod calendar;
pub mod draw;
pub mod mix;
pub mod new_population;
pub mod rhythm;
pub mod settings;
pub mod time_zone;
