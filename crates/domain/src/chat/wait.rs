//! How long somebody in the queue will wait.

/// Fewest counsellings that say anything about the next one.
const FEWEST: usize = 3;
/// A counselling that was opened and closed by mistake, or forgotten, counts as this long, in seconds.
const LENGTHS: (u32, u32) = (30, 3_600);
/// Shortest and longest figure that is told, in seconds.
const TOLD: (u32, u32) = (30, 7_200);

/// The expected wait in seconds at a place in the queue (from 1): with `counsellors` at work and a
/// counselling taking the median of `lengths` (seconds, in any order), one ends every median / counsellors.
/// `None` where no figure would be honest: nobody is there, or fewer than three counsellings are known.
#[must_use]
pub fn expected_wait(position: u32, lengths: &[u32], counsellors: u32) -> Option<u32> {
    let mut lengths: Vec<u32> = lengths
        .iter()
        .map(|&one| one.clamp(LENGTHS.0, LENGTHS.1))
        .collect();
    if lengths.len() < FEWEST || position == 0 {
        return None;
    }
    lengths.sort_unstable();
    let median = *lengths.get(lengths.len() / 2)?;
    let wait = median.saturating_mul(position).checked_div(counsellors)?;
    Some(wait.clamp(TOLD.0, TOLD.1))
}
