//! The roles in which a file could be read after a conversion, for files that come without a role.

use super::columns::Wanted;
use super::delimited;
use super::kind::{is_packed, wanted};
use super::workbook::Workbook;
use super::workbook_table;
use crate::format::file_kind;
use crate::format::input_role::InputRole;

/// The match of a file with a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FitOfRole {
    /// The file needs a conversion, and then has all columns.
    Whole,
    /// The file needs a conversion, and then has at least half of the columns.
    Near,
    /// The file has at least as many columns as the role, under other names, or is a workbook.
    WideEnough,
}

/// The roles that a file may have, each with its fit.
pub(crate) fn fits_of_roles(bytes: &[u8]) -> Vec<(InputRole, FitOfRole)> {
    let tables = InputRole::ALL.into_iter().filter_map(|role| Some((role, wanted(role)?)));
    if is_packed(bytes) {
        return fits_of_workbook(bytes, tables).unwrap_or_default();
    }
    tables.filter_map(|(role, wanted)| Some((role, fit_of_text(bytes, wanted)?))).collect()
}

/// The fits of a workbook. A sheet makes only one role [`FitOfRole::Whole`]: the first that it fits. `None` for a file
/// that is no workbook or cannot be read.
fn fits_of_workbook(
    bytes: &[u8],
    tables: impl Iterator<Item = (InputRole, Wanted)>,
) -> Option<Vec<(InputRole, FitOfRole)>> {
    let mut book = Workbook::open(bytes).ok()??;
    let beginnings = book.beginnings().ok()?;
    let mut taken: Vec<String> = Vec::new();
    let fit = |(role, wanted): (InputRole, Wanted)| {
        let sheets = workbook_table::whole_sheets(&beginnings, wanted);
        let has_own = sheets.iter().any(|sheet| !taken.contains(sheet));
        taken.extend(sheets);
        let fit = match has_own {
            true => FitOfRole::Whole,
            false if workbook_table::is_near(&mut book, &beginnings, wanted) => FitOfRole::Near,
            false => FitOfRole::WideEnough,
        };
        (role, fit)
    };
    Some(tables.map(fit).collect())
}

fn fit_of_text(bytes: &[u8], wanted: Wanted) -> Option<FitOfRole> {
    match delimited::convert(bytes, wanted).ok()?.map_or(0, |converted| converted.matched) {
        all if all == wanted.names.len() => Some(FitOfRole::Whole),
        1.. => Some(FitOfRole::Near),
        0 => {
            let (text, _) = delimited::decode(bytes).ok()?;
            let width = delimited::header(&text, wanted)?.names.len();
            (width >= wanted.names.len()).then_some(FitOfRole::WideEnough)
        }
    }
}

/// The reason why a file that is no text cannot be read in any role, as a message; `None` for text and for a workbook
/// that can be opened.
pub(crate) fn refusal_of(bytes: &[u8]) -> Option<String> {
    if is_packed(bytes) {
        match Workbook::open(bytes) {
            Ok(Some(_)) => return None,
            Ok(None) => {}
            Err(why) => return Some(why),
        }
    }
    let is_decoded = delimited::decode(bytes).is_ok_and(|(_, encoding)| encoding.is_some());
    file_kind::no_text(bytes).filter(|_| !is_decoded).map(|kind| kind.to_string())
}
