//! Numbers and dates as the browser's locale writes them, with digits from 0 to 9.

use btcfake_core::format::instant::{parse_date, parse_instant};
use btcfake_core::text::words::set_styles;
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use js_sys::Intl::{DateTimeFormat, NumberFormat};
use js_sys::{Array, Date, Function, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// The formats of numbers without and with one decimal.
    static NUMBERS: [Function; 2] = [
        number_format(r#"{"numberingSystem":"latn","maximumFractionDigits":0}"#),
        number_format(r#"{"numberingSystem":"latn","minimumFractionDigits":1,"maximumFractionDigits":1}"#),
    ];
}

/// Makes all messages of this program, including those of the core, write numbers and times by the locale.
pub(crate) fn use_locale() {
    let number = |number: f64, has_decimal| {
        let number = JsValue::from(number);
        NUMBERS.with(|[whole, decimal]| formatted(if has_decimal { decimal } else { whole }, &number))
    };
    set_styles(number, |text, is_time_only| match parse_instant(text) {
        Some(instant) if is_time_only => Some(time_text(instant.naive_utc())),
        Some(instant) => Some(stamp_text(instant.naive_utc())),
        None => parse_date(text).map(day_text),
    });
}

/// A day in short: `Thu, Jan 29, 2026`.
pub(crate) fn day_text(date: NaiveDate) -> String {
    clock_in_form(date.into(), r#""weekday":"short","day":"numeric","month":"short","year":"numeric""#)
}

/// A time, with its seconds where there are any: `18:00`.
pub(crate) fn time_text(clock: NaiveDateTime) -> String {
    match clock.second() {
        0 => clock_in_form(clock, r#""hour":"2-digit","minute":"2-digit""#),
        _ => second_text(clock),
    }
}

/// A time to the second, so that those of a column are alike: `18:00:00`.
pub(crate) fn second_text(clock: NaiveDateTime) -> String {
    clock_in_form(clock, r#""hour":"2-digit","minute":"2-digit","second":"2-digit""#)
}

/// As [`second_text`], with the day: `Jan 29, 18:00:00`.
pub(crate) fn day_and_second_text(clock: NaiveDateTime) -> String {
    let form = r#""day":"numeric","month":"short","hour":"2-digit","minute":"2-digit","second":"2-digit""#;
    clock_in_form(clock, form)
}

/// A day and time in short, with seconds where there are any: `Thu, Jan 29, 2026, 18:00:05`.
pub(crate) fn stamp_text(clock: NaiveDateTime) -> String {
    let to_the_minute =
        r#""weekday":"short","day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit""#;
    match clock.second() {
        0 => clock_in_form(clock, to_the_minute),
        _ => clock_in_form(clock, &format!(r#"{to_the_minute},"second":"2-digit""#)),
    }
}

/// The time of a wall clock, with hours from 0 to 23. `form` has options of `Intl.DateTimeFormat`, as members of a JSON object.
pub(crate) fn clock_in_form(clock: NaiveDateTime, form: &str) -> String {
    // The same digits as in numbers. The wall clock is passed as UTC, so that no time zone shifts it.
    let form = options(&format!(r#"{{"timeZone":"UTC","hourCycle":"h23","numberingSystem":"latn",{form}}}"#));
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this age")]
    let milliseconds = clock.and_utc().timestamp_millis() as f64;
    formatted(&DateTimeFormat::new(&Array::new(), &form).format(), &Date::new(&milliseconds.into()))
}

fn number_format(form: &str) -> Function {
    NumberFormat::new(&Array::new(), &options(form)).format()
}

fn options(form: &str) -> Object {
    JSON::parse(form).map(JsCast::unchecked_into).unwrap_or_default()
}

fn formatted(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
