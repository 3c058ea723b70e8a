//! What `cargo xtask test` leaves behind: nothing, whichever way it ends. A script stands in for cargo.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use test_kit::{MariaDb, Server, eventually, skip_or_fail};

const SOON: Duration = Duration::from_secs(90);

/// `xtask test` with this script as its cargo; the script sees the server's address as `$TEST_MYSQL_URL`.
fn xtask_test(script: &str) -> Option<(tempfile::TempDir, Server)> {
    if !MariaDb::is_installed() {
        skip_or_fail("MariaDB isn't installed (cargo xtask test installs it)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let xtask = Server::builder("xtask", env!("CARGO_BIN_EXE_xtask"))
        .arg("test")
        .env("CARGO", cargo);
    Some((folder, xtask.spawn().unwrap()))
}

/// Whether somebody listens on the port in the line `MariaDB for the tests: port N` of this log.
fn mariadb_answers(log: &str) -> bool {
    let port = log
        .split("port ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    !test_kit::ports::is_free(port.parse().unwrap())
}

fn process_runs(log: &str, name: &str) -> bool {
    let pid = log
        .split(&format!("{name}="))
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn the_exit_code_is_cargos_and_the_server_is_gone() {
    let script = "echo \"url=$TEST_MYSQL_URL required=$TEST_REQUIRE_SERVERS\"; exit 7";
    let Some((_folder, mut xtask)) = xtask_test(script) else {
        return;
    };
    assert_eq!(
        xtask.wait(SOON).unwrap().unwrap().code(),
        Some(7),
        "{}",
        xtask.log()
    );
    let log = xtask.log();
    assert!(
        log.contains("url=mysql://root@127.0.0.1:") && log.contains("required=1"),
        "{log}"
    );
    assert!(!mariadb_answers(&log), "{log}");
}

const BUSY: &str = "sleep 600 & echo test=$!; echo cargo=$$; wait";

#[test]
fn an_interrupt_stops_cargo_its_tests_and_the_server() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let Some((_folder, mut xtask)) = xtask_test(BUSY) else {
            return;
        };
        assert!(
            eventually(SOON, || xtask.log().contains("cargo=")),
            "{}",
            xtask.log()
        );
        assert!(mariadb_answers(&xtask.log()));
        xtask.signal(signal).unwrap();
        assert_eq!(xtask.wait(SOON).unwrap().unwrap().code(), Some(130));
        let log = xtask.log();
        assert!(
            !process_runs(&log, "cargo") && !process_runs(&log, "test"),
            "{log}"
        );
        assert!(!mariadb_answers(&log), "{log}");
    }
}

#[test]
fn a_killed_xtask_takes_cargo_and_the_server_with_it() {
    let Some((_folder, xtask)) = xtask_test(BUSY) else {
        return;
    };
    assert!(
        eventually(SOON, || xtask.log().contains("cargo=")),
        "{}",
        xtask.log()
    );
    xtask.signal(Signal::SIGKILL).unwrap();
    let log = xtask.log();
    assert!(
        eventually(SOON, || !process_runs(&log, "cargo")
            && !mariadb_answers(&log)),
        "{log}"
    );
    // What the script left stands for a test binary: it is no child of ours, so we end it by hand.
    let orphan = log
        .split("test=")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    let orphan = nix::unistd::Pid::from_raw(orphan.parse().unwrap());
    nix::sys::signal::kill(orphan, Signal::SIGKILL).unwrap();
}
