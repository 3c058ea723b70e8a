//! How `cargo xtask run` starts, loads, watches and stops. Scripts stand in for cargo and for the servers: they start
//! this very test binary again, which then plays a server (see [`play`]).
#![expect(clippy::panic, clippy::print_stdout, reason = "tests")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use test_kit::server::Builder;
use test_kit::{Server, eventually, free_port, ports};

const SOON: Duration = Duration::from_secs(90);
const UP: &str = "Pillnuts is up";

/// A folder with a cargo that builds nothing and servers that are this test binary.
struct Stage {
    folder: tempfile::TempDir,
    web: u16,
    chat: u16,
}

impl Stage {
    fn new(test: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().display();
        let cargo = format!(
            "case \"$1\" in metadata) echo '{{\"target_directory\":\"{target}\"}}';; *) echo \"cargo $*\";; esac"
        );
        script(&folder.path().join("cargo"), &cargo);
        fs::create_dir(folder.path().join("debug")).unwrap();
        for name in ["web-api", "chat-server", "simulators"] {
            let ourselves = std::env::current_exe().unwrap();
            let play = format!(
                "PLAY={name} PLAY_ARGUMENTS=\"$*\" exec {} run::{test} --exact --nocapture --test-threads=1",
                ourselves.display()
            );
            script(&folder.path().join("debug").join(name), &play);
        }
        Self {
            folder,
            web: free_port().unwrap(),
            chat: free_port().unwrap(),
        }
    }

    fn xtask_run(&self) -> Builder {
        Server::builder("xtask", env!("CARGO_BIN_EXE_xtask"))
            .arg("run")
            .args([
                "--web-port",
                &self.web.to_string(),
                "--chat-port",
                &self.chat.to_string(),
            ])
            .arg("--data-dir")
            .arg(self.folder.path().join("data"))
            .env("CARGO", self.folder.path().join("cargo"))
    }
}

fn script(path: &PathBuf, body: &str) {
    fs::write(path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Plays the server that `$PLAY` names and never returns; returns at once in an ordinary test run.
fn play() {
    let Ok(name) = std::env::var("PLAY") else {
        return;
    };
    let arguments = std::env::var("PLAY_ARGUMENTS").unwrap();
    let variable = |name| std::env::var(name).unwrap_or_default();
    let loaded = Path::new(&variable("DATA_DIR")).join("loaded");
    println!("\n{name} pid={} arguments={arguments};", std::process::id());
    if name == "chat-server" {
        println!("webhook={}", variable("SLACK_WEBHOOK_URL"));
    }
    let ports: Vec<String> = match (name.as_str(), arguments.as_str()) {
        ("web-api", "migrate" | "samples") => std::process::exit(0),
        // The first time, another process seems to be at it.
        ("web-api", "sync") if !loaded.with_extension("asked").exists() => {
            fs::write(loaded.with_extension("asked"), "").unwrap();
            std::process::exit(3);
        }
        ("web-api", "sync") => {
            fs::write(loaded, variable("MFDS_BASE_URL")).unwrap();
            println!("database={}", variable("DATABASE_URL"));
            println!("sign-in={}", variable("NAVER_TOKEN_URL"));
            println!("messages={}", variable("SENS_BASE_URL"));
            println!("key arrived={}", !variable("MFDS_SERVICE_KEY").is_empty());
            std::process::exit(0);
        }
        ("web-api", "serve") => vec![variable("WEB_PORT"), variable("WEB_OPS_PORT")],
        ("chat-server", "serve") => vec![variable("CHAT_PORT"), variable("CHAT_OPS_PORT")],
        ("simulators", _) => vec![arguments.split_whitespace().last().unwrap().to_owned()],
        _ => panic!("{name} {arguments}"),
    };
    for port in ports {
        let (listener, loaded) = (
            TcpListener::bind(format!("127.0.0.1:{port}")).unwrap(),
            loaded.clone(),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).unwrap() > 0);
                let total = u8::from(loaded.exists());
                write!(stream, "HTTP/1.0 200 OK\r\n\r\n{{\"total\":{total}}}").unwrap();
            }
        });
    }
    loop {
        std::thread::park();
    }
}

/// The process that plays a server. Its line comes through a thread of its own, so it may be late.
fn pid(xtask: &Server, server: &str) -> Pid {
    let find = || {
        let log = xtask.log();
        let line = log.lines().find(|line| {
            line.contains(&format!("{server} pid=")) && line.contains("arguments=serve")
        })?;
        line.split("pid=").nth(1)?.split(' ').next()?.parse().ok()
    };
    assert!(eventually(SOON, || find().is_some()), "{}", xtask.log());
    Pid::from_raw(find().unwrap())
}

#[test]
fn it_loads_the_catalogue_prints_addresses_and_stops_cleanly() {
    play();
    let stage = Stage::new("it_loads_the_catalogue_prints_addresses_and_stops_cleanly");
    let mut xtask = stage.xtask_run().spawn().unwrap();
    assert!(
        eventually(SOON, || xtask.log().contains("curl -G")),
        "{}",
        xtask.log()
    );
    let log = xtask.log();
    let servers = ["web-api", "chat-server"].map(|name| pid(&xtask, name));
    for expected in [
        UP.to_owned(),
        format!("http://127.0.0.1:{}/swagger-ui/", stage.web),
        format!("http://127.0.0.1:{}/readyz", stage.web + 100),
        format!("http://127.0.0.1:{}/metrics", stage.chat + 100),
        "web-sample.db".to_owned(),
        "/slack\n".to_owned(),
    ] {
        assert!(log.contains(&expected), "no {expected} in {log}");
    }
    let source = fs::read_to_string(stage.folder.path().join("data/loaded")).unwrap();
    assert!(
        source.starts_with("http://127.0.0.1:") && source.ends_with("/1471000"),
        "{source}"
    );

    let told_at = "/services/T00000000/B00000000/";
    let webhook = log.lines().find(|line| line.contains("webhook="));
    assert!(webhook.is_some_and(|line| line.contains(told_at)), "{log}");

    assert!(xtask.stop(SOON).unwrap().success(), "{}", xtask.log());
    for name in ["web-api", "chat-server", "simulators"] {
        assert!(
            xtask.log().contains(&format!("{name} stopped")),
            "{}",
            xtask.log()
        );
    }
    for server in servers {
        assert!(kill(server, None).is_err());
    }
}

#[test]
fn a_server_that_ends_by_itself_ends_all_with_its_last_words() {
    play();
    let stage = Stage::new("a_server_that_ends_by_itself_ends_all_with_its_last_words");
    let mut xtask = stage.xtask_run().spawn().unwrap();
    assert!(
        eventually(SOON, || xtask.log().contains(UP)),
        "{}",
        xtask.log()
    );
    kill(pid(&xtask, "chat-server"), Signal::SIGKILL).unwrap();
    assert_eq!(xtask.wait(SOON).unwrap().unwrap().code(), Some(1));
    let log = xtask.log();
    let (_, message) = log.split_once("chat-server ended by itself").unwrap();
    assert!(message.contains("arguments=serve"), "{log}");
    assert!(
        ports::is_free(stage.web) && ports::is_free(stage.chat),
        "{log}"
    );
}

#[test]
fn nothing_outlives_a_killed_run() {
    play();
    let stage = Stage::new("nothing_outlives_a_killed_run");
    let mut xtask = stage.xtask_run().spawn().unwrap();
    assert!(
        eventually(SOON, || xtask.log().contains(UP)),
        "{}",
        xtask.log()
    );
    drop(xtask.signal(Signal::SIGKILL));
    xtask.wait(SOON).unwrap();
    assert!(
        eventually(SOON, || ports::is_free(stage.web)
            && ports::is_free(stage.chat)),
        "{}",
        xtask.log()
    );
}

#[test]
fn a_key_replaces_the_sample_data_only_and_is_never_printed() {
    play();
    let stage = Stage::new("a_key_replaces_the_sample_data_only_and_is_never_printed");
    let mut xtask = stage
        .xtask_run()
        .env("MFDS_SERVICE_KEY", "s3cret-key")
        .env("SENS_SERVICE_ID", "ours")
        .spawn()
        .unwrap();
    assert!(
        eventually(SOON, || xtask.log().contains("curl -G")),
        "{}",
        xtask.log()
    );
    // A child's lines come through a thread of their own: they may be later than ours.
    let told = || {
        let log = xtask.log();
        log.contains("key arrived=true")
            && log.contains("/web.db")
            && log.contains("sign-in=http://127.0.0.1:")
    };
    assert!(eventually(SOON, told), "{}", xtask.log());
    let log = xtask.log();
    let source = fs::read_to_string(stage.folder.path().join("data/loaded")).unwrap();
    assert_eq!(source, "", "the MFDS's own address");
    assert!(!log.contains("s3cret-key"), "{log}");
    assert!(
        !log.contains("arguments=samples"),
        "nothing is invented beside it: {log}"
    );
    // What there is no account for is played all the same, and told.
    assert!(log.contains("(a stand-in)"), "{log}");
    assert!(!log.contains("messages=http"), "{log}");
    assert!(log.contains("the real one, by SENS_SERVICE_ID"), "{log}");
    xtask.stop(SOON).unwrap();
}

#[test]
fn a_port_in_use_is_told_before_anything_is_started() {
    play();
    let stage = Stage::new("a_port_in_use_is_told_before_anything_is_started");
    let _taken = TcpListener::bind(("127.0.0.1", stage.chat + 100)).unwrap();
    let mut xtask = stage.xtask_run().spawn().unwrap();
    assert_eq!(xtask.wait(SOON).unwrap().unwrap().code(), Some(1));
    let log = xtask.log();
    assert!(
        log.contains(&format!("port {}", stage.chat + 100)) && log.contains("in use"),
        "{log}"
    );
    assert!(!log.contains("cargo build"), "{log}");
}
