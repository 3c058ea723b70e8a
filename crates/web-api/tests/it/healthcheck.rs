//! `web-api healthcheck`, as a container's health check runs it.

use std::time::Duration;

use test_kit::server::Builder;
use test_kit::{Server, free_port};

use crate::db_support::TestDb;

const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn tells_a_living_server_from_a_dead_one() {
    let database = TestDb::sqlite();
    let ops = free_port().unwrap();
    // All interfaces, as in a container.
    let binary = || -> Builder {
        Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
            .env("WEB_HOST", "0.0.0.0")
            .env("WEB_PORT", "0")
            .env("WEB_OPS_PORT", ops.to_string())
            .env("DATABASE_URL", &database.url_text)
    };
    let check = || {
        let mut check = binary().arg("healthcheck").spawn().unwrap();
        let status = check.wait(DEADLINE).unwrap().unwrap();
        assert!(!check.own_folder().join("data").exists(), "it leaves files");
        (status.code(), check.log())
    };
    let (status, log) = check();
    assert_eq!(status, Some(1));
    assert!(log.contains("doesn't answer"), "{log}");

    let mut server = binary().ready_at(ops, "/livez").start().unwrap();
    assert_eq!(check(), (Some(0), String::new()));
    server.stop(DEADLINE).unwrap();
    assert_eq!(check().0, Some(1));
}
