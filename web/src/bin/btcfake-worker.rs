//! The worker's program.

fn main() {
    btcfake_web::start_worker();
}
