//! The values of a vendor file: ids, instants, RequestIds, and the order of rows.

use super::{check_assignments, check_completions, done, left};

/// Checks a row of completions with one value in question: the message at its place, or none.
fn check_value(row: &str, place: &str, message: Option<&str>) {
    let expected = message.map(|message| format!("C:{place}: {message}"));
    check_completions(row, expected.as_deref().as_slice());
}

#[test]
fn ids_are_spelled_as_the_vendor_does() {
    for (id, message) in [
        ("0", Some("UserId '0' is no employee's id: digits only, from 1 to 9223372036854775807")),
        ("", Some("UserId '' is no employee's id: digits only, from 1 to 9223372036854775807")),
        ("1,234", Some("UserId '1,234' is not in plain digits; write 1234")),
        ("007", Some("UserId '007' is not in plain digits; write 7")),
        (" 7", Some("UserId ' 7' is not in plain digits; write 7")),
        ("9223372036854775807", None),
    ] {
        let row = done(7, "999", "08:00:00", "08:05:00").replacen("\"7\"", &format!("\"{id}\""), 1);
        check_value(&row, "2:1", message);
    }
    for (id, message) in [
        ("1,915,085", None),
        ("1915085", Some("ContentId '1915085' does not have its thousands separators in place; write 1,915,085")),
        ("19,15085", Some("ContentId '19,15085' does not have its thousands separators in place; write 1,915,085")),
        ("0,915", Some("ContentId '0,915' is not in plain digits; write 915")),
        ("x", Some("ContentId 'x' is no content's id; write it like 1,915,085")),
    ] {
        check_value(&done(7, id, "08:00:00", "08:05:00"), "2:5", message);
    }
}

#[test]
fn instants_are_exact_and_not_in_the_future() {
    let with = |started: &str| done(7, "999", "08:00:00", "08:05:00").replacen("2026-01-29T08:00:00Z", started, 1);
    for (started, message) in [
        (
            "2026-01-29 08:00:00",
            Some("DateStarted '2026-01-29 08:00:00' is not written as the vendor does; write 2026-01-29T08:00:00Z"),
        ),
        (
            "2026-01-29T09:00:00+01:00",
            Some(
                "DateStarted '2026-01-29T09:00:00+01:00' is not written as the vendor does; write 2026-01-29T08:00:00Z",
            ),
        ),
        (
            "2026-02-30T08:00:00Z",
            Some("DateStarted '2026-02-30T08:00:00Z' does not exist; check the day of the month and the time of day"),
        ),
        (
            "2026-01-29T24:00:00Z",
            Some("DateStarted '2026-01-29T24:00:00Z' does not exist; check the day of the month and the time of day"),
        ),
        ("soon", Some("DateStarted 'soon' is no instant; write it like 2025-12-22T10:43:05Z")),
        ("2026-01-29T07:50:00Z", None),
    ] {
        check_value(&with(started), "2:11", message);
    }
    check_completions(
        &done(7, "999", "08:00:00", "08:00:00"),
        &[
            "C:2:34: DateCompleted 2026-01-29T08:00:00Z is not after DateStarted 2026-01-29T08:00:00Z; a training takes a second or more",
        ],
    );
    check_completions(&done(7, "999", "08:00:00", "08:05:00").replace("2026-01-29T", "2024-02-29T"), &[]);
    let over_midnight = |started: &str, completed: &str| {
        let row = done(7, "999", "08:00:00", "08:05:00");
        row.replace("01-29T08:00:00", started).replace("01-29T08:05:00", completed)
    };
    check_completions(&over_midnight("01-30T23:50:00", "01-30T23:59:59"), &[]);
    check_completions(
        &over_midnight("01-30T23:50:00", "01-31T00:00:00"),
        &[
            "C:2:34: DateCompleted 2026-01-31T00:00:00Z lies in the future, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z",
        ],
    );
    let day = |text: String| text.replace("01-29", "02-05");
    check_completions(
        &(day(done(7, "1", "08:00:00", "08:05:00")) + &day(done(8, "1", "08:00:00", "08:05:00"))),
        &[
            "C:2:9: 2 rows lie in the future, this one first, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z. Is the date in the name right?",
        ],
    );
    check_assignments(
        &left(7, "1", "999").replace("2026-01-29T02", "2026-02-01T02"),
        &[
            "A:2:5: CreateDate_text 2026-02-01T02:00:00Z lies in the future, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z; if it was so before the run, give the content_assignments that says so",
        ],
    );
}

#[test]
fn completions_follow_one_another() {
    check_completions(
        &(done(7, "999", "08:00:00", "08:05:00")
            + &done(8, "5", "08:00:00", "08:05:00")
            + &done(7, "999", "09:00:00", "09:05:00")),
        &["C:4:5: employee 7 and content 999 stand in line 2 already; keep one of the two rows"],
    );
    check_completions(
        &(done(7, "1", "08:00:00", "08:05:00") + &done(7, "2", "07:00:00", "07:05:00")),
        &[
            "C:3:9: DateStarted 2026-01-29T07:00:00Z is before 2026-01-29T08:00:00Z in line 2; an employee's rows stand in order of time",
        ],
    );
    check_completions(
        &(done(7, "1", "08:00:00", "08:20:00")
            + &done(7, "2", "08:05:00", "08:10:00")
            + &done(7, "3", "08:15:00", "08:30:00")),
        &["C:2:32: a training of 0:20:00 hours; the longest takes 15 minutes"],
    );
    let shared = done(7, "1", "08:00:00", "08:00:01") + &done(7, "2", "08:00:00", "08:00:01");
    check_completions(&(shared + &done(7, "3", "08:00:01", "08:00:02")), &[]);
}

#[test]
fn assignments_have_good_request_ids_and_dates() {
    check_assignments(&(left(7, "fake:29", "1") + &left(7, "fake:29", "2")), &[]);
    check_assignments(
        &(left(7, "12", "1") + &left(7, "12", "2") + &left(7, "x", "3") + &left(7, "", "4")),
        &[
            "A:3:28: RequestId 12 stands in line 2 already; every row has a number of its own",
            "A:4:28: RequestId 'x' is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29",
            "A:5:28: RequestId '' is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29",
        ],
    );
    check_assignments(
        &(left(7, "fake:30", "1") + &left(7, "12", "2")),
        &["A:2:28: RequestId 'fake:30' should name the day of the file in two digits, fake:29"],
    );
    check_assignments(
        &(left(7, "fake:29", "1") + &left(7, "12", "2")),
        &[
            "A:3:28: RequestIds of two styles: 1 row has a number (first in line 3), 1 row has fake: and a day (first in line 2); use one of the two",
        ],
    );
    check_assignments(
        &left(7, "1", "999").replace("2026-01-31T13:13:59Z", "2026-01-25T00:00:00Z").replace("Media", " "),
        &[
            "A:2:61: DueDate_text 2026-01-25T00:00:00Z is before Start_Date_text 2026-01-26T00:01:00Z; an assignment is due after it starts; if it was so before the run, give the content_assignments that says so",
            "A:2:84: ContentType is empty; write the kind of content, usually Media",
        ],
    );
    check_assignments(
        &(left(7, "1", "1,999") + &left(7, "2", "1,999")),
        &["A:3:32: employee 7 and content 1,999 stand in line 2 already; keep one of the two rows"],
    );
}
