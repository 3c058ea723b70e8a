//! What a spawned server prints: kept for the test that asks, shown to the person who watches.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Lines kept of one server; older ones go.
const KEPT: usize = 50_000;

/// The lines of one server, both streams in the order they came.
#[derive(Debug, Default, Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<VecDeque<String>>>,
    prefix: Option<String>,
}

impl Log {
    pub(crate) fn new(prefix: Option<String>) -> Self {
        Self {
            lines: Arc::default(),
            prefix,
        }
    }

    /// Reads a stream to its end in a thread of its own.
    pub(crate) fn follow(&self, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let log = self.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line), Ok(length) if length > 0) {
                log.push(String::from_utf8_lossy(&line).trim_end().to_owned());
                line.clear();
            }
        })
    }

    #[expect(clippy::print_stdout, reason = "echoing is what the caller asked for")]
    fn push(&self, line: String) {
        if let Some(prefix) = &self.prefix {
            println!("{prefix}{line}");
        }
        let mut lines = self.lock();
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The last lines, oldest first.
    pub(crate) fn tail(&self, count: usize) -> String {
        let lines = self.lock();
        let skipped = lines.len().saturating_sub(count);
        lines
            .iter()
            .skip(skipped)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub(crate) fn text(&self) -> String {
        self.tail(KEPT)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
