//! A spawned program, with a shell in place of a server.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use test_kit::server::Builder;
use test_kit::{Server, eventually, free_port, skip_or_fail};

const SOON: Duration = Duration::from_secs(60);

fn shell(script: &str) -> Builder {
    Server::builder("shell", "/bin/sh").arg("-c").arg(script)
}

#[test]
fn settings_arrive_and_the_log_is_kept() {
    let mut server = shell("echo \"[$GREETING]\"; echo problem >&2")
        .env("GREETING", "안녕")
        .start()
        .unwrap();
    assert!(server.wait(SOON).unwrap().unwrap().success());
    let log = server.log();
    assert!(log.contains("[안녕]") && log.contains("problem"), "{log}");
}

#[test]
fn our_environment_and_folder_stay_ours() {
    let mut server = shell("pwd; env").start().unwrap();
    server.wait(SOON).unwrap().unwrap();
    assert!(!server.log().contains("CARGO_MANIFEST_DIR"));
    assert!(server.log().contains(server.own_folder().to_str().unwrap()));

    let mut server = shell("env").inherit_env().start().unwrap();
    server.wait(SOON).unwrap().unwrap();
    assert!(server.log().contains("CARGO_MANIFEST_DIR"));
}

#[test]
fn sigterm_lets_it_finish() {
    let mut server = shell("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done")
        .start()
        .unwrap();
    assert!(eventually(SOON, || server.log().contains("up")));
    assert_eq!(server.stop(SOON).unwrap().code(), Some(7));
    assert!(server.log().contains("bye"));
}

#[test]
fn one_that_ignores_sigterm_is_killed_at_the_deadline() {
    let mut server = shell("trap '' TERM; echo up; while :; do sleep 0.05; done")
        .start()
        .unwrap();
    assert!(eventually(SOON, || server.log().contains("up")));
    assert_eq!(
        server.stop(Duration::from_millis(200)).unwrap().signal(),
        Some(9)
    );
}

#[test]
fn one_that_ends_early_is_reported_with_its_last_words() {
    let port = free_port().unwrap();
    let error = shell("echo the disk is full; exit 3")
        .ready_at(port, "/readyz")
        .start()
        .unwrap_err();
    let message = format!("{error:#}");
    assert!(
        message.contains("the disk is full") && message.contains("exit status: 3"),
        "{message}"
    );
}

#[test]
fn it_is_ready_only_when_its_probe_answers_200() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let probes = std::thread::spawn(move || {
        for status in ["503 Not yet", "200 OK"] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            assert!(stream.read(&mut request).unwrap() > 0);
            write!(stream, "HTTP/1.0 {status}\r\n\r\n").unwrap();
        }
    });
    let mut server = shell("while :; do sleep 0.05; done")
        .ready_at(port, "/readyz")
        .spawn()
        .unwrap();
    server.wait_until_ready(SOON).unwrap();
    probes.join().unwrap();
}

#[test]
fn it_restarts_with_the_same_settings_and_is_gone_when_dropped() {
    let mut server = shell("echo \"up $NUMBER\"; while :; do sleep 0.05; done")
        .env("NUMBER", "5")
        .start()
        .unwrap();
    assert!(eventually(SOON, || server.log().contains("up 5")));
    let first = server.pid();
    server.restart().unwrap();
    assert_ne!(server.pid(), first);
    assert!(eventually(SOON, || server.log().matches("up 5").count() == 2));
    let process = format!("/proc/{}", server.pid());
    assert!(Path::new(&process).exists());
    drop(server);
    assert!(!Path::new(&process).exists());
}

/// The owner is killed where no `Drop` runs: the kernel has to end what it owned.
#[test]
fn nothing_outlives_a_killed_owner() {
    if std::env::var_os("OWNED_BY_A_TEST").is_some() {
        let server = shell("while :; do sleep 0.05; done").start().unwrap();
        println!("owned: {}", server.pid());
        loop {
            std::thread::park();
        }
    }
    if test_kit::process::find_program("setpriv").is_none() {
        skip_or_fail("setpriv (util-linux) isn't installed: nothing binds a process to its owner");
        return;
    }
    let mut owner = Server::builder("owner", std::env::current_exe().unwrap())
        .args([
            "server::nothing_outlives_a_killed_owner",
            "--exact",
            "--nocapture",
        ])
        .env("OWNED_BY_A_TEST", "1")
        .start()
        .unwrap();
    let owned = || {
        let log = owner.log();
        let pid = log
            .split("owned: ")
            .nth(1)?
            .lines()
            .next()?
            .trim()
            .to_owned();
        Some(format!("/proc/{pid}"))
    };
    assert!(eventually(SOON, || owned().is_some()), "{}", owner.log());
    let owned = owned().unwrap();
    assert!(Path::new(&owned).exists());
    owner.kill().unwrap();
    assert!(eventually(SOON, || {
        // A process that nobody reaps stays as a zombie: it has ended all the same.
        std::fs::read_to_string(format!("{owned}/stat")).map_or(true, |stat| stat.contains(") Z "))
    }));
}
