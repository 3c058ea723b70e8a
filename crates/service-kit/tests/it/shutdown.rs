//! The stop as far as it can be seen without ending this process; the servers' tests do the rest.

use service_kit::shutdown::Shutdown;

#[tokio::test]
async fn a_stop_without_signals_drains_at_once() {
    let shutdown = Shutdown::without_signals();
    let token = shutdown.token();
    assert!(!token.is_cancelled());
    shutdown.trigger();
    assert!(token.is_cancelled());
}
