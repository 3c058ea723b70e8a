//! TCP ports for servers that can't be handed a bound listener.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Below the kernel's ephemeral range (from 32768), so that no outgoing connection of anybody takes a port between
/// the moment it is given out here and the moment a server binds it.
const FIRST: u16 = 15_000;
const COUNT: u16 = 17_000;

/// A port of 127.0.0.1 that is free now and that no process of ours has given out: a server takes a second to bind
/// what it was given, and many test binaries look for ports at once.
///
/// # Errors
/// When every port of the range is taken.
pub fn free_port() -> std::io::Result<u16> {
    static GIVEN: Mutex<BTreeMap<u16, Option<File>>> = Mutex::new(BTreeMap::new());
    let mut given = GIVEN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    // Test binaries run side by side: each begins its search somewhere else.
    let start = seed();
    (0..COUNT)
        .map(|step| FIRST + (start.wrapping_add(step)) % COUNT)
        // `cargo xtask run` takes the port one hundred above as well: that one is never given out.
        .filter(|port| (port / 100) % 2 == 0)
        .filter(|port| !given.contains_key(port))
        .find_map(|port| Some((port, reserved(port)?)).filter(|_| is_free(port)))
        .map(|(port, reservation)| {
            given.insert(port, reservation);
            port
        })
        .ok_or_else(|| std::io::Error::other("no free TCP port between 15000 and 32000"))
}

/// A lock on a port's file for as long as this process lives; `None` where another one has it. Where there can be no
/// file (another user's folder), there is no reservation, and luck has to do.
fn reserved(port: u16) -> Option<Option<File>> {
    let folder = std::env::temp_dir().join("test-kit-ports");
    let made = std::fs::create_dir_all(&folder);
    let file = made.and_then(|()| File::create(folder.join(port.to_string())));
    match file {
        Ok(file) => file.try_lock().is_ok().then_some(Some(file)),
        Err(_) => Some(None),
    }
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
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_another_process_was_given_is_passed_over() {
        let port = free_port().unwrap();
        // Its lock is another one than ours, as that of another process would be.
        assert!(reserved(port).is_none());
    }

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
