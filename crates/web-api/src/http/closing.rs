//! Takes leave of kept connections before the server stops listening to them.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use service_kit::ops::{Health, Readiness};
use tokio_util::sync::CancellationToken;

/// How long answers announce the end before connections are closed. A client in mid-conversation
/// sends its next request at once: on a connection that closes without a word that request is lost.
pub(crate) const LEAVE: Duration = Duration::from_millis(500);

/// Knows whether the end is near.
#[derive(Debug)]
pub(crate) struct Closing {
    health: Health,
    stop: CancellationToken,
}

impl Closing {
    /// The end is near from the moment on which `health` says so or `stop` is cancelled.
    pub(crate) fn new(health: Health, stop: CancellationToken) -> Self {
        Self { health, stop }
    }

    fn has_begun(&self) -> bool {
        self.stop.is_cancelled() || self.health.readiness() == Readiness::Stopping
    }
}

/// Middleware: once the end is near, every answer says `Connection: close`.
pub(crate) async fn closing<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let closing = request.app_data::<web::Data<Closing>>().cloned();
    let answer = next.call(request).await;
    if !closing.is_some_and(|closing| closing.has_begun()) {
        return answer;
    }
    match answer {
        Ok(mut response) => {
            close(response.response_mut());
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(|mut response: HttpResponse| {
                close(&mut response);
                response
            });
            Err(error)
        }
    }
}

fn close<B>(response: &mut HttpResponse<B>) {
    response
        .head_mut()
        .set_connection_type(ConnectionType::Close);
}

/// Ends when connections may be closed: a while after `stop`.
pub(crate) async fn taken_leave(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LEAVE).await;
}
