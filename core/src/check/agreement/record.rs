//! Comparison of a run with its run file: outputs, and inputs of the same name, must have the recorded size and digest, and
//! files and names must follow the recorded settings.

use std::cmp::Reverse;

use super::compared::{Disagreements, FileFacts};
use crate::check::facts::{Examined, Facts};
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::Pair;
use crate::check::recorded_run::{RecordedFile, RecordedRun};
use crate::check::runs::GivenRun;
use crate::format::file_name::VendorName;
use crate::format::non_completed::{REQUEST, RequestIdStyle};
use crate::format::record::BYTE_ORDER_MARK;
use crate::run::feed_names::FeedNames;
use crate::text::chunks::Workers;
use crate::text::digest::sha256_of_source;
use crate::text::words::number_text;

/// Compares the given files with size and digest in the run file.
pub(super) fn compare(files: &[Examined<'_>], run: &GivenRun, workers: &impl Workers, found: &mut Disagreements) {
    let Some((record_index, record)) = run.record.zip(run.recorded(files)) else { return };
    let run_file = files[record_index].given.name;
    let given =
        |name: &str| -> Vec<usize> { (0..files.len()).filter(|index| files[*index].given.name == name).collect() };
    let renamed = renamed(files, run, record);
    let digests = digests(files, record, &renamed, workers);
    let is_any_given = record.outputs.iter().any(|output| !given(&output.name).is_empty());
    for output in &record.outputs {
        let under_other_name =
            renamed.iter().filter(|(_, recorded)| recorded.name == output.name).map(|(index, _)| *index);
        let of_the_name: Vec<usize> = given(&output.name).into_iter().chain(under_other_name).collect();
        if of_the_name.is_empty() && is_any_given {
            let text = format!("the output {} is named here but was not given", output.name);
            found.add_to_file(record_index, FindingKind::MissingFile, FindingDraft::from(text).file(&output.name));
        }
        compare_files(&digests, &of_the_name, output, (run_file, "written"), found);
    }
    for input in &record.inputs {
        compare_files(&digests, &given(&input.name), input, (run_file, "read"), found);
    }
    compare_settings(files, run, record, run_file, found);
    compare_names(record_index, run_file, record, found);
    if record.outputs.is_empty() {
        return;
    }
    for output in run.files().filter(|index| *index != record_index) {
        let name = files[output].given.name;
        let recorded = renamed.iter().find(|(index, _)| *index == output).map(|(_, recorded)| &*recorded.name);
        if recorded.is_some() && has_wrong_name(&files[output], run) {
            continue;
        }
        if !record.outputs.iter().any(|recorded| recorded.name == name) {
            let name = recorded.map_or_else(String::new, |name| format!("; it names {name}"));
            let text = format!("{run_file} does not name this file among the outputs of its run{name}");
            found.add_to_file(output, FindingKind::UnrecordedFile, FindingDraft::from(text).file(run_file));
        }
    }
}

/// The files of a run that have another name than the output of their kind in the run file, each with that output.
fn renamed<'r>(files: &[Examined<'_>], run: &GivenRun, record: &'r RecordedRun) -> Vec<(usize, &'r RecordedFile)> {
    let is_given = |output: &&RecordedFile| files.iter().any(|file| file.given.name == output.name);
    let is_recorded = |index: &usize| record.outputs.iter().any(|output| output.name == files[*index].given.name);
    let of_kind = |output: &RecordedFile| {
        let kind = VendorName::parse(&output.name)?.kind;
        let position = GivenRun::FEED.iter().position(|one| *one == kind)?;
        run.feed()[position].filter(|index| !is_recorded(index))
    };
    let absent = record.outputs.iter().filter(|output| !is_given(output));
    let mut renamed: Vec<(usize, &RecordedFile)> =
        absent.filter_map(|output| Some((of_kind(output)?, output))).collect();
    renamed.dedup_by_key(|(index, _)| *index);
    // A name of no known form is that of the only file left.
    let mut absent = record.outputs.iter().filter(|output| !is_given(output));
    let mut unrecorded = run.feed().into_iter().flatten().filter(|index| !is_recorded(index));
    if let (true, Some(output), None) = (renamed.is_empty(), absent.next(), absent.next())
        && let (Some(index), None) = (unrecorded.next(), unrecorded.next())
    {
        renamed.push((index, output));
    }
    renamed
}

/// True if the file has no name of its own, or a finding says already that the name is wrong, or that the file before it is
/// missing.
fn has_wrong_name(file: &Examined<'_>, run: &GivenRun) -> bool {
    let is_of_name =
        |kind| matches!(kind, FindingKind::BadFileName | FindingKind::OtherKind | FindingKind::TemplateName);
    let has_number = VendorName::parse(file.given.name).is_some_and(|name| name.sequence > 1);
    let is_told = file.checked.findings.iter().any(|finding| is_of_name(finding.kind));
    !file.given.is_file_name || is_told || file.run != run.key || has_number
}

/// Compares byte order mark and RequestIds with the settings.
fn compare_settings(
    files: &[Examined<'_>],
    run: &GivenRun,
    record: &RecordedRun,
    run_file: &str,
    found: &mut Disagreements,
) {
    compare_marks(files, run, record, run_file, found);
    let assignments = run.assignments.and_then(|index| match &files[index].facts {
        Facts::Rows(rows) => Some((index, rows)),
        _ => None,
    });
    let Some(((index, rows), recorded)) = assignments.zip(record.request_id) else { return };
    // A single broken row may have the other style. Of a file that is wholly in the other style, first and last row have it.
    let by_line = |pair: &&Pair| pair.line;
    let ends = [rows.pairs.iter().min_by_key(by_line), rows.pairs.iter().max_by_key(by_line)];
    let is_other = |pair: Option<&Pair>| {
        let value = pair.and_then(|pair| rows.file.text(pair.line, REQUEST));
        value.is_some_and(|value| value.starts_with("fake:") != (recorded == RequestIdStyle::FakeDay))
    };
    if let Some(first) = ends[0].filter(|_| ends.into_iter().all(is_other)) {
        let file = FileFacts { index, name: files[index].given.name, value: rows };
        found.add(file, FindingKind::BadRequestId, first, REQUEST, |_, _| {
            let style = if recorded == RequestIdStyle::Numeric { "numbers" } else { "fake: and the day" };
            FindingDraft::from(format!("the RequestIds are not {style}, but request_id in {run_file} says so"))
                .file(run_file)
        });
    }
}

/// Compares byte order marks with the setting. If both files contradict it, that is one finding.
fn compare_marks(
    files: &[Examined<'_>],
    run: &GivenRun,
    record: &RecordedRun,
    run_file: &str,
    found: &mut Disagreements,
) {
    let Some(recorded) = record.byte_order_mark else { return };
    let has_mark = |index: usize| {
        let source = files[index].given.source;
        *source.bytes(0..BYTE_ORDER_MARK.len().min(source.size())) == *BYTE_ORDER_MARK
    };
    let given = [run.completions, run.assignments].into_iter().flatten();
    let given = given.filter(|index| !matches!(files[*index].facts, Facts::Nothing));
    let wrong: Vec<usize> = given.filter(|index| has_mark(*index) != recorded).collect();
    let Some(first) = wrong.first() else { return };
    let subject = match wrong.get(1) {
        None => "the file begins".to_owned(),
        Some(other) => format!("this file and {} begin", files[*other].given.name),
    };
    let with = if recorded { "without" } else { "with" };
    let text = format!("{subject} {with} a byte order mark, but byte_order_mark in {run_file} is {recorded}");
    found.add_to_file(*first, FindingKind::ByteOrderMark, FindingDraft::from(text).file(run_file));
}

/// Checks that the names are those that seed and instant give. A name that differs from the others is reported elsewhere.
fn compare_names(record_index: usize, run_file: &str, record: &RecordedRun, found: &mut Disagreements) {
    if let Some(right) = contradicted_name(run_file, record) {
        let text = format!(
            "by its seed, now and time_zone, this file would be called {right}, and its outputs have the same date and last \
             part; one of these was changed"
        );
        found.add_to_file(record_index, FindingKind::OtherRun, FindingDraft::from(text).expected(right));
    }
}

/// The name of a run file by its seed and instant, if neither it nor its outputs have such a name. Then seed and instant are not
/// those of the run.
pub(super) fn contradicted_name(run_file: &str, record: &RecordedRun) -> Option<String> {
    let (calendar, seed) = record.calendar.zip(record.seed)?;
    let right = FeedNames::of(seed, &calendar).run;
    let parts = |name: &str| VendorName::parse(name).map(|name| (name.date, name.random));
    let outputs = record.outputs.iter().map(|output| output.name.as_str());
    let mut found_parts = outputs.chain([run_file]).filter_map(parts).peekable();
    (found_parts.peek().is_some() && found_parts.all(|one| Some(one) != parts(&right))).then_some(right)
}

/// Size and SHA-256 of each file whose name the run file has; the size alone if no recorded file of the name has it.
fn digests(
    files: &[Examined<'_>],
    record: &RecordedRun,
    renamed: &[(usize, &RecordedFile)],
    workers: &impl Workers,
) -> Vec<(u64, Option<String>)> {
    let size = |index: usize| u64::try_from(files[index].given.source.size()).unwrap_or(u64::MAX);
    // The largest file first: while one worker digests it, the others digest the rest.
    let mut by_size: Vec<usize> = (0..files.len()).collect();
    by_size.sort_by_key(|index| Reverse(size(*index)));
    let digest = |number: usize| {
        let (index, given) = (by_size[number], files[by_size[number]].given);
        let size = size(index);
        let mut recorded = record.outputs.iter().chain(&record.inputs);
        let is_of = |file: &RecordedFile| {
            file.name == given.name
                || renamed.iter().any(|(other, recorded)| *other == index && recorded.name == file.name)
        };
        let is_needed = recorded.any(|file| is_of(file) && file.bytes.is_none_or(|bytes| bytes == size));
        (index, (size, is_needed.then(|| sha256_of_source(given.source).1)))
    };
    let mut digests = workers.each(files.len(), digest);
    digests.sort_by_key(|(index, _)| *index);
    digests.into_iter().map(|(_, digest)| digest).collect()
}

/// Checks that one of the files of a name is the recorded one; if none is, reports the first.
fn compare_files(
    digests: &[(u64, Option<String>)],
    of_the_name: &[usize],
    recorded: &RecordedFile,
    source: (&str, &str),
    found: &mut Disagreements,
) {
    let mut first = None;
    for index in of_the_name {
        match difference(&digests[*index], recorded, source) {
            None => return,
            Some(difference) => _ = first.get_or_insert((*index, difference)),
        }
    }
    if let Some((index, difference)) = first {
        found.add_to_file(index, FindingKind::ChangedFile, difference);
    }
}

/// The difference between a file, of this size and SHA-256, and the recorded one, which was written or read (`verb`).
fn difference(
    (is, digest): &(u64, Option<String>),
    recorded: &RecordedFile,
    (run_file, verb): (&str, &str),
) -> Option<FindingDraft> {
    let found = |text: String, is: String, was: String| FindingDraft::from(text).value(is).expected(was).file(run_file);
    if let Some(was) = recorded.bytes.filter(|was| was != is) {
        let (found_bytes, recorded_bytes) = (number_text(*is), number_text(was));
        let text = format!(
            "it has {found_bytes} bytes, but {run_file} says that {recorded_bytes} were {verb}; it is not the same file"
        );
        return Some(found(text, is.to_string(), was.to_string()));
    }
    let (is, was) = digest.clone().zip(recorded.sha256.clone()).filter(|(is, was)| is != was)?;
    let text = format!(
        "its SHA-256 is {is}, but {run_file} says {was}; it was changed after it was {verb}, or is another file"
    );
    Some(found(text, is, was))
}
