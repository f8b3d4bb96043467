//! Reports about a run for users: the summary, the figures of a run and their charts, the table of a series, and the explanation of
//! one employee's rows.

pub mod charts;
pub mod explain;
pub mod figures;
pub mod series_table;
pub mod summary;
