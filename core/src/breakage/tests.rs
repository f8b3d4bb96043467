//! Tests that the checker finds every fault in every file that can have it; and tests of lists of faults.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::check::own_run::{OwnRun, OwnedFile, check_owned, errors};
use crate::check::{BrokenOnPurpose, CheckReport, FindingKind, GivenFile, broken_on_purpose};

/// Breaks the feed of a run, and checks it together with its run file and its inputs.
fn broken(run: &OwnRun, list: &BreakList) -> (BrokenFeed, CheckReport) {
    let broken = break_feed(&run.simulation, run.bytes(), list).unwrap();
    let set = [run.with_record(broken.files.clone(), broken.damage.clone()), run.inputs()].concat();
    let report = check_owned(&set);
    (broken, report)
}

/// True if the checker has a finding where the damage was done.
fn is_found(report: &CheckReport, damage: &Damage) -> bool {
    all_are_found(report, std::slice::from_ref(damage))
}

/// True if the checker has a finding for each damage.
fn all_are_found(report: &CheckReport, damage: &[Damage]) -> bool {
    BrokenOnPurpose::of(damage.to_vec(), report).faults.iter().all(|(_, finding)| finding.is_some())
}

/// True if only a comparison with the inputs reveals the fault.
fn needs_inputs(fault: Fault) -> bool {
    matches!(fault, Fault::WithoutAssignment | Fault::UnknownEmployee)
}

#[test]
fn the_checker_finds_every_fault_at_its_place() {
    let run = OwnRun::usual();
    for fault in Fault::ALL.iter().copied() {
        for file in fault.files() {
            let rows = if fault.is_of_rows() { 3 } else { 1 };
            let list = BreakList::new(vec![Breakage { fault, file: *file, rows }]).unwrap();
            let (broken, report) = broken(&run, &list);
            assert_eq!(broken.damage.len(), rows as usize, "{}", list.text());
            for damage in &broken.damage {
                assert!(is_found(&report, damage), "{}: {report:#?}", damage.describe());
            }
            let alone = check_owned(&broken.files);
            if needs_inputs(fault) {
                assert!(alone.is_clean(), "{fault:?} is now found without inputs: say so in docs/breaking.md");
            } else {
                assert!(broken.damage.iter().all(|damage| is_found(&alone, damage)), "{}: {alone:#?}", list.text());
            }
        }
    }
}

/// The instant of the run comes from the run file; without it, from the rows.
#[test]
fn of_names_that_differ_the_wrong_ones_are_blamed() {
    let run = OwnRun::usual();
    for wrong in 1..8_usize {
        let of = FeedFile::ALL.into_iter().enumerate().filter(|(index, _)| wrong >> index & 1 == 1);
        let of = of.map(|(_, file)| Breakage { fault: Fault::WrongDateInName, file, rows: 1 });
        let (broken, report) = broken(&run, &BreakList::new(of.collect()).unwrap());
        let damaged: Vec<&str> = broken.damage.iter().map(|damage| damage.file.as_str()).collect();
        let blamed =
            |report: &CheckReport| -> Vec<String> { report.disagreements.iter().map(|one| one.file.clone()).collect() };
        assert_eq!(blamed(&report), damaged);
        // If all names have the same wrong date, nothing reveals it.
        let alone = if wrong == 7 { Vec::new() } else { damaged };
        assert_eq!(blamed(&check_owned(&broken.files)), alone);
    }
}

#[test]
fn one_fault_is_one_finding() {
    let run = OwnRun::usual();
    for fault in Fault::ALL.iter().copied() {
        for file in fault.files() {
            let (_, report) = broken(&run, &BreakList::new(vec![Breakage { fault, file: *file, rows: 1 }]).unwrap());
            let found = errors(&report);
            assert_eq!(found.len(), 1, "{fault:?}: {found:#?}");
        }
    }
}

#[test]
fn a_run_file_says_what_was_broken_and_that_is_enough_to_do_it_again() {
    let run = OwnRun::usual();
    let list = BreakList::parse("bad-date@assignments=2, repeated-row=3,Stray-BOM,wrong-date-in-name@dummy").unwrap();
    assert_eq!(list.text(), "stray-bom,repeated-row=3,bad-date@assignments=2,wrong-date-in-name@dummy");
    let (first, report) = broken(&run, &list);
    assert_eq!(BreakList::behind(&first.damage), list);
    let (again, _) = broken(&run, &BreakList::behind(&first.damage));
    assert_eq!(again, first);
    let record = report.files.iter().find(|file| file.name.starts_with("run_")).unwrap();
    assert_eq!(
        record.findings[0].to_string(),
        "1:1: this feed was broken on purpose (bad-date, repeated-row, stray-bom, wrong-date-in-name); see broken in this file"
    );
}

/// The files of a broken feed, and the description of each damage.
fn done(list: &str) -> (Vec<OwnedFile>, Vec<String>) {
    let run = OwnRun::usual();
    let (broken, _) = broken(&run, &BreakList::parse(list).unwrap());
    let message = broken.damage.iter().map(|damage| damage.describe().replace("_V2_2026_01_29_1_", "_")).collect();
    (broken.files, message)
}

#[test]
fn what_was_done_is_told_with_its_line() {
    let run = OwnRun::usual();
    let last = run.bytes().completions.iter().filter(|byte| **byte == b'\n').count();
    let (files, message) = done("blank-line,cut-off,crlf,repeated-row");
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), last + 2);
    let name = files[0].0.replace("_V2_2026_01_29_1_", "_");
    let blank = lines.iter().position(|line| line.is_empty()).unwrap();
    let twice = (1..lines.len()).find(|at| lines[*at] == lines[at - 1]).unwrap();
    let mut expected = vec![
        (1, format!("{name}:1: every line ends with CRLF in place of LF (crlf)")),
        (blank, format!("{name}:{}: a blank line (blank-line)", blank + 1)),
        (twice, format!("{name}:{}: the row of the line before once more (repeated-row)", twice + 1)),
    ];
    expected.sort();
    let cut = lines[last + 1];
    let cut = format!("{name}:{}: the last line is cut off after {} bytes (cut-off)", last + 2, cut.len());
    let expected: Vec<String> = expected.into_iter().map(|(_, message)| message).chain([cut]).collect();
    assert_eq!(message, expected);
}

#[test]
fn a_file_that_is_missing_is_not_among_the_files() {
    let run = OwnRun::usual();
    let list = BreakList::parse("missing-file@assignments,empty-file@dummy,wrong-date-in-name").unwrap();
    let (broken, _) = broken(&run, &list);
    let names: Vec<&str> = broken.files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, broken_names(&run.simulation.file_names(), &list));
    assert!(
        names[0].starts_with("ContentUserCompletion_V2_2026_01_22_1_") && names[1].starts_with("UserCompletion_v2_")
    );
    assert_eq!(broken.files[1].1.len(), 0);
}

#[test]
fn a_feed_too_small_for_a_fault_is_told() {
    let run = OwnRun::new("2026-01-29T18:00:00Z", "2026-01-29".parse().unwrap(), |settings| {
        settings.request_id = crate::format::non_completed::RequestIdStyle::FakeDay;
    });
    let refused = |list: &str| {
        break_feed(&run.simulation, run.bytes(), &BreakList::parse(list).unwrap()).unwrap_err().to_string()
    };
    let names = run.simulation.file_names();
    assert_eq!(
        refused("repeated-request-id"),
        format!(
            "repeated-request-id: {} has no row that can be broken so; leave this fault out, or change the run",
            names.assignments
        )
    );
    let message = refused("repeated-row=1000");
    assert!(message.starts_with("repeated-row: 1,000 rows asked for, but ContentUserCompletion_V2_"), "{message}");
    assert!(message.ends_with(" that can be broken so; ask for fewer"), "{message}");
}

#[test]
fn lists_are_read_or_refused_with_what_is_allowed() {
    for (list, expected) in [
        ("crlf", Ok("crlf")),
        (" CRLF@assignments , repeated-row = 2,", Ok("crlf@assignments,repeated-row=2")),
        ("crfl", Err("there is no fault 'crfl'. Did you mean 'crlf'?")),
        ("repeated-rows=3", Err("there is no fault 'repeated-rows'. Did you mean 'repeated-row'?")),
        ("crlf@completion", Err("there is no file for crlf 'completion'. Did you mean 'completions'?")),
        ("bad-date@dummy", Err("there is no file for bad-date 'dummy'; there are completions, assignments")),
        ("crlf=2", Err("crlf takes no number: it is done to the whole file; leave '=' out")),
        ("bad-date=0", Err("bad-date=0: write how many rows, from 1 to 1000, such as bad-date=3")),
        ("bad-date=1001", Err("bad-date=1001: write how many rows, from 1 to 1000, such as bad-date=3")),
        ("crlf,crlf", Err("crlf is there twice for the same file; say it once, with a number")),
        (
            "empty-file,crlf",
            Err(
                "empty-file and crlf do not go together in one file (completions): the first leaves nothing of the second \
                 to be seen; break two feeds",
            ),
        ),
        (
            "missing-file@dummy,wrong-date-in-name@dummy",
            Err(
                "missing-file and wrong-date-in-name do not go together in one file (dummy): a file that is not there has no \
                 name; break two feeds",
            ),
        ),
        (
            "missing-header,column-order",
            Err(
                "missing-header and column-order do not go together in one file (completions): without a header no column is \
                 named; break two feeds",
            ),
        ),
        (
            "missing-column,unknown-employee,id-without-separators,completed-before-start",
            Err(
                "missing-column@completions does not go with the others: every column is needed for one of them; break two \
                 feeds",
            ),
        ),
    ] {
        let found = BreakList::parse(list).map(|list| list.text()).map_err(|error| error.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{list}");
    }
    let message = BreakList::parse(", ").unwrap_err().to_string();
    assert!(message.starts_with("it names no fault; there are missing-column, renamed-column"), "{message}");
    let message = BreakList::parse("flood").unwrap_err().to_string();
    assert!(message.starts_with("there is no fault 'flood'; there are missing-column"), "{message}");
}

#[test]
fn names_are_those_of_the_run_file() {
    for fault in Fault::ALL.iter().copied() {
        assert_eq!(serde_json::to_value(fault).unwrap(), fault.name());
        assert!(fault.sentence().ends_with('.') && !fault.files().is_empty());
    }
}

#[test]
fn every_fault_stands_in_one_group_and_every_preset_breaks_a_feed() {
    let grouped: Vec<Fault> = FaultGroup::ALL.iter().flat_map(|group| group.faults()).collect();
    assert_eq!(grouped.len(), Fault::ALL.len());
    for fault in Fault::ALL {
        assert!(!fault.title().is_empty() && !fault.title().ends_with('.'), "{fault:?}");
        assert!(fault.batch_job().ends_with('.'), "{fault:?}");
    }
    let run = OwnRun::usual();
    for preset in Preset::ALL {
        let list = BreakList::parse(preset.name).unwrap();
        assert_eq!(BreakList::parse(preset.list), Ok(list.clone()));
        assert!(Fault::ALL.iter().all(|fault| fault.name() != preset.name));
        let (broken, report) = broken(&run, &list);
        assert!(all_are_found(&report, &broken.damage), "{}: {report:#?}", preset.name);
    }
    assert_eq!(BreakList::parse("other-day,bad-date=2").unwrap().breakages().len(), 4);
}

#[test]
fn the_run_file_says_which_findings_to_expect() {
    let run = OwnRun::usual();
    let (broken, _) = broken(&run, &BreakList::parse("bad-date=2,crlf@assignments").unwrap());
    let mut set = run.with_record(broken.files, broken.damage);
    let completions = String::from_utf8(set[0].1.clone()).unwrap();
    set[0].1 = completions.replacen("\"2026-01-29T1", "\"2026-01-29 1", 1).into_bytes();
    let given: Vec<GivenFile<'_>> = set.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let report = check_owned(&set);
    let found = broken_on_purpose(&given, &report).unwrap();
    assert_eq!(found.faults.iter().filter(|(_, finding)| finding.is_some()).count(), 3);
    let others: Vec<FindingKind> = found.others.iter().map(|finding| finding.kind).collect();
    assert!(others.contains(&FindingKind::BadTime), "{others:?}");
    assert_eq!(broken_on_purpose(&given[..2], &report), None);
}

#[test]
fn what_follows_from_a_replaced_employee_or_content_is_no_other_fault() {
    let run = OwnRun::usual();
    for rows in 1..12 {
        let list = format!("unknown-employee={rows},without-assignment={rows}");
        let (broken, report) = broken(&run, &BreakList::parse(&list).unwrap());
        let found = BrokenOnPurpose::of(broken.damage, &report);
        let others: Vec<String> = found.others.iter().map(|finding| format!("{finding}")).collect();
        assert_eq!(others, Vec::<String>::new(), "{list}");
        assert!(found.faults.iter().all(|(_, finding)| finding.is_some()), "{list}");
    }
}

fn any_list() -> impl Strategy<Value = BreakList> {
    let one = (0..Fault::ALL.len(), 0..3_usize, 1..4_u32).prop_map(|(fault, file, rows)| {
        let fault = Fault::ALL[fault];
        let rows = if fault.is_of_rows() { rows } else { 1 };
        Breakage { fault, file: fault.files()[file % fault.files().len()], rows }
    });
    prop::collection::vec(one, 1..6).prop_filter_map("faults that go together", |list| BreakList::new(list).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn faults_together_do_not_hide_each_other(list in any_list()) {
        let run = OwnRun::usual();
        let (first, report) = broken(&run, &list);
        prop_assert!(all_are_found(&report, &first.damage), "{}: {:#?}", list.text(), report);
        prop_assert_eq!(&BreakList::behind(&first.damage), &list);
        prop_assert_eq!(&BreakList::parse(&list.text()), &Ok(list.clone()));
        let (again, _) = broken(&run, &list);
        prop_assert_eq!(again, first);
    }

    #[test]
    fn any_text_is_a_list_or_refused(text in "[a-z,=@0-9 -]{0,40}") {
        let _ = BreakList::parse(&text);
    }
}
