//! Made-up courses: a course has modules, a module has contents.

use super::tables::SampleTable;
use super::words;

/// The maximum number of modules of a course.
const MOST_MODULES: usize = 4;

/// The maximum number of contents of a module.
const MOST_CONTENTS: usize = 6;

/// A made-up course.
pub(super) struct Course {
    /// Its `CourseId`.
    pub(super) id: u64,
    /// Its name in English and French.
    pub(super) name: words::Name,
}

/// A made-up module of a course.
pub(super) struct Module {
    /// Its `ModuleId`.
    pub(super) id: u64,
    /// Its name.
    pub(super) name: &'static str,
    /// The positions of its contents in [`Contents::all`](super::contents::Contents::all).
    pub(super) contents: Vec<usize>,
}

/// The minimum number of courses in the catalog of a sample.
pub(super) fn certain_courses(contents: usize) -> usize {
    catalog_rows(contents).div_ceil(MOST_MODULES * MOST_CONTENTS)
}

/// The number of rows of the course catalog.
pub(super) fn catalog_rows(contents: usize) -> usize {
    contents.saturating_mul(5)
}

/// The course at a position.
pub(super) fn course(seed: u64, position: u64) -> Course {
    const FIRST_ID: u64 = 10_000;
    const ID_SPAN: u64 = 50;
    let mut draw = SampleTable::Courses.draw(seed, position);
    let id = FIRST_ID + position * ID_SPAN + draw.below(ID_SPAN);
    Course { id, name: words::course_name(&mut draw) }
}

/// The modules of the course at a position, with contents drawn from the first `pool` ones.
pub(super) fn modules(seed: u64, position: u64, pool: usize) -> Vec<Module> {
    let mut draw = SampleTable::Modules.draw(seed, position);
    let module_count = 1 + draw.below(MOST_MODULES as u64);
    let mut modules = Vec::new();
    for number in 0..module_count {
        let first = draw.below(pool as u64);
        let count = draw.between(2, MOST_CONTENTS as u64);
        let contents = (first..first + count).filter_map(|at| usize::try_from(at % pool.max(1) as u64).ok()).collect();
        let id = 100_000 + position * 10 + number;
        modules.push(Module { id, name: words::module_name(modules.len()), contents });
    }
    modules
}
