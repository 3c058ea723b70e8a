//! `PUT /profile-image-uploads/{id}`: takes what was permitted, where no object store does. Who sends
//! it proves himself by the signature of the address; what is sent is looked at later.

use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use service_kit::problem::ProblemKind;

use super::done;
use crate::accounts::Accounts;
use crate::accounts::images::{ImageError, Refusal, Sent};
use crate::http::limits::drain;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;

/// How long the bytes may take: 5 MB over a poor connection.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// Takes the bytes of an upload.
pub(crate) async fn receive_image(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let parameters = Parameters::read(&request, &["signature"])?;
    let signature = parameters.text("signature").unwrap_or_default().to_owned();
    parameters.finish()?;
    let encoded = request.headers().contains_key(CONTENT_ENCODING);
    let sent = Sent {
        id: &id,
        signature: &signature,
        // A compressed body is another one than was announced.
        content_type: header(&request, CONTENT_TYPE).filter(|_| !encoded),
        length: header(&request, CONTENT_LENGTH).and_then(|text| text.parse().ok()),
    };
    let (upload, place) = match accounts.may_send(&sent).await {
        Ok(permitted) => permitted,
        Err(error) => {
            drain(payload.into_inner()).await;
            return Err(error.into());
        }
    };
    let most = usize::try_from(upload.size).unwrap_or(usize::MAX);
    let bytes = tokio::time::timeout(READ_LIMIT, read(payload, most))
        .await
        .map_err(|_| Problem::new(ProblemKind::RequestTimeout))??;
    accounts.receive_image(upload, bytes).await?;
    drop(place);
    Ok(done())
}

fn header(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    let mut all = request.headers().get_all(name);
    let one = all.next().filter(|_| all.next().is_none());
    one.and_then(|value| value.to_str().ok())
}

async fn read(mut payload: web::Payload, most: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::with_capacity(most);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ProblemKind::MalformedRequest))?;
        if bytes.len().saturating_add(chunk.len()) > most {
            drain(payload.into_inner()).await;
            return Err(ImageError::from(Refusal::OtherLength).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
