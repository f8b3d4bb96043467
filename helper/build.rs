//! Makes cargo notice a newly built page, whose files a release build carries.

fn main() {
    // A missing folder would count as changed at every build.
    let _ = std::fs::create_dir_all("../dist");
    // A development build reads the page's files at run time, so a new page changes nothing in it.
    let carries_page = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed={}", if carries_page { "../dist" } else { "build.rs" });
}
