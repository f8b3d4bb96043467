//! Makes cargo notice a newly built page: its files carry hashes in their names, so new ones appear in `dist/`.

fn main() {
    // Without the folder cargo would take it for changed at every build.
    let _ = std::fs::create_dir_all("../dist");
    println!("cargo:rerun-if-changed=../dist");
}
