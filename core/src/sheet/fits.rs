//! The roles in which a file could be read after a conversion, for files that come without a role.

use super::delimited;
use super::kind::{conversion_of, is_packed, wanted};
use super::workbook;
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

/// The roles that a file may have, each with its fit. A sheet of a workbook makes only one role [`FitOfRole::Whole`]:
/// the first of [`InputRole::ALL`] that it fits.
pub(crate) fn fits_of_roles(bytes: &[u8]) -> Vec<(InputRole, FitOfRole)> {
    let mut taken: Vec<String> = Vec::new();
    let mut fit = |role: InputRole| {
        let wanted = wanted(role)?;
        if is_packed(bytes) {
            let sheets = workbook::whole_sheets(bytes, wanted).ok()??;
            let has_own = sheets.iter().any(|sheet| !taken.contains(sheet));
            taken.extend(sheets);
            return Some(if has_own { FitOfRole::Whole } else { packed_fit(bytes, role) });
        }
        let matched = delimited::convert(bytes, wanted).ok()?.map_or(0, |converted| converted.matched);
        match matched {
            all if all == wanted.names.len() => Some(FitOfRole::Whole),
            1.. => Some(FitOfRole::Near),
            0 => {
                let (text, _) = delimited::decode(bytes).ok()?;
                let width = delimited::header(&text, wanted)?.names.len();
                (width >= wanted.names.len()).then_some(FitOfRole::WideEnough)
            }
        }
    };
    InputRole::ALL.into_iter().filter_map(|role| Some((role, fit(role)?))).collect()
}

fn packed_fit(bytes: &[u8], role: InputRole) -> FitOfRole {
    let converted = wanted(role).and_then(|wanted| conversion_of(bytes, wanted).ok().flatten());
    if converted.is_some_and(|converted| converted.matched > 0) { FitOfRole::Near } else { FitOfRole::WideEnough }
}

/// The reason why a file that is no text cannot be read in any role, as a message; `None` for text and for a workbook
/// that can be opened.
pub(crate) fn refusal_of(bytes: &[u8]) -> Option<String> {
    match is_packed(bytes).then(|| workbook::is_workbook(bytes)) {
        Some(Ok(true)) => return None,
        Some(Err(why)) => return Some(why),
        Some(Ok(false)) | None => {}
    }
    let is_decoded = delimited::decode(bytes).is_ok_and(|(_, encoding)| encoding.is_some());
    file_kind::no_text(bytes).filter(|_| !is_decoded).map(|kind| kind.to_string())
}
