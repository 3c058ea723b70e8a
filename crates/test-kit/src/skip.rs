//! What a test does whose server isn't there.

/// The environment variable that turns a skipped test into a failed one.
pub const REQUIRE_SERVERS: &str = "TEST_REQUIRE_SERVERS";

/// Prints why a test is skipped; fails it where `TEST_REQUIRE_SERVERS=1` promises that every server is there.
///
/// # Panics
/// With `TEST_REQUIRE_SERVERS=1`.
#[expect(clippy::panic, reason = "failing the calling test is its purpose")]
#[expect(
    clippy::print_stderr,
    reason = "the reason belongs into the test's output"
)]
pub fn skip_or_fail(reason: &str) {
    if std::env::var_os(REQUIRE_SERVERS).is_some_and(|value| value == "1") {
        panic!("{reason} ({REQUIRE_SERVERS}=1 forbids skipping)");
    }
    eprintln!("skipped: {reason}");
}
