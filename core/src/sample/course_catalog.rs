//! The sample's `CourseCatalog` file: one row for each content of each module of each course. Most contents are in
//! `StandAloneContent`, too; for the others this file is the only source of their names.

use chrono::NaiveDate;

use super::contents::{Contents, SampleContent, flag};
use super::courses::{Course, Module, catalog_rows, course, modules};
use super::sample_recipe::{SampleFile, SampleRecipe};
use super::vendor_name::vendor_name;
use crate::format::course_catalog::COLUMNS;
use crate::format::file_name::VendorKind;
use crate::format::identifier::content_id_text;
use crate::format::quoted::push_line;

/// Makes the file of a day. Another day changes its name only.
pub(super) fn file(recipe: &SampleRecipe, day: NaiveDate) -> SampleFile {
    let contents = Contents::of(recipe);
    let mut bytes = Vec::new();
    push_line(&mut bytes, &COLUMNS);
    let mut rows_left = catalog_rows(recipe.contents);
    let mut position = 0;
    while rows_left > 0 {
        let course = course(recipe.seed, position);
        for mut module in modules(recipe.seed, position, contents.all().len()) {
            module.contents.truncate(rows_left);
            rows_left -= module.contents.len();
            push_module(&mut bytes, &course, &module, &contents);
        }
        position += 1;
    }
    SampleFile { name: vendor_name(recipe.seed, day, VendorKind::CourseCatalog), bytes }
}

fn push_module(out: &mut Vec<u8>, course: &Course, module: &Module, contents: &Contents) {
    let of_module: Vec<&SampleContent> =
        module.contents.iter().filter_map(|position| contents.all().get(*position)).collect();
    let id_texts: Vec<String> = of_module.iter().map(|content| content_id_text(content.id)).collect();
    let id_list = id_texts.join("; ");
    for content in of_module {
        push_row(out, course, module, &id_list, content, contents);
    }
}

fn push_row(
    out: &mut Vec<u8>,
    course: &Course,
    module: &Module,
    id_list: &str,
    content: &SampleContent,
    contents: &Contents,
) {
    let details = contents.details(content);
    let topic = course.name.topic;
    let row: [&str; COLUMNS.len()] = [
        &content_id_text(course.id),
        &course.name.english,
        &format!("COURSE_{}", course.name.english.replace(' ', "_")),
        topic,
        module.name,
        &content_id_text(module.id),
        &format!("{} of the course \"{}\"", module.name, course.name.english),
        &content.name.english,
        &details.admin_name,
        &details.id,
        &details.description,
        details.kind,
        id_list,
        &details.tags,
        &details.created,
        &details.link,
        &format!("https://example.com/course/{}", course.id),
        details.other_daily_dose,
        details.daily_dose_ba,
        flag(false),
        flag(course.id.is_multiple_of(9)),
        &course.name.french,
        "Un parcours pour l’équipe, étape par étape.",
        &details.french_name,
        &details.french_description,
        "A path for the team, step by step.",
    ];
    push_line(out, &row);
}
