//! How much one connection may ask of the server.

use std::time::Duration;

use socketioxide::{ParserConfig, SocketIoBuilder};

/// Largest message in bytes, on both transports.
pub(crate) const MAX_MESSAGE: usize = 100_000;

/// Messages that wait for a slow client before it is taken for dead.
const MAX_BUFFERED: usize = 128;

/// Binary attachments of one event. No event takes any; a few are parsed so that the client gets
/// an answer and not a closed connection.
const MAX_ATTACHMENTS: usize = 4;

const PING_INTERVAL: Duration = Duration::from_secs(25);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(10);

/// Sets every limit, one by one: `with_config` loses the engine's own, and `max_payload` alone
/// leaves WebSocket messages at 64 MiB.
pub(super) fn apply(builder: SocketIoBuilder) -> SocketIoBuilder {
    let parser = ParserConfig::common()
        .max_incoming_binary_buf_size(MAX_MESSAGE)
        .max_incoming_binaries(MAX_ATTACHMENTS)
        .packet_completion_timeout(CONNECT_TIMEOUT);
    let payload = u64::try_from(MAX_MESSAGE).unwrap_or(u64::MAX);
    builder
        .max_payload(payload)
        .ws_max_message_size(MAX_MESSAGE)
        .ws_max_frame_size(MAX_MESSAGE)
        .max_buffer_size(MAX_BUFFERED)
        .ping_interval(PING_INTERVAL)
        .ping_timeout(PING_TIMEOUT)
        .ack_timeout(ACK_TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .upgrade_timeout(UPGRADE_TIMEOUT)
        .with_parser(parser)
}
