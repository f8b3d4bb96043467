//! Uses each function and type once that core/clippy.toml forbids. The file belongs to no package;
//! tests/tests/purity.rs passes it to clippy.

pub fn clock() {
    let _ = std::time::SystemTime::now();
    let _ = std::time::Instant::now();
    chrono::Utc::now();
    chrono::Local::now();
}

pub fn chance() {
    rand::rng();
    rand::random();
    rand::random_range();
    rand::random_bool();
    rand::make_rng();
    getrandom::fill();
    getrandom::u32();
    getrandom::u64();
    let _ = std::hash::RandomState::new();
}

pub fn environment() {
    let _ = std::env::var("HOME");
    let _ = std::env::var_os("HOME");
    let _ = std::env::vars();
    let _ = std::env::vars_os();
    let _ = std::env::args();
    let _ = std::env::args_os();
    let _ = std::env::current_dir();
    let _ = std::env::current_exe();
    let _ = std::env::temp_dir();
    let _ = std::env::home_dir();
    let _ = std::process::id();
}

pub fn end() -> ! {
    std::process::exit(1)
}

pub fn abort() -> ! {
    std::process::abort()
}

pub fn files(path: &std::path::Path, permissions: std::fs::Permissions) {
    let _ = std::fs::read(path);
    let _ = std::fs::read_to_string(path);
    let _ = std::fs::write(path, "");
    let _ = std::fs::read_dir(path);
    let _ = std::fs::metadata(path);
    let _ = std::fs::symlink_metadata(path);
    let _ = std::fs::exists(path);
    let _ = std::fs::canonicalize(path);
    let _ = std::fs::read_link(path);
    let _ = std::fs::copy(path, path);
    let _ = std::fs::rename(path, path);
    let _ = std::fs::remove_file(path);
    let _ = std::fs::remove_dir(path);
    let _ = std::fs::remove_dir_all(path);
    let _ = std::fs::create_dir(path);
    let _ = std::fs::create_dir_all(path);
    let _ = std::fs::hard_link(path, path);
    let _ = std::fs::set_permissions(path, permissions);
    let _ = std::fs::File::open(path);
    let _ = std::fs::File::create(path);
    let _ = std::fs::File::create_new(path);
    let _ = std::fs::File::options();
    let _ = std::fs::OpenOptions::new().open(path);
    let _ = std::fs::DirBuilder::new();
}

pub fn paths(path: &std::path::Path) {
    let _ = path.exists();
    let _ = path.try_exists();
    let _ = path.is_file();
    let _ = path.is_dir();
    let _ = path.is_symlink();
    let _ = path.metadata();
    let _ = path.symlink_metadata();
    let _ = path.canonicalize();
    let _ = path.read_link();
    let _ = path.read_dir();
}

pub fn streams() {
    let _ = std::io::stdin();
    let _ = std::io::stdout();
    let _ = std::io::stderr();
    let _ = std::process::Command::new("true");
}

pub fn threads() {
    let _ = std::thread::spawn(|| {});
    std::thread::scope(|_| {});
    let _ = std::thread::Builder::new();
    std::thread::sleep(std::time::Duration::ZERO);
    std::thread::park();
    std::thread::park_timeout(std::time::Duration::ZERO);
    std::thread::yield_now();
    let _ = std::thread::current();
    let _ = std::thread::available_parallelism();
}

pub struct Types {
    pub stream: std::net::TcpStream,
    pub listener: std::net::TcpListener,
    pub socket: std::net::UdpSocket,
    pub file: std::fs::File,
    pub options: std::fs::OpenOptions,
    pub builder: std::fs::DirBuilder,
    pub command: std::process::Command,
    pub system_time: std::time::SystemTime,
    pub instant: std::time::Instant,
    pub map: std::collections::HashMap<u8, u8>,
    pub set: std::collections::HashSet<u8>,
}
