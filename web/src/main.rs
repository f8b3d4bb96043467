//! The one program of page and worker.

fn main() {
    btcfake_web::start();
}
