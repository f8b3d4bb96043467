//! `UserCompletion_v2_*.csv`: the dummy file, a copy of a template byte for byte. Its content is never read, but the
//! batch job requires the file.

use super::quoted::push_line;

/// The columns of the built-in template.
pub const COLUMNS: [&str; 8] = [
    "UserID",
    "CourseType",
    "CourseID",
    "ModuleName",
    "ContentId",
    "UserCourseStatus",
    "DateCourseStarted",
    "DateCompleted",
];

/// The built-in template: the header and one placeholder row.
#[must_use]
pub fn built_in_template() -> Vec<u8> {
    let mut template = Vec::new();
    push_line(&mut template, &COLUMNS);
    let row = [
        "100001",
        "Course",
        "10,001",
        "Introduction",
        "20,001",
        "Completed",
        "2026-01-05T09:00:00Z",
        "2026-01-05T09:05:00Z",
    ];
    push_line(&mut template, &row);
    template
}
