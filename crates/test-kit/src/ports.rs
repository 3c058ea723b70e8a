//! TCP ports for servers that can't be handed a bound listener.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Below the kernel's ephemeral range (from 32768), so that no outgoing connection of anybody takes a port between
/// the moment it is given out here and the moment a server binds it.
const FIRST: u16 = 15_000;
const COUNT: u16 = 17_000;

/// A port of 127.0.0.1 that is free now and that this process hasn't given out before.
///
/// # Errors
/// When every port of the range is taken.
pub fn free_port() -> std::io::Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    // Test binaries run side by side: each begins its search somewhere else.
    let start = seed();
    (0..COUNT)
        .map(|step| FIRST + (start.wrapping_add(step)) % COUNT)
        // `cargo xtask run` takes the port one hundred above as well: that one is never given out.
        .filter(|port| (port / 100) % 2 == 0)
        .find(|port| !given.contains(port) && is_free(*port))
        .inspect(|port| {
            given.insert(*port);
        })
        .ok_or_else(|| std::io::Error::other("no free TCP port between 15000 and 32000"))
}

/// Whether a server could bind this port of 127.0.0.1 now.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn seed() -> u16 {
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.subsec_nanos());
    let mixed = nanos.rotate_left(9) ^ std::process::id().wrapping_mul(2_654_435_761);
    u16::try_from(mixed % u32::from(COUNT)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice() {
        let ports: BTreeSet<u16> = (0..50).map(|_| free_port().unwrap()).collect();
        assert_eq!(ports.len(), 50);
        assert!(ports.iter().all(|port| !ports.contains(&(port + 100))));
    }

    #[test]
    fn a_bound_port_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        drop(listener);
        assert!(is_free(port));
    }
}
