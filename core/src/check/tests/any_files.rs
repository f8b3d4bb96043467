//! Whole sets of files: clean ones have no finding, and any bytes are checked.

use proptest::prelude::*;

use super::{
    ASSIGNMENTS, ASSIGNMENTS_HEADER, COMPLETIONS, COMPLETIONS_HEADER, DUMMY, RUN, assignments, check_set, completions,
    done, dummy, left, run_file, standalone,
};
use crate::check::own_run::{OwnRun, borrowed, check_owned, errors};
use crate::check::{FileKind, GivenFile, SourceFile, check, check_sources};
use crate::format::non_completed::RequestIdStyle;
use crate::plan::calendar::BusinessZone;
use crate::plan::settings::{Settings, parse_now};
use crate::text::chunks::SmallChunks;

#[test]
fn a_clean_set_is_clean() {
    let done_rows = completions(
        &(done(7, "1,915,085", "08:00:00", "08:05:00")
            + &done(7, "999", "08:05:00", "08:06:00")
            + &done(8, "2,000", "03:00:00", "03:00:01")),
    );
    let left_rows = assignments(&(left(9, "25661", "999") + &left(8, "25662", "1,915,085") + &left(8, "25663", "999")));
    check_set(
        &[
            (COMPLETIONS, done_rows.as_bytes()),
            (ASSIGNMENTS, left_rows.as_bytes()),
            (DUMMY, &dummy()),
            ("employees.csv", b"employee_id,employee_edu_type\r\n7,a\r\n8,b\r\n9,f\r\n"),
            ("StandAloneContent_v2_2026_1_29_1_x.csv", standalone(&["1,915,085", "999"]).as_bytes()),
            (
                "content_assignments.csv",
                b"ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
                  8,2000,2026-01-01 00:00:00,,,,\n9,999,2026-01-29 02:00:00.9,,2026-01-26 00:01:00,2026-01-31 13:13:59,\n",
            ),
            ("content_completion.csv", b"ba_id,content_id,completion_date\n8,77,2026-01-29\n"),
            ("answers.jsonl", b"{\"ba_id\": 7, \"error\": \"timeout\"}\n"),
        ],
        &[],
    );
    let marked = format!("\u{feff}{done_rows}");
    check_set(&[(COMPLETIONS, marked.as_bytes())], &[]);
    check_set(
        &[
            (COMPLETIONS, COMPLETIONS_HEADER.as_bytes()),
            (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()),
            (DUMMY, &dummy()),
        ],
        &[],
    );
}

/// Makes a run from a sample, and checks it alone and together with all its inputs.
fn check_own_run(now: &str, zone: &str, change: impl Fn(&mut Settings)) {
    let zone: BusinessZone = zone.parse().unwrap();
    let run = OwnRun::new(now, zone.date_of(parse_now(now).unwrap()), |settings| {
        settings.time_zone = zone;
        change(settings);
    });
    let outputs = run.with_record(run.outputs(), Vec::new());
    check_set(&borrowed(&outputs), &[]);
    let report = check_owned(&[outputs, run.inputs()].concat());
    assert_eq!(errors(&report), Vec::<String>::new(), "{now}");
    assert!(report.files.iter().all(|file| file.rows > 0 && file.kind != FileKind::Unknown));
}

#[test]
fn the_programs_own_runs_are_clean() {
    check_own_run("2026-01-29T18:00:00Z", "UTC", |_| ());
    check_own_run("2026-01-26T00:00:30Z", "UTC", |settings| settings.byte_order_mark = true);
    check_own_run("2026-01-29T23:30:00Z", "Pacific/Kiritimati", |settings| {
        settings.request_id = RequestIdStyle::FakeDay;
    });
    check_own_run("2026-01-31T05:00:00Z", "Pacific/Honolulu", |_| ());
    check_own_run("2026-01-29T18:00:00Z", "UTC", |settings| settings.mix = "a=10,b=50,f=40".parse().ok());
}

const ANY_NAME: [&str; 11] = [
    COMPLETIONS,
    ASSIGNMENTS,
    DUMMY,
    RUN,
    "employees.csv",
    "StandAloneContent_v2.csv",
    "CourseCatalog_V2.csv",
    "content_assignments.csv",
    "content_completion.csv",
    "recommendations.jsonl",
    "é",
];

proptest! {
    #[test]
    fn any_bytes_under_any_name_are_checked(
        files in prop::collection::vec((0..ANY_NAME.len(), prop::collection::vec(any::<u8>(), 0..200)), 0..5),
    ) {
        let given: Vec<GivenFile<'_>> =
            files.iter().map(|(name, bytes)| GivenFile { name: ANY_NAME[*name], bytes }).collect();
        let _ = check(&given);
    }

    #[test]
    fn any_change_of_a_good_set_is_checked(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\"\n\r,7x\u{feff}]{0,2}", 0..4_usize), 0..8),
    ) {
        let mut texts = [
            completions(&(done(7, "1,999", "08:00:00", "08:05:00") + &done(8, "5", "08:00:00", "08:05:00"))),
            assignments(&(left(8, "1", "1,999") + &left(9, "2", "5"))),
            String::from_utf8(dummy()).unwrap(),
            run_file((COMPLETIONS, b""), &[(COMPLETIONS, b"")]),
        ];
        for (index, insert, file) in changes {
            let at = index.index(texts[file].chars().count());
            let at = texts[file].char_indices().nth(at).map_or(0, |(at, _)| at);
            texts[file].insert_str(at, &insert);
        }
        let names = [COMPLETIONS, ASSIGNMENTS, DUMMY, RUN];
        let given: Vec<GivenFile<'_>> =
            names.iter().zip(&texts).map(|(name, text)| GivenFile { name, bytes: text.as_bytes() }).collect();
        let _ = check(&given);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_feed_is_checked_in_parts_as_a_whole(
        part in prop_oneof![1_usize..300, 300_usize..20_000],
        edits in proptest::collection::vec((0..2_usize, any::<proptest::sample::Index>(), "[\"\n\r,x0]{0,3}"), 0..6),
    ) {
        let run = OwnRun::usual();
        let mut outputs = run.outputs();
        for (file, at, text) in edits {
            let bytes = &mut outputs[file].1;
            let at = at.index(bytes.len());
            bytes.splice(at..(at + 1).min(bytes.len()), text.bytes());
        }
        let files = [run.with_record(outputs, Vec::new()), run.inputs()].concat();
        let sources: Vec<SourceFile<'_>> =
            files.iter().map(|(name, bytes)| SourceFile::new(name, bytes)).collect();
        prop_assert_eq!(check_sources(&sources, &SmallChunks(part)), check_owned(&files));
    }
}
