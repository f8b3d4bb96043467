//! Files that are given twice, such as a state table that a live run keeps beside its feed. Only the first one counts.
//! Otherwise it would be unknown which of the two the run used, and neither would be compared.

use super::report::{CheckedFile, SourceFile};

/// The number of bytes that are compared at a time.
const CHUNK: usize = 1 << 20;

/// For each file, the position of the first file with the same name and bytes; `None` for that first file itself.
pub(super) fn find(files: &[SourceFile<'_>]) -> Vec<Option<usize>> {
    let is_same = |one: &SourceFile<'_>, other: &SourceFile<'_>| one.name == other.name && have_same_bytes(one, other);
    let first = |number: usize| files[..number].iter().position(|one| is_same(one, &files[number]));
    (0..files.len()).map(first).collect()
}

/// The reports of all files in the order in which they were given, made from those of the files that are no copies.
pub(super) fn with_copies(checked: Vec<CheckedFile>, originals: &[Option<usize>]) -> Vec<CheckedFile> {
    let mut checked = checked.into_iter();
    let mut files: Vec<CheckedFile> = Vec::with_capacity(originals.len());
    for copy_of in originals {
        let copy = copy_of.map(|original| {
            let CheckedFile { name, kind, rows, .. } = &files[original];
            CheckedFile { name: name.clone(), kind: *kind, rows: *rows, findings: Vec::new(), copy_of: *copy_of }
        });
        files.extend(copy.or_else(|| checked.next()));
    }
    files
}

fn have_same_bytes(one: &SourceFile<'_>, other: &SourceFile<'_>) -> bool {
    let size = one.source.size();
    let chunk = |start: usize| start..(start + CHUNK).min(size);
    size == other.source.size()
        && (0..size).step_by(CHUNK).all(|start| one.source.bytes(chunk(start)) == other.source.bytes(chunk(start)))
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assignments, completions};
    use crate::check::{CheckReport, FindingKind, GivenFile, check};

    const TABLE: &str =
        "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n";

    #[test]
    fn a_file_that_is_given_twice_counts_once() {
        let files: [(&str, &str); 5] = [
            ("employees.csv", "employee_id,employee_edu_type\n7,f\n"),
            ("content_assignments.csv", &format!("{TABLE}7,999,2026-01-20 00:00:00,,,,\n")),
            ("content_completion.csv", "ba_id,content_id,completion_date\n"),
            ("ContentUserCompletion_V2_2026_01_29_1_5fccff.csv", &completions("")),
            ("Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv", &assignments("")),
        ];
        let report = |files: &[(&str, &str)]| -> CheckReport {
            let given = files.iter().map(|(name, text)| GivenFile { name, bytes: text.as_bytes() });
            check(&given.collect::<Vec<_>>())
        };
        let once = report(&files);
        assert!(once.disagreements.iter().any(|one| one.text.contains("999")), "{:?}", once.disagreements);
        let twice = report(&[files, files].concat());
        assert_eq!(twice.disagreements, once.disagreements);
        assert_eq!(twice.files[..5], once.files);
        let copies: Vec<_> = twice.files[5..].iter().map(|file| (file.copy_of, file.findings.len())).collect();
        assert_eq!(copies, (0..5).map(|number| (Some(number), 0)).collect::<Vec<_>>());
        let other = [("content_assignments.csv", TABLE)];
        let several = report(&[&files[..], &other].concat());
        let kinds: Vec<_> = several.disagreements.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [FindingKind::MissingFile, FindingKind::SeveralInputs]);
    }
}
