//! Numbers and dates as the browser's locale writes them, with digits from 0 to 9.

use btcfake_core::text::words::set_number_style;
use chrono::NaiveDateTime;
use js_sys::Intl::{DateTimeFormat, NumberFormat};
use js_sys::{Array, Date, Function, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// Formats without and with a decimal.
    static NUMBERS: [Function; 2] = [
        number_format(r#"{"numberingSystem":"latn","maximumFractionDigits":0}"#),
        number_format(r#"{"numberingSystem":"latn","minimumFractionDigits":1,"maximumFractionDigits":1}"#),
    ];
}

/// Has all messages of this program write their numbers by the locale, those of the core, too.
pub(crate) fn use_locale_for_numbers() {
    set_number_style(|number, has_decimal| {
        let number = JsValue::from(number);
        NUMBERS.with(|[whole, decimal]| called(if has_decimal { decimal } else { whole }, &number))
    });
}

/// What a wall clock shows, with hours from 0 to 23. `form` has options of `Intl.DateTimeFormat`, as the members of a JSON object.
pub(crate) fn clock_in_form(clock: NaiveDateTime, form: &str) -> String {
    // Digits are those of the numbers; the wall clock is written as that of UTC.
    let form = options(&format!(r#"{{"timeZone":"UTC","hourCycle":"h23","numberingSystem":"latn",{form}}}"#));
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this age")]
    let milliseconds = clock.and_utc().timestamp_millis() as f64;
    called(&DateTimeFormat::new(&Array::new(), &form).format(), &Date::new(&milliseconds.into()))
}

fn number_format(form: &str) -> Function {
    NumberFormat::new(&Array::new(), &options(form)).format()
}

fn options(form: &str) -> Object {
    JSON::parse(form).map(JsCast::unchecked_into).unwrap_or_default()
}

fn called(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
