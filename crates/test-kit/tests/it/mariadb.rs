//! The private MariaDB, for real.

use std::path::Path;
use std::time::Duration;

use test_kit::{MariaDb, TestDatabase, eventually, skip_or_fail};

fn server() -> Option<MariaDb> {
    if MariaDb::is_installed() {
        return Some(MariaDb::start().unwrap());
    }
    skip_or_fail("MariaDB isn't installed (cargo xtask test installs it)");
    None
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let Some(mut server) = server() else { return };
    let database = TestDatabase::on(&server.url()).unwrap();
    database
        .run("CREATE TABLE t (n INT PRIMARY KEY, s VARCHAR(9)) ENGINE=InnoDB")
        .unwrap();
    database
        .run("INSERT INTO t VALUES (1, '가'), (2, '나')")
        .unwrap();
    let port = server.port();

    server.kill().unwrap();
    assert!(database.run("SELECT 1").is_err());

    server.restart().unwrap();
    assert_eq!(server.port(), port);
    assert_eq!(
        database.run("SELECT n, s FROM t ORDER BY n").unwrap(),
        "1\t가\n2\t나\n"
    );
}

#[test]
fn databases_are_apart_and_dropped() {
    let Some(server) = server() else { return };
    let first = TestDatabase::on(&server.url()).unwrap();
    let second = TestDatabase::on(&server.url()).unwrap();
    assert_ne!(first.name(), second.name());
    let listed = || first.run("SHOW DATABASES").unwrap();
    let name = second.name().to_owned();
    assert!(listed().contains(&name));
    drop(second);
    assert!(!listed().contains(&name));
}

#[test]
fn a_paused_server_answers_again_when_resumed() {
    let Some(server) = server() else { return };
    let stopped = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
        status
            .lines()
            .any(|line| line.starts_with("State:") && line.contains("T (stopped)"))
    };
    server.pause().unwrap();
    assert!(eventually(Duration::from_secs(5), stopped));
    server.resume().unwrap();
    assert_eq!(
        TestDatabase::on(&server.url())
            .unwrap()
            .run("SELECT 1")
            .unwrap(),
        "1\n"
    );
}

#[test]
fn a_server_is_shared_beyond_the_thread_that_started_it_and_gone_with_its_owner() {
    let Some(server) = std::thread::spawn(server).join().unwrap() else {
        return;
    };
    TestDatabase::on(&server.url())
        .unwrap()
        .run("SELECT 1")
        .unwrap();
    let process = format!("/proc/{}", server.pid());
    assert!(Path::new(&process).exists());
    drop(server);
    assert!(!Path::new(&process).exists());
}

#[test]
fn a_server_that_cannot_start_says_why() {
    if server().is_none() {
        return;
    }
    let error = MariaDb::start_with(&["--no-such-option"]).unwrap_err();
    assert!(format!("{error:#}").contains("no-such-option"), "{error:#}");
}
