//! Recompiles the crate when a migration or a file of the page changes: both are read at compile time.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    // A debug build reads the page when it starts.
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=src/pages/web");
    }
}
