//! Secrets that somebody types: without showing them, and never as an argument, which other users of
//! the machine can read.

use std::io::{self, BufRead, IsTerminal, Read, Stdin, Write};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Longest line that is read, in bytes.
const LONGEST: u64 = 1_024;

/// Shows nothing of what is typed until it is dropped.
struct Hidden {
    terminal: Stdin,
    before: Termios,
}

impl Hidden {
    fn start() -> io::Result<Self> {
        let terminal = io::stdin();
        let before = tcgetattr(&terminal)?;
        let mut hidden = before.clone();
        hidden.local_flags.remove(LocalFlags::ECHO);
        hidden.local_flags.insert(LocalFlags::ECHONL);
        tcsetattr(&terminal, SetArg::TCSAFLUSH, &hidden)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Err(error) = tcsetattr(&self.terminal, SetArg::TCSANOW, &self.before) {
            tracing::debug!(%error, "the terminal stays without an echo");
        }
    }
}

/// Reads one line of a secret from standard input: asked for and hidden at a terminal, plain from a
/// pipe. Blocking.
///
/// # Errors
/// When there is no line, or one of more than 1,024 bytes.
pub fn secret(question: &str) -> io::Result<Zeroizing<String>> {
    let input = io::stdin();
    let hidden = if input.is_terminal() {
        let mut out = io::stderr().lock();
        write!(out, "{question}: ")?;
        out.flush()?;
        Some(Hidden::start()?)
    } else {
        None
    };
    let line = line(&mut input.lock());
    drop(hidden);
    line
}

fn line(input: &mut impl BufRead) -> io::Result<Zeroizing<String>> {
    // As large as it can become: growing would leave copies behind.
    let capacity = usize::try_from(LONGEST).unwrap_or_default();
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    input.take(LONGEST).read_line(&mut text)?;
    if !text.ends_with('\n') && u64::try_from(text.len()).is_ok_and(|length| length >= LONGEST) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the line is too long",
        ));
    }
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    if text.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "nothing was entered",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn one_line_is_read_and_nothing_else() {
        let read = |text: &str| line(&mut text.as_bytes());
        assert_eq!(
            read(" pass word1 \r\nmore").unwrap().as_str(),
            " pass word1 "
        );
        assert_eq!(read("last").unwrap().as_str(), "last");
        assert!(read("").is_err() && read("\n").is_err());
        assert!(read(&"x".repeat(2_000)).is_err());
    }
}
