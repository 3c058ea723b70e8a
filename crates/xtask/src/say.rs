//! The one place that talks to the person who typed the command.

/// Prints a line for the person who typed the command.
#[expect(
    clippy::print_stdout,
    reason = "a command line's answer goes to standard output"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
