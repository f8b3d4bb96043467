//! How well a file fits each role, as far as a conversion shows it.

use super::delimited;
use super::kind::{conversion_of, is_packed, wanted};
use super::workbook;
use crate::format::file_kind;
use crate::format::input_role::InputRole;

/// How well a file fits a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FitOfRole {
    /// After a conversion, which it needs, it has all columns.
    Whole,
    /// After a conversion, it has half of them or more.
    Near,
    /// It has as many columns as are needed, or is a workbook.
    WideEnough,
}

/// The roles that a file may have, each with its fit. Of a workbook, each sheet is counted for one role as a whole.
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

/// Why a file that is no text cannot be read in any role; `None` for text and for a workbook that can be opened.
pub(crate) fn refusal_of(bytes: &[u8]) -> Option<String> {
    match is_packed(bytes).then(|| workbook::is_workbook(bytes)) {
        Some(Ok(true)) => return None,
        Some(Err(why)) => return Some(why),
        Some(Ok(false)) | None => {}
    }
    let is_decoded = delimited::decode(bytes).is_ok_and(|(_, encoding)| encoding.is_some());
    file_kind::no_text(bytes).filter(|_| !is_decoded).map(|kind| kind.to_string())
}
