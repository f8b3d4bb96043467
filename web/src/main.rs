//! The page's program.

fn main() {
    btcfake_web::start_page();
}
