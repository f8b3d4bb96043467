//! The files of a run agree with each other and with its inputs.

use super::{
    ASSIGNMENTS, ASSIGNMENTS_HEADER, COMPLETIONS, COMPLETIONS_HEADER, DUMMY, assignments, check_set, completions, done,
    dummy, left, standalone,
};
use crate::format::course_catalog;

const NO_ASSIGNMENTS: &str =
    "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n";

#[test]
fn files_of_one_run_share_date_and_random_part() {
    let other = "Non_Completed_Assignments_V2_2026_1_30_1_aaaaaa.csv";
    let message = format!(
        "{other}:1:1: its name has the date 2026-01-30 where {COMPLETIONS} has 2026-01-29 and the last part aaaaaa where \
         {COMPLETIONS} has 5fccff; the files of one run share date and last part"
    );
    let set: [(&str, &[u8]); 3] =
        [(other, ASSIGNMENTS_HEADER.as_bytes()), (COMPLETIONS, COMPLETIONS_HEADER.as_bytes()), (DUMMY, &dummy())];
    check_set(&set, &[message.as_str()]);
    let second = "ContentUserCompletion_V2_2026_01_30_1_aaaaaa.csv";
    let row = done(7, "999", "08:00:00", "08:05:00");
    let two_days: [(&str, &[u8]); 6] = [
        (COMPLETIONS, &completions(&row).into_bytes()),
        (second, COMPLETIONS_HEADER.as_bytes()),
        (other, &assignments(&left(7, "1", "999")).into_bytes()),
        (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()),
        (DUMMY, &dummy()),
        ("UserCompletion_v2_2026_1_30_1_aaaaaa.csv", &dummy()),
    ];
    check_set(&two_days, &[]);
}

#[test]
fn what_is_completed_is_not_listed() {
    check_set(
        &[
            (COMPLETIONS, completions(&done(7, "999", "08:00:00", "08:05:00")).as_bytes()),
            (ASSIGNMENTS, assignments(&(left(7, "1", "998") + &left(7, "2", "999"))).as_bytes()),
            (DUMMY, &dummy()),
        ],
        &[
            "A:3:32: employee 7 has completed content 999 in ContentUserCompletion_V2_2026_01_29_1_5fccff.csv line 2, so it is no longer open; take this row out",
        ],
    );
}

#[test]
fn employees_do_what_their_type_says() {
    let done_rows = done(1, "1", "08:00:00", "08:05:00")
        + &done(2, "1", "08:00:00", "08:05:00")
        + &done(2, "2", "08:05:00", "08:06:00")
        + &done(3, "1", "08:00:00", "08:05:00")
        + &done(5, "1", "08:00:00", "08:05:00");
    let left_rows = left(1, "1", "3") + &left(3, "2", "3") + &left(4, "3", "3") + &left(6, "4", "1");
    check_set(
        &[
            (COMPLETIONS, completions(&done_rows).as_bytes()),
            (ASSIGNMENTS, assignments(&left_rows).as_bytes()),
            (DUMMY, &dummy()),
            ("employees.csv", b"employee_id,employee_edu_type\n1,a\n2,b\n3,f\n4,b\n"),
        ],
        &[
            "C:4:1: employee 2 is of type b, who completes one training, but has completed 2 trainings; this is the second",
            "C:5:1: employee 3 is of type f, who completes nothing, but has completed 1 training",
            "C:6:1: employee 5 is not in employees.csv; every employee of a run is. Perhaps a row of employee 4 is meant, which is missing",
            "A:2:1: employee 1 is of type a, who completes everything, but has 1 training left here",
            "A:5:1: employee 6 is not in employees.csv; every employee of a run is",
        ],
    );
}

#[test]
fn employees_stand_in_the_order_of_the_population() {
    let rows = done(2, "1", "08:00:00", "08:05:00") + &done(1, "1", "08:00:00", "08:05:00");
    check_set(
        &[
            (COMPLETIONS, completions(&rows).as_bytes()),
            ("employees.csv", b"employee_id,employee_edu_type\n1,a\n2,b\n"),
        ],
        &[
            "C:3:1: employee 1 stands after employee 2, but before in employees.csv (lines 2 and 3); the employees stand in its order",
        ],
    );
}

#[test]
fn contents_are_known_and_completions_have_a_reason() {
    let catalog = standalone(&["1", "2"]);
    let done_rows = completions(&(done(7, "5", "08:00:00", "08:05:00") + &done(7, "6", "08:05:00", "08:06:00")));
    let old = left(7, "1", "3").replace("2026-01-29T02", "2026-01-20T02");
    let left_rows = assignments(&(old.clone() + &left(7, "2", "4") + &left(7, "3", "1")));
    let unknown = |line: u32, content: u32| {
        format!(
            "A:{line}:32: content {content} is not in StandAloneContent, so it cannot be assigned anew; if it was open before, \
             give the content_assignments that says so"
        )
    };
    let dummy = dummy();
    let set: [(&str, &[u8]); 4] = [
        ("StandAloneContent.csv", catalog.as_bytes()),
        (COMPLETIONS, done_rows.as_bytes()),
        (ASSIGNMENTS, left_rows.as_bytes()),
        (DUMMY, &dummy),
    ];
    // Without the table, all of it may have been open before the run.
    check_set(&set, &[]);
    let no_row: (&str, &[u8]) = ("content_assignments.csv", NO_ASSIGNMENTS.as_bytes());
    let row = [no_row.1, b"7,4,2026-01-29 02:00:00,,2026-01-26 00:01:00,2026-01-31 13:13:59,\n"].concat();
    let table: (&str, &[u8]) = ("content_assignments.csv", &row);
    let open_first = assignments(&(left(7, "2", "4") + &left(7, "1", "3") + &left(7, "3", "1")));
    check_set(&[set[0], set[1], (ASSIGNMENTS, open_first.as_bytes()), set[3], table], &[unknown(3, 3).as_str()]);
    let recommended: (&str, &[u8]) = (
        "answers.jsonl",
        b"{\"ba_id\": 7, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5}]}}}\n",
    );
    check_set(&[set[0], set[1], recommended], &[]);
    check_set(
        &[set[0], set[1], recommended, no_row],
        &[
            "C:3:5: nothing explains why employee 7 completed content 6: it is in no StandAloneContent, assignment or recommendation that was given",
        ],
    );
}

#[test]
fn contents_of_course_catalogs_alone_are_not_assigned() {
    let catalog = standalone(&["1", "2"]);
    let courses = format!("{}\n{}5{}\n", course_catalog::COLUMNS.join(","), ",".repeat(9), ",".repeat(16));
    let (done_rows, left_rows) = (completions(&done(7, "5", "08:00:00", "08:05:00")), assignments(&left(8, "1", "5")));
    let dummy = dummy();
    check_set(
        &[
            ("StandAloneContent.csv", catalog.as_bytes()),
            ("CourseCatalog.csv", courses.as_bytes()),
            ("content_assignments.csv", NO_ASSIGNMENTS.as_bytes()),
            ("answers.jsonl", b"{\"ba_id\": 7, \"body\": {\"response\": {}}}\n"),
            (COMPLETIONS, done_rows.as_bytes()),
            (ASSIGNMENTS, left_rows.as_bytes()),
            (DUMMY, &dummy),
        ],
        &[
            "C:2:5: nothing explains why employee 7 completed content 5: it is in no StandAloneContent, assignment or recommendation that was given",
            "A:2:32: content 5 is not in StandAloneContent, so it cannot be assigned anew; if it was open before, give the content_assignments that says so",
        ],
    );
}

#[test]
fn a_content_that_was_completed_before_is_completed_again_only_if_it_is_recommended() {
    let catalog = standalone(&["1", "2"]);
    let done_rows = completions(&(done(7, "2", "08:00:00", "08:05:00") + &done(8, "2", "08:00:00", "08:05:00")));
    let assigned = format!("{NO_ASSIGNMENTS}7,2,2025-11-01 02:00:00,,,,\n");
    check_set(
        &[
            ("StandAloneContent.csv", catalog.as_bytes()),
            ("content_assignments.csv", assigned.as_bytes()),
            ("content_completion.csv", b"ba_id,content_id,completion_date\n7,2,2025-11-03\n8,2,2025-11-03\n"),
            (
                "answers.jsonl",
                b"{\"ba_id\": 8, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 2}]}}}\n",
            ),
            (COMPLETIONS, done_rows.as_bytes()),
        ],
        &[
            "C:2:5: nothing explains why employee 7 completed content 2 again: it is not recommended, and nobody is assigned what was completed before",
        ],
    );
}

#[test]
fn open_assignments_come_first_and_in_order() {
    let open = |employee: u64, content: u64, due: &str| {
        format!("{employee},{content},2026-01-29 02:00:00,,2026-01-26 00:01:00,2026-01-{due} 13:13:59,\n")
    };
    let header =
        "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n";
    let table = format!("{header}{}{}{}", open(10, 1, "31"), open(9, 3, "30"), open(9, 2, "31"));
    let earlier = left(9, "1", "3").replace("2026-01-31", "2026-01-30");
    let check = |rows: String, expected: &[&str]| {
        let set: [(&str, &[u8]); 2] =
            [(ASSIGNMENTS, &assignments(&rows).into_bytes()), ("content_assignments.csv", table.as_bytes())];
        check_set(&set, expected);
    };
    check(earlier.clone() + &left(9, "2", "2") + &left(10, "3", "1") + &left(4, "4", "8"), &[]);
    check(
        left(9, "1", "2") + &earlier.replace("\"1\"", "\"2\"") + &left(4, "3", "8") + &left(10, "4", "1"),
        &[
            "A:3:32: the open assignment of content 3 to employee 9 belongs before that of line 2; they stand by employee, due, begin and content",
            "A:5:33: employee 10 had content 1 open before the run, but it stands after the new assignment of line 4; open ones come first",
        ],
    );
}

#[test]
fn what_was_open_is_completed_or_listed_with_its_own_dates() {
    let table = "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
                 7,1,2026-01-20 00:00:00,,,,\n\
                 7,2,2026-01-28 00:00:00,,2026-01-26 00:01:00,2026-01-31 13:13:59,Course\n\
                 7,2,2026-01-20 00:00:00,,,,\n\
                 7,3,2026-01-20 00:00:00,,,,\n\
                 7,4,2026-01-20 00:00:00,,,,\n\
                 8,1,2026-01-20 00:00:00,,,,\n";
    let past = "ba_id,content_id,completion_date\n7,4,2025-01-01\n7,5,2025-01-01\n7,6,2026-01-17\n7,7,2026-01-16\n";
    let done_rows = completions(
        &(done(7, "3", "08:00:00", "08:05:00")
            + &done(7, "6", "08:05:00", "08:06:00")
            + &done(7, "7", "08:06:00", "08:07:00")),
    );
    let left_rows = assignments(&(left(7, "1", "2") + &left(7, "2", "5")));
    check_set(
        &[
            (COMPLETIONS, done_rows.as_bytes()),
            (ASSIGNMENTS, left_rows.as_bytes()),
            (DUMMY, &dummy()),
            ("content_assignments.csv", table.as_bytes()),
            ("content_completion.csv", past.as_bytes()),
        ],
        &[
            "C:3:5: employee 7 completed content 6 on 2026-01-17, as content_completion.csv says; it is not done again on that day or in the 12 days after. Perhaps content 1 of employee 7 is meant, which is missing",
            "A:2:5: CreateDate_text is '2026-01-29T02:00:00Z', but content_assignments.csv has '2026-01-28T00:00:00Z' for this open assignment",
            "A:2:82: ContentType is 'Media', but content_assignments.csv has 'Course' for this open assignment",
            "A:3:32: employee 7 completed content 5 before, as content_completion.csv says, so it is not open; take this row out",
        ],
    );
}
