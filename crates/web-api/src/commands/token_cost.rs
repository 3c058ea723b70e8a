//! `web-api token-cost`: for `cargo xtask bench accounts` alone, behind the feature `bench`.

use crate::accounts::token_cost;

/// Measures so many rounds of so many milliseconds, and prints them as JSON.
///
/// # Errors
/// When a token that has to be believed isn't.
#[expect(clippy::print_stdout, reason = "the result goes to the bench")]
pub fn run(rounds: u32, millis: u64) -> anyhow::Result<()> {
    let rounds = token_cost::measure(rounds, millis)?;
    println!("{}", serde_json::to_string(&rounds)?);
    Ok(())
}
