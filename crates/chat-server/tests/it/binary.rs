//! The real program: its exit codes and its end.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

use crate::server::PATIENCE;

pub(crate) fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-server"));
    command
        .current_dir(folder.path())
        .env_clear()
        .env("CHAT_PORT", "0")
        .env("CHAT_OPS_PORT", "0")
        .env("LOG_FORMAT", "json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Ends the program if the test fails before it does.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has usually ended by itself.
        if self.0.kill().is_ok() {
            self.0.wait().ok();
        }
    }
}

impl Running {
    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.0.id()).unwrap()), signal).unwrap();
    }

    /// The exit status, once there is one.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Starts the program and gives the address of its public port, from its log.
pub(crate) fn start(mut command: Command) -> (Running, String, impl Iterator<Item = String>) {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let address = lines
        .by_ref()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok())
        .find(|line| line["message"] == "the chat server is open")
        .and_then(|line| line["address"].as_str().map(str::to_owned))
        .expect("the address");
    (Running(child), address, lines)
}

pub(crate) async fn open_socket(
    address: &str,
) -> tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>> {
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

#[tokio::test]
async fn sigterm_ends_it_cleanly_with_sockets_open() {
    let folder = tempfile::tempdir().unwrap();
    let (mut program, address, lines) = start(command(&folder));
    let sockets = [open_socket(&address).await, open_socket(&address).await];
    // A connection that has sent half a head is not waited for either.
    let mut half = tokio::net::TcpStream::connect(&address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut half, b"GET / HT")
        .await
        .unwrap();

    let started = Instant::now();
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait().code(), Some(0));
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    let log: Vec<String> = lines.collect();
    assert!(
        log.iter().any(|line| line.contains("everything has ended")),
        "{log:?}"
    );
    drop(sockets);
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).await.ok();

    let logs = std::fs::read_dir(folder.path().join("data/logs")).unwrap();
    let names: Vec<_> = logs
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.starts_with("chat-server.all.")),
        "{names:?}"
    );
    assert!(
        names
            .iter()
            .any(|name| name.starts_with("chat-server.error.")),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(&folder);
    command.env("SHUTDOWN_GRACE_SECONDS", "20");
    let (mut program, _, mut lines) = start(command);
    program.signal(Signal::SIGINT);
    lines
        .find(|line| line.contains("\"stopping\""))
        .expect("the first signal is noticed");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait().code(), Some(130));
    assert!(lines.any(|line| line.contains("a second signal came")));
}

fn output(pairs: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    command(&folder)
        .envs(pairs.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn wrong_settings_are_named_all_at_once() {
    let output = output(&[
        ("CHAT_PORT", "eighty"),
        ("LOG_FORMAT", "xml"),
        ("MONGODB_URI", "mongo://user:hunter2@db"),
    ]);
    assert_eq!(output.status.code(), Some(78));
    let text = String::from_utf8(output.stderr).unwrap();
    for expected in [
        "3 settings",
        "CHAT_PORT: ",
        "CHAT_PORT=8081",
        "LOG_FORMAT: ",
        "MONGODB_URI: ",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_folder_or_port_that_cant_be_used_is_named() {
    let unusable = output(&[("LOG_DIR", "/proc/none/logs")]);
    assert_eq!(unusable.status.code(), Some(78));
    assert!(
        String::from_utf8(unusable.stderr)
            .unwrap()
            .contains("LOG_DIR: ")
    );

    let unusable = output(&[("CHAT_DATABASE_URL", "sqlite:///proc/none/chat.db")]);
    assert_eq!(unusable.status.code(), Some(1));
    assert!(
        String::from_utf8(unusable.stderr)
            .unwrap()
            .contains("CHAT_DATABASE_URL: ")
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let unusable = output(&[("CHAT_PORT", &port)]);
    assert_eq!(unusable.status.code(), Some(1));
    assert!(
        String::from_utf8(unusable.stderr)
            .unwrap()
            .contains("CHAT_PORT: ")
    );
}

#[tokio::test]
async fn a_health_check_tells_a_living_server_from_a_dead_one() {
    let folder = tempfile::tempdir().unwrap();
    let port = test_kit::free_port().unwrap().to_string();
    let mut serve = command(&folder);
    // All interfaces, as in a container.
    serve
        .env("CHAT_OPS_PORT", &port)
        .env("CHAT_HOST", "0.0.0.0");
    let check = || {
        let mut check = command(&folder);
        check
            .env("CHAT_OPS_PORT", &port)
            .env("CHAT_HOST", "0.0.0.0");
        check.arg("healthcheck").output().unwrap()
    };
    assert_eq!(check().status.code(), Some(1));
    let (mut program, ..) = start(serve);
    assert_eq!(check().status.code(), Some(0));
    program.signal(Signal::SIGTERM);
    program.wait();
    let dead = check();
    assert_eq!(dead.status.code(), Some(1));
    let text = String::from_utf8(dead.stderr).unwrap();
    assert!(
        text.contains(&port) && text.contains("doesn't answer"),
        "{text}"
    );
}

#[tokio::test]
async fn neither_files_nor_logs_tell_others_what_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(&folder);
    command.env(
        "LOG_LEVEL",
        "trace,engineioxide::service=trace,engineioxide::engine=trace,socketioxide::client=trace",
    );
    let (mut program, address, lines) = start(command);
    let url = format!("http://{address}/socket.io/?EIO=4&transport=polling");
    let client = crate::server::client();
    let open = client.get(&url).send().await.unwrap().text().await.unwrap();
    let open: serde_json::Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let session = open["sid"].as_str().unwrap();
    let packets = format!("{url}&sid={session}");
    client.post(&packets).body("40").send().await.unwrap();
    client.get(&packets).send().await.unwrap();
    program.signal(Signal::SIGTERM);
    program.wait();
    let log: Vec<String> = lines.collect();
    let requests = log
        .iter()
        .filter(|line| line.contains("\"request\""))
        .count();
    assert!(requests >= 3, "{log:?}");
    let leak = log.iter().find(|line| line.contains(session));
    assert!(leak.is_none(), "{leak:?}");

    for path in ["data/chat.db", "data/logs"] {
        let mode = folder
            .path()
            .join(path)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o027, 0, "{path}: {mode:o}");
    }
}

#[test]
fn the_last_line_is_never_lost() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let output = command(&folder).env("CHAT_PORT", &port).output().unwrap();
        let log = String::from_utf8(output.stdout).unwrap();
        assert!(log.contains("the server could not run"), "{log}");
    }
}
