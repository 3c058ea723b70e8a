//! Scripts of `tests/js`: visitors and counsellors by the stock client of Socket.IO.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_kit::{node, process, skip_or_fail};

/// A running script. `Drop` ends it.
pub(crate) struct Script {
    child: Child,
    input: ChildStdin,
    told: Receiver<Value>,
}

impl Script {
    /// Starts a script with these options; `None` where Node.js or the client isn't here.
    pub(crate) fn start(name: &str, options: &Value) -> Option<Self> {
        let Some(program) = node::program().filter(|_| node::has_client()) else {
            skip_or_fail("no Node.js with socket.io-client (cargo xtask test installs them)");
            return None;
        };
        let mut command = process::owned_command(program);
        command
            .arg(Path::new(node::MANIFESTS).join(name))
            .env("NODE_PATH", node::modules())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut child = process::spawn(command).unwrap();
        let output = child.stdout.take().unwrap();
        let (teller, told) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).expect("a line of JSON");
                if teller.send(event).is_err() {
                    return;
                }
            }
        });
        let mut input = child.stdin.take().unwrap();
        let begin = json!({"do": "begin", "options": options});
        writeln!(input, "{begin}").unwrap();
        Some(Self { child, input, told })
    }

    /// Gives an order.
    pub(crate) fn order(&mut self, name: &str) {
        writeln!(self.input, "{}", json!({ "do": name })).unwrap();
    }

    /// What happens next; `None`: nothing, in this time.
    pub(crate) fn within(&self, time: Duration) -> Option<Value> {
        match self.told.recv_timeout(time) {
            Ok(event) => {
                assert_ne!(event["event"], "failed", "{}", event["error"]);
                Some(event)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the script ended by itself"),
        }
    }

    /// Waits until something of this name happens.
    pub(crate) fn until(&self, name: &str, patience: Duration) -> Value {
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let event = self.within(left);
            let event = event.unwrap_or_else(|| panic!("no {name} in {patience:?}"));
            if event["event"] == name {
                return event;
            }
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
