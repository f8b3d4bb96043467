//! The command line that repeats a run: `btcfake simulate` with the files by their names, and every setting that decides
//! what is in the feed.

use super::choice_option::choice_option;
use super::names::{BREAK, FAKE_DAY, IDS, MARK, MIX, NEW_POPULATION, NOW, REQUEST_ID, SEED, SKIP_BAD_ROWS, TIME_ZONE};
use super::run_recipe::Recipe;
use super::shell::shell_quoted;
use crate::format::employees::BadRows;
use crate::format::instant::instant_text;
use crate::format::non_completed::RequestIdStyle;
use crate::plan::settings::Settings;

impl Recipe {
    /// The command, on one line, quoted for POSIX shells; to be called in the folder of the input files. The time zone is
    /// always named, because the configuration may set another one. Built-in files have no option: they are used where
    /// configuration and download folder name no others.
    #[must_use]
    pub fn command_line(&self) -> String {
        let Settings { now, seed, time_zone, byte_order_mark, request_id, bad_rows, mix, population } = self.settings;
        let given = self.files.iter().filter(|file| !file.built_in && !file.made_up);
        let mut options: Vec<(&str, String)> =
            given.clone().map(|file| (file.role.name(), in_this_folder(&file.name))).collect();
        options.extend([(NOW, instant_text(now)), (SEED, seed.to_string()), (TIME_ZONE, time_zone.name().to_owned())]);
        options.extend(mix.map(|mix| (MIX, mix.to_string())));
        options.extend(population.map(|new| (NEW_POPULATION, new.employee_count().to_string())));
        options.extend(population.map(|new| (IDS, new.ids().to_string())));
        options.extend((request_id == RequestIdStyle::FakeDay).then(|| (REQUEST_ID, FAKE_DAY.to_owned())));
        options.extend((!self.breaks.is_empty()).then(|| (BREAK, self.breaks.text())));
        let flags = [(MARK, byte_order_mark), (SKIP_BAD_ROWS, bad_rows == BadRows::Skip)];
        let options = options.into_iter().map(|(name, value)| format!(" --{name} {}", shell_quoted(&value)));
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| format!(" --{name}"));
        let choices = given.flat_map(|file| file.choices.iter().map(|answer| (file.role, answer)));
        let choices = choices.map(|(role, answer)| format!(" {}", choice_option(role, answer)));
        options.chain(flags).chain(choices).fold("btcfake simulate".to_owned(), |line, part| line + &part)
    }
}

/// A name that begins with a hyphen would be read as an option.
fn in_this_folder(name: &str) -> String {
    if name.starts_with('-') { format!("./{name}") } else { name.to_owned() }
}
