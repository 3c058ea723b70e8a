//! The little HTTP that tests and `xtask` need to ask a local server something, without a client library.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Longest answer that is read, in bytes. Longer ones are an error.
const MAX_ANSWER: u64 = 16 * 1024 * 1024;

/// An answer, its body as it came.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body; bytes that aren't UTF-8 are replaced.
    pub body: String,
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// `GET` from a port of 127.0.0.1, with a limit for the connection and for each read.
///
/// HTTP/1.0 on purpose: the answer ends where the connection does, and is never in chunks.
///
/// # Errors
/// When nobody listens, the time is over, the answer is too long or isn't HTTP.
pub fn get(port: u16, path: &str, limit: Duration) -> io::Result<Answer> {
    let head = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n");
    exchange(port, &head, limit)
}

/// `PUT` of JSON to a port of 127.0.0.1, as [`get`].
///
/// # Errors
/// As [`get`].
pub fn put_json(port: u16, path: &str, json: &str, limit: Duration) -> io::Result<Answer> {
    send(port, &Request::put_json(path, json), limit)
}

/// A request with headers of its own.
#[derive(Debug, Clone)]
#[must_use]
pub struct Request {
    head: String,
    body: String,
}

impl Request {
    /// `POST` of JSON.
    pub fn post_json(path: &str, json: &str) -> Self {
        Self::with_json("POST", path, json)
    }

    /// `PUT` of JSON.
    pub fn put_json(path: &str, json: &str) -> Self {
        Self::with_json("PUT", path, json)
    }

    fn with_json(method: &str, path: &str, json: &str) -> Self {
        let length = json.len();
        Self {
            head: format!(
                "{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
            ),
            body: json.to_owned(),
        }
    }

    /// The same with one more header; both as they are sent.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

/// Sends a request to a port of 127.0.0.1, as [`get`].
///
/// # Errors
/// As [`get`].
pub fn send(port: u16, request: &Request, limit: Duration) -> io::Result<Answer> {
    let Request { head, body } = request;
    let text = format!("{head}Host: 127.0.0.1:{port}\r\n\r\n{body}");
    exchange(port, &text, limit)
}

fn exchange(port: u16, request: &str, limit: Duration) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.take(MAX_ANSWER + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_ANSWER) {
        return Err(io::Error::other("the answer is too long"));
    }
    parse(&String::from_utf8_lossy(&bytes))
}

fn parse(text: &str) -> io::Result<Answer> {
    let no_http = || io::Error::new(io::ErrorKind::InvalidData, "the answer isn't HTTP");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(no_http)?;
    let status = head
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split(' ').nth(1))
        .and_then(|code| code.get(..3))
        .and_then(|code| code.parse().ok())
        .ok_or_else(no_http)?;
    Ok(Answer {
        status,
        body: body.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let answer = parse("HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{\"a\":1}").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (503, "{\"a\":1}"));
        assert_eq!(parse("HTTP/1.0 200\r\nA: b\r\n\r\n").unwrap().status, 200);
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        for text in [
            "",
            "SSH-2.0\r\n\r\n",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 20\r\n\r\n",
            "HTTP/1.1 200 OK",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
