//! The value of a cell as the text that the readers expect: ids without `.0`, dates as ISO, everything on one line.

use calamine::{Data, ExcelDateTime};

/// The text of a formula cell without a stored value. The readers of formats report it as an error value.
const NOT_COMPUTED: &str = "#NOT_COMPUTED!";

/// The text of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellText {
    /// The text, on one line.
    pub(super) text: String,
    /// True for a date cell without a time of day.
    pub(super) is_day: bool,
}

impl CellText {
    /// The text of a formula cell without a saved value.
    pub(super) fn not_computed() -> CellText {
        CellText { text: NOT_COMPUTED.to_owned(), is_day: false }
    }
}

/// The text of a cell; `None` if the cell is empty or blank.
pub(super) fn text_of(value: &Data) -> Option<CellText> {
    let plain = |text: String| CellText { text, is_day: false };
    let cell = match value {
        Data::Empty => return None,
        Data::String(text) => plain(text.replace(['\r', '\n'], " ")),
        Data::Int(number) => plain(number.to_string()),
        Data::Float(number) => plain(number_text(*number)),
        Data::Bool(flag) => plain(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(date) => date_text(date),
        Data::DateTimeIso(text) => CellText { is_day: !text.contains('T'), text: text.clone() },
        Data::DurationIso(text) => plain(text.clone()),
        Data::Error(error) => plain(error.to_string()),
    };
    (!cell.text.trim().is_empty()).then_some(cell)
}

/// A number in digits. One of 16 digits or more is in exponent form, because a cell holds 15 and the rest may be lost.
fn number_text(number: f64) -> String {
    const EXACT: f64 = 1e15;
    if number.abs() < EXACT { number.to_string() } else { format!("{number:E}") }
}

fn date_text(date: &ExcelDateTime) -> CellText {
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    if date.is_duration() || date.as_f64() < 1.0 {
        // A duration, or a time of day without a date.
        return CellText { text: if date.is_duration() { number_text(date.as_f64()) } else { clock }, is_day: false };
    }
    let is_day = (hour, minute, second, milli) == (0, 0, 0, 0);
    let text = format!("{year:04}-{month:02}-{day:02}");
    CellText { text: if is_day { text } else { format!("{text}T{clock}") }, is_day }
}
