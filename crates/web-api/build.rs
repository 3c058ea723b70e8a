//! Recompiles the crate when a migration changes: `embed_migrations!` reads them at compile time.
#![expect(
    clippy::print_stdout,
    reason = "this is how a build script talks to cargo"
)]

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
