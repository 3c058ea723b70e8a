//! Recompiles the crate when a migration or a file of the page changes: both are read at compile time.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    println!("cargo:rerun-if-changed=src/pages/web");
}
