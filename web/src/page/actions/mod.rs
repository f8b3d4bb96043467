//! The actions of people on the page, as methods of its state: on files, on the run, on its results. Those on the helper are in
//! `live`, those of an area beside the area.

mod files;
pub(crate) mod results;
mod run;
mod worker;
