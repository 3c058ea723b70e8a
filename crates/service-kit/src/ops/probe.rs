//! Asks the operations endpoints of a server, for the health checks of containers: an image then
//! needs no HTTP client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Time limit of the whole question: below the usual limit of a health check (5 s).
const LIMIT: Duration = Duration::from_secs(4);

/// More than a status line has.
const MAX_STATUS_LINE: usize = 64;

/// Why a server doesn't count as healthy.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Nobody answers, or not in time.
    #[error("{0} doesn't answer")]
    NoAnswer(SocketAddr, #[source] io::Error),
    /// Somebody answers, but not as a healthy server does.
    #[error("{0} answers {1:?} and not 200")]
    Unhealthy(SocketAddr, String),
}

/// Asks for `/livez` of the server whose operations endpoints listen on `address`; an address
/// that means all interfaces is asked on this machine. Blocks for 4 s at most.
///
/// # Errors
/// When the answer isn't 200.
pub fn probe(address: SocketAddr) -> Result<(), ProbeError> {
    let address = reachable(address);
    let line = ask(address, Instant::now() + LIMIT)
        .map_err(|error| ProbeError::NoAnswer(address, error))?;
    let line = String::from_utf8_lossy(&line);
    let mut words = line.split(' ');
    let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    if is_http && words.next() == Some("200") {
        Ok(())
    } else {
        Err(ProbeError::Unhealthy(address, line.into_owned()))
    }
}

const fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    SocketAddr::new(ip, address.port())
}

/// The status line. The time limit is one for everything: a server that sends a byte now and
/// then isn't healthy.
fn ask(address: SocketAddr, deadline: Instant) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, left(deadline)?)?;
    stream.set_write_timeout(Some(left(deadline)?))?;
    stream.write_all(b"GET /livez HTTP/1.0\r\n\r\n")?;
    let mut line = Vec::new();
    let mut buffer = [0; MAX_STATUS_LINE];
    loop {
        stream.set_read_timeout(Some(left(deadline)?))?;
        let length = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        for byte in buffer.iter().take(length) {
            if *byte == b'\r' || line.len() == MAX_STATUS_LINE {
                return Ok(line);
            }
            line.push(*byte);
        }
        if length == 0 {
            return Ok(line);
        }
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A server that answers one connection with `pieces`, a while apart.
    fn answering(pieces: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("0.0.0.0:0").expect("bound");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = [0; 23];
            stream.read_exact(&mut request).expect("the request");
            for piece in pieces {
                if stream.write_all(piece.as_bytes()).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        address
    }

    #[test]
    fn only_200_is_healthy() {
        probe(answering(&["HTTP/1.0 20", "0 OK\r\n", "\r\n"])).expect("healthy");
        for bad in [
            &["HTTP/1.1 503 Service Unavailable\r\n\r\n"][..],
            &["HTTP/1.1 2000 \r\n"],
            &["200 OK\r\n"],
            &["SSH-2.0-OpenSSH_9.2p1 and much more than any status line ever has had since 1991"],
            &[],
        ] {
            assert!(
                matches!(probe(answering(bad)), Err(ProbeError::Unhealthy(..))),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn nobody_there_is_unhealthy_and_so_is_a_server_that_drips() {
        let nobody = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
        let error = probe(nobody.expect("an address")).expect_err("nobody");
        assert!(matches!(error, ProbeError::NoAnswer(..)));
        let started = Instant::now();
        assert!(probe(answering(&["H"; 60])).is_err());
        assert!(started.elapsed() < LIMIT + Duration::from_secs(2));
    }
}
