//! The private MongoDB, for real.

use test_kit::{Mongo, skip_or_fail};

#[test]
fn it_answers_again_after_a_kill_and_a_pause_and_is_gone_with_its_owner() {
    if !Mongo::is_installed() {
        skip_or_fail("no MongoDB is installed (cargo xtask test installs one)");
        return;
    }
    let mut server = Mongo::start().unwrap();
    let port = server.port();
    assert!(
        server
            .uri()
            .starts_with(&format!("mongodb://127.0.0.1:{port}/"))
    );
    server.kill().unwrap();
    assert!(test_kit::ports::is_free(port));
    // Ready only when it answers in MongoDB's protocol.
    server.restart().unwrap();
    assert_eq!(server.port(), port);
    server.pause().unwrap();
    server.resume().unwrap();
    drop(server);
    assert!(test_kit::ports::is_free(port));
}
