//! The direction of imports: a room (a top module of core, helper or web) imports only from lower rooms, and no files
//! import each other in a circle.
//!
//! ARCHITECTURE.md shows the rooms. Test modules are left out: a test may use any room, for instance `check` as its
//! oracle. Paths inside macro calls are not examined, but the `use` lines that import their names are.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The rooms of the core, lowest first: each may import from those before it.
const CORE_ROOMS: [&str; 15] = [
    "text", "format", "sheet", "plan", "sample", "inputs", "rules", "run", "breakage", "record", "report", "check",
    "compare", "roster", "api",
];

/// The rooms of the helper, lowest first. The module `tests` has what tests of several rooms share.
const HELPER_ROOMS: [&str; 9] =
    ["terminal", "files", "http", "configuration", "feed", "remote", "sandbox", "server", "commands"];

/// The rooms of the page and its worker, lowest first. `page` and `worker` are different programs: the features of the
/// package hold them apart.
const WEB_ROOMS: [&str; 7] = ["browser_error", "locale", "messages", "worker", "helper_client", "client", "page"];

#[test]
fn the_core_imports_in_one_direction() {
    check_direction("core", &CORE_ROOMS);
}

#[test]
fn the_helper_imports_in_one_direction() {
    check_direction("helper", &HELPER_ROOMS);
}

#[test]
fn the_page_and_its_worker_import_in_one_direction() {
    check_direction("web", &WEB_ROOMS);
    let between = imports_of_package("web")
        .into_iter()
        .filter(|(from, to)| matches!((room_of(from), room_of(to)), ("page" | "client" | "helper_client", "worker")));
    assert_eq!(between.collect::<Vec<_>>(), [], "the page's program has nothing of the worker's");
}

#[test]
fn no_files_of_the_core_import_each_other_in_a_circle() {
    check_circles("core");
}

#[test]
fn no_files_of_the_helper_import_each_other_in_a_circle() {
    check_circles("helper");
}

#[test]
fn no_files_of_the_page_import_each_other_in_a_circle() {
    check_circles("web");
}

#[test]
fn an_import_against_the_direction_is_found() {
    let imports =
        imports_of("run::simulation", "use crate::report::summary::Summary;", &["run::simulation", "report::summary"]);
    assert_eq!(
        against(&CORE_ROOMS, &imports),
        ["run::simulation imports report::summary, but run stands below report"]
    );
}

#[test]
fn a_circle_is_found_even_through_super_groups_and_children() {
    let modules = ["a", "a::b", "a::c"];
    let mut imports = imports_of("a", "mod b; pub use b::X;", &modules);
    imports.extend(imports_of("a::b", "use super::{c::{self, Y}};", &modules));
    assert!(circles(&imports).is_empty());
    imports.extend(imports_of("a::c", "fn f() { crate::a::X::new() }", &modules));
    assert_eq!(circles(&imports), [vec!["a", "a::b", "a::c"]]);
}

#[test]
fn imports_of_tests_do_not_count() {
    let text = "#[cfg(test)] mod tests { use crate::b::X; }";
    assert!(imports_of("a", text, &["a", "b"]).is_empty());
}

/// An import: the module that imports, and the module that it imports from.
type Import = (String, String);

fn check_direction(package: &str, rooms: &[&str]) {
    let imports = imports_of_package(package);
    assert!(imports.len() > 50, "{package}: only {} imports were found", imports.len());
    let wrong = against(rooms, &imports);
    assert!(wrong.is_empty(), "{package}:\n{}", wrong.join("\n"));
}

fn check_circles(package: &str) {
    let imports = imports_of_package(package);
    let circles = circles(&imports);
    let lines: Vec<String> = circles.iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(lines.is_empty(), "{package}:\n{}", lines.join("\n"));
}

/// The imports from a higher room, and the rooms that are not in the list, each in a sentence.
fn against(rooms: &[&str], imports: &BTreeSet<Import>) -> Vec<String> {
    let floor = |module: &str| rooms.iter().position(|one| *one == room_of(module));
    let doors = ["", "lib", "main"];
    let wrong = imports.iter().filter(|(from, _)| !doors.contains(&room_of(from))).filter_map(|(from, to)| {
        match (floor(from), floor(to)) {
            (Some(lower), Some(higher)) if lower < higher => {
                Some(format!("{from} imports {to}, but {} stands below {}", room_of(from), room_of(to)))
            }
            (None, _) => Some(format!("{from} stands in no room of the list")),
            _ => None,
        }
    });
    wrong.collect()
}

/// The room of a module: `run` for `run::simulation`.
fn room_of(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

/// The circles: sets of modules in which each imports every other, directly or not.
fn circles(imports: &BTreeSet<Import>) -> Vec<Vec<&str>> {
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, _) in imports {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.as_str()]);
        while let Some(one) = open.pop() {
            let next = imports.iter().filter(|(from, _)| from == one).map(|(_, to)| to.as_str());
            open.extend(next.filter(|to| seen.insert(*to)));
        }
        reach.insert(from, seen);
    }
    let leads = |from: &str, to: &str| reach.get(from).is_some_and(|reached| reached.contains(to));
    let mut circles: Vec<Vec<&str>> = Vec::new();
    for one in reach.keys().copied().filter(|one| leads(one, one)) {
        if !circles.iter().any(|circle| circle.contains(&one)) {
            circles.push(reach.keys().copied().filter(|other| leads(one, other) && leads(other, one)).collect());
        }
    }
    circles
}

fn imports_of_package(package: &str) -> BTreeSet<Import> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src");
    let files = rust_files(&source);
    let modules: Vec<String> = files.iter().map(|file| module_of(file.strip_prefix(&source).unwrap())).collect();
    let names: Vec<&str> = modules.iter().map(String::as_str).collect();
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    modules.iter().zip(texts).flat_map(|(module, text)| imports_of(module, &text, &names)).collect()
}

/// All Rust files except those of tests.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                files.extend(rust_files(&path));
            }
        } else if name.ends_with(".rs") && !is_of_tests(&path) {
            files.push(path);
        }
    }
    files
}

/// Whether the module of a file is declared under `#[cfg(test)]`.
fn is_of_tests(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let doors = ["mod.rs", "lib.rs", "main.rs"].map(|door| path.with_file_name(door));
    let declared = |door: &PathBuf| {
        let items = syn::parse_file(&fs::read_to_string(door).ok()?).ok()?.items;
        items.iter().find_map(|item| match item {
            syn::Item::Mod(module) if module.ident == stem => Some(is_for_tests(&module.attrs)),
            _ => None,
        })
    };
    doors.iter().find_map(declared).unwrap_or(false)
}

/// `run/simulation.rs` is `run::simulation`, `run/mod.rs` is `run`, `lib.rs` is `lib`.
fn module_of(file: &Path) -> String {
    let path = file.with_extension("").to_string_lossy().replace(['/', '\\'], "::");
    path.strip_suffix("::mod").unwrap_or(&path).to_owned()
}

fn imports_of(module: &str, text: &str, modules: &[&str]) -> BTreeSet<Import> {
    let is_door = matches!(module, "lib" | "main");
    let own = if is_door { Vec::new() } else { module.split("::").map(str::to_owned).collect() };
    let mut finder = Finder { module: own, found: Vec::new() };
    finder.visit_file(&syn::parse_file(text).unwrap());
    let resolve = |path: &Vec<String>| {
        (1..=path.len()).rev().map(|length| path[..length].join("::")).find(|name| modules.contains(&name.as_str()))
    };
    let to = finder.found.iter().filter_map(resolve).filter(|to| to != module);
    to.map(|to| (module.to_owned(), to)).collect()
}

/// Collects the paths of a file, as seen from the top of its crate.
struct Finder {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Finder {
    fn find(&mut self, segments: &[String]) {
        let mut base = self.module.clone();
        let mut rest = segments;
        match rest.first().map(String::as_str) {
            Some("crate") => base.clear(),
            Some("super") => drop(base.pop()),
            _ => {}
        }
        rest = if matches!(rest.first().map(String::as_str), Some("crate" | "super" | "self")) {
            &rest[1..]
        } else {
            rest
        };
        while rest.first().is_some_and(|one| one == "super") {
            base.pop();
            rest = &rest[1..];
        }
        base.extend(rest.iter().filter(|one| *one != "self").cloned());
        // A path outside this crate resolves to its own module, and is no import.
        self.found.push(base);
    }

    fn find_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.find_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.find(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.find(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.find(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.find_tree(tree, before)),
        }
    }
}

impl Visit<'_> for Finder {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        if !is_for_tests(&item.attrs) {
            self.find_tree(&item.tree, &[]);
        }
    }

    /// `pub(in super::super)` names a room, and imports nothing.
    fn visit_visibility(&mut self, _: &syn::Visibility) {}

    fn visit_path(&mut self, path: &syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.find(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        if is_for_tests(&item.attrs) || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}
