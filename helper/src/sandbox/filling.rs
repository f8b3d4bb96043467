//! Initial contents of a sandbox: catalogs on the inbound server, and state tables for the employees of a run.
//!
//! Everything comes from one sample, so assigned and recommended contents are in today's catalog. If the user gives
//! employees, their ids replace the ids of the sample's employees one by one, in order.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use btcfake_core::format::employees::{self, BadRows};
use btcfake_core::format::file_name::{FolderEntry, VendorKind, VendorName, most_recent};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::standalone_content;
use btcfake_core::inputs::single_file::read_employees;
use btcfake_core::sample::{SampleFile, SampleRecipe, files};
use btcfake_core::sheet::{Choices, as_csv};
use chrono::NaiveDate;

use super::databricks::StateStore;
use super::sftp::{delivered_folder, fill_inbound};
use super::vendor::FirstDay;
use crate::files::reading::{modified, read_found};
use crate::terminal::failure::{Failure, FileResult};

/// Seed of today's catalogs and of the state tables.
const SEED: u64 = 1;

/// Employees in the state tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StateEmployees {
    /// Ids from the user's file.
    Given(Vec<u64>),
    /// The sample's employees, if there is no such file.
    Sample,
}

impl StateEmployees {
    /// Employees of a file; the sample's if the file is missing or has no readable employee.
    pub(super) fn of_file(path: Option<&Path>) -> StateEmployees {
        let ids: Vec<u64> = path
            .and_then(|path| read_found(path).ok())
            .map(|bytes| {
                read_employees(&bytes, &Choices::NONE, BadRows::Skip).value.rows.iter().map(|row| row.id).collect()
            })
            .unwrap_or_default();
        if ids.is_empty() { StateEmployees::Sample } else { StateEmployees::Given(ids) }
    }
}

/// Paths of a sandbox's parts.
#[derive(Clone, Debug)]
pub(super) struct FillingPlaces {
    /// Root folder of the inbound server.
    pub(super) inbound: PathBuf,
    /// Root folder of the outbound server.
    pub(super) outbound: PathBuf,
    /// State tables; this file is created last, so it marks a complete sandbox.
    pub(super) tables: PathBuf,
    /// The sample's employees.
    pub(super) employees: PathBuf,
    /// Host keys of the SFTP servers.
    pub(super) known_hosts: PathBuf,
    /// Day for which the sandbox was filled.
    pub(super) first_day: FirstDay,
}

impl FillingPlaces {
    /// Paths in a folder.
    pub(super) fn of(folder: &Path) -> FillingPlaces {
        FillingPlaces {
            inbound: folder.join("sftp-inbound"),
            outbound: folder.join("sftp-outbound"),
            tables: folder.join("databricks.sqlite"),
            employees: folder.join("employees.csv"),
            known_hosts: folder.join("known_hosts"),
            first_day: FirstDay(folder.join("first_day.txt")),
        }
    }

    /// Fills an empty folder.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(super) fn fill(&self, today: NaiveDate, contents: usize, population: &StateEmployees) -> Result<(), Failure> {
        fill_inbound(&self.inbound, today, contents).of_file(&self.inbound, "fill")?;
        let employees = match population {
            StateEmployees::Given(ids) => ids.len(),
            StateEmployees::Sample => SampleRecipe::EMPLOYEES,
        };
        self.first_day.write(today)?;
        let recipe = SampleRecipe { employees, ..catalogs_recipe(today, contents) };
        // The sample's files are in a fixed order; its two catalogs, in between, were made above.
        let mut sample = files(&recipe);
        let [Some(own), _, _, Some(assignments), Some(completions)] = std::array::from_fn(|_| sample.next()) else {
            return Err(Failure::Other("a sample has no state tables".to_owned()));
        };
        let [assignments, completions] = match population {
            StateEmployees::Given(ids) => {
                let ids = in_place_of(&own, ids);
                [with_ids(&assignments, &ids), with_ids(&completions, &ids)]
            }
            StateEmployees::Sample => {
                fs::write(&self.employees, &own.bytes).of_file(&self.employees, "write")?;
                [assignments.bytes, completions.bytes]
            }
        };
        let growing = self.tables.with_extension("partial");
        let _ = fs::remove_file(&growing);
        StateStore::open(&growing)?.add_tables(&assignments, &completions)?;
        fs::rename(&growing, &self.tables).of_file(&self.tables, "create")
    }

    /// Ids and names of the contents in the most recent `StandAloneContent` on the inbound server; empty if there is
    /// none.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub(super) fn contents(&self, today: NaiveDate) -> Result<Vec<(u64, String)>, Failure> {
        let (folder, entries) = self.inbound_files()?;
        let (Some(newest), _) = most_recent(&entries, VendorKind::StandAloneContent, today) else {
            return Ok(Vec::new());
        };
        let path = folder.join(&newest.name);
        let bytes = read_found(&path).of_file(&path, "read")?;
        let contents = standalone_content::read(&as_csv(InputRole::StandaloneContent, &bytes)).value;
        Ok(contents.into_iter().map(|content| (content.id, content.name)).collect())
    }

    /// Date of the most recent `StandAloneContent` on the inbound server.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub(super) fn most_recent_day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, Failure> {
        let (_, entries) = self.inbound_files()?;
        let (newest, _) = most_recent(&entries, VendorKind::StandAloneContent, today);
        Ok(newest.and_then(|newest| VendorName::parse(&newest.name)).map(|name| name.date))
    }

    fn inbound_files(&self) -> Result<(PathBuf, Vec<FolderEntry>), Failure> {
        let folder = delivered_folder(&self.inbound);
        let mut entries = Vec::new();
        for entry in fs::read_dir(&folder).of_file(&folder, "list")?.flatten() {
            let modified = entry.metadata().map(|found| modified(&found)).unwrap_or_default();
            entries.extend(entry.file_name().into_string().ok().map(|name| FolderEntry { name, modified }));
        }
        Ok((folder, entries))
    }
}

/// Recipe of the sample whose catalogs a sandbox has on its first day; without employees.
pub(super) fn catalogs_recipe(first_day: NaiveDate, contents: usize) -> SampleRecipe {
    SampleRecipe { seed: SEED, today: first_day, employees: 0, contents }
}

/// The given id that replaces each id of the sample, by the sample's id.
fn in_place_of(own: &SampleFile, ids: &[u64]) -> HashMap<String, String> {
    let own = employees::read(&own.bytes, BadRows::Skip).value.rows;
    own.iter().zip(ids).map(|(own, id)| (own.id.to_string(), id.to_string())).collect()
}

/// State table with replaced employee ids. Rows of employees without a replacement are dropped.
fn with_ids(table: &SampleFile, ids: &HashMap<String, String>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&table.bytes);
    let mut lines = text.lines();
    let mut changed = lines.next().unwrap_or_default().to_owned();
    changed.push('\n');
    for line in lines {
        if let Some((own, rest)) = line.split_once(',')
            && let Some(id) = ids.get(own)
        {
            changed.push_str(&format!("{id},{rest}\n"));
        }
    }
    changed.into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::remote::databricks::statements::StateTable;

    #[test]
    fn the_tables_are_about_the_employees_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("given.csv");
        let rows: String = (1..=60).map(|id| format!("{id},a\n")).collect();
        fs::write(&file, format!("employee_id,employee_edu_type\n{rows}bad,row\n")).unwrap();
        let population = StateEmployees::of_file(Some(&file));
        assert_eq!(population, StateEmployees::Given((1..=60).collect()));
        let places = FillingPlaces::of(folder.path());
        let today = "2026-01-29".parse().unwrap();
        places.fill(today, 40, &population).unwrap();
        let contents = places.contents(today).unwrap();
        assert_eq!(contents.len(), 40);
        let store = StateStore::open(&places.tables).unwrap();
        for table in StateTable::BOTH {
            assert!(store.rows(table).unwrap() > 10, "{}", table.name());
        }
        assert!(!places.employees.exists());
    }

    #[test]
    fn without_a_file_the_sample_stands_in() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(StateEmployees::of_file(Some(&folder.path().join("nosuch.csv"))), StateEmployees::Sample);
        assert_eq!(StateEmployees::of_file(None), StateEmployees::Sample);
    }
}
