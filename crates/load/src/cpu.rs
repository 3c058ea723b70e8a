//! Processor time, ours and the server's.

use std::time::Duration;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// How long a tick of `/proc` is: 100 a second on every Linux of today.
const TICK: Duration = Duration::from_millis(10);

/// What this process has used.
pub(crate) fn own() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

/// What another process has used, all its threads together.
pub(crate) fn of(pid: u32) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let ticks = ticks(&text).context("/proc/PID/stat has another form")?;
    Ok(TICK * ticks)
}

/// User and system time: the 14th and the 15th field. The second one is a name in brackets and may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    user.checked_add(system)
}

fn duration(time: TimeVal) -> Duration {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or_default();
    let micros = u64::try_from(time.tv_usec()).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_process_are_read() {
        let stat = "12 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20";
        assert_eq!(ticks(stat), Some(200));
        assert_eq!(ticks("12 (a) S 1"), None);
    }

    #[test]
    fn our_own_time_grows_while_we_work() {
        let begun = own().unwrap();
        let mut number = 1_u64;
        while own().unwrap() < begun + Duration::from_millis(20) {
            number = std::hint::black_box(number.wrapping_mul(3));
        }
        // The same by the other way, give or take the length of ticks.
        let told = of(std::process::id()).unwrap() + TICK * 2;
        assert!(told >= own().unwrap());
    }
}
