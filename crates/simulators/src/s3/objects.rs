//! `PUT`, `GET`, `HEAD` and `DELETE` of an object.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Extension,
    body::{self, Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::{
    Context, Object, Wrong,
    error::Error,
    sigv4::{self, Payload},
};
use crate::gate;

const METADATA: &str = "x-amz-meta-";
/// How long the half of an object has to reach the client before the connection closes.
const FLUSH: Duration = Duration::from_millis(20);

/// Everything that the four need to know of a request.
struct Asked<'a> {
    context: &'a Context,
    method: Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    bucket: &'a str,
    key: &'a str,
    wrong: &'a gate::Wrong<Wrong>,
}

impl Asked<'_> {
    /// Who asks may, and nothing is to be wrong.
    fn check(&self) -> Result<Payload, Error> {
        let handle = &self.context.handle;
        let now = handle.clock.now();
        let payload = sigv4::check(&handle.config, now, &self.method, self.uri, self.headers)?;
        for wrong in &self.wrong.0 {
            match wrong {
                Wrong::SlowDown => return Err(Error::slow_down()),
                Wrong::AccessDenied => return Err(Error::denied("Access Denied")),
                Wrong::NoSuchKey => return Err(Error::no_such_key(self.key)),
                Wrong::TooLarge => {
                    return Err(Error::too_large(None, handle.config.max_object_bytes));
                }
                Wrong::Truncated | Wrong::Corrupted => {}
            }
        }
        if self.bucket != handle.config.bucket {
            let message = "The specified bucket does not exist";
            let error = Error::new(StatusCode::NOT_FOUND, "NoSuchBucket", message);
            return Err(error.with("BucketName", self.bucket));
        }
        Ok(payload)
    }

    fn object(&self) -> Result<Object, Error> {
        self.check()?;
        let object = self.context.handle.object(self.key);
        object.ok_or_else(|| Error::no_such_key(self.key))
    }
}

pub(crate) async fn store(
    State(context): State<Context>,
    Path((bucket, key)): Path<(String, String)>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let asked = Asked {
        context: &context,
        method: Method::PUT,
        uri: &uri,
        headers: &headers,
        bucket: &bucket,
        key: &key,
        wrong: &wrong,
    };
    let payload = asked.check()?;
    let limit = context.handle.config.max_object_bytes;
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let Some(announced) = announced else {
        let message = "You must provide the Content-Length HTTP header.";
        let status = StatusCode::LENGTH_REQUIRED;
        return Err(Error::new(status, "MissingContentLength", message));
    };
    if usize::try_from(announced).map_or(true, |length| length > limit) {
        return Err(Error::too_large(Some(announced), limit));
    }
    let incomplete = |_| {
        let message = "You did not provide the number of bytes specified by Content-Length";
        Error::new(StatusCode::BAD_REQUEST, "IncompleteBody", message)
    };
    let bytes = body::to_bytes(body, limit).await.map_err(incomplete)?;
    if let Payload::Sha256(expected) = payload
        && hex::encode(Sha256::digest(&bytes)) != expected
    {
        let message =
            "The provided 'x-amz-content-sha256' header does not match what was computed.";
        let status = StatusCode::BAD_REQUEST;
        return Err(Error::new(status, "XAmzContentSHA256Mismatch", message));
    }
    // "Add preconditions to S3 operations": only where nothing is there.
    let only_new = headers.get(header::IF_NONE_MATCH);
    if only_new.is_some_and(|value| value.as_bytes() == b"*")
        && context.handle.object(&key).is_some()
    {
        let message = "At least one of the pre-conditions you specified did not hold";
        let error = Error::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            message,
        );
        return Err(error.with("Condition", "If-None-Match"));
    }
    let object = object(&context, &headers, bytes);
    let etag = header_value(&object.etag);
    if !context.handle.put(key, object) {
        let message = "the stand-in's memory is full";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Err(Error::new(status, "ServiceUnavailable", message));
    }
    Ok(([(header::ETAG, etag)], ()).into_response())
}

fn object(context: &Context, headers: &HeaderMap, bytes: Bytes) -> Object {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let metadata: BTreeMap<_, _> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with(METADATA))
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect();
    Object {
        etag: format!("\"{}\"", hex::encode(Md5::digest(&bytes))),
        bytes,
        content_type: headers
            .get(header::CONTENT_TYPE)
            .map_or_else(|| "binary/octet-stream".to_owned(), text),
        metadata,
        modified: context.handle.clock.now(),
    }
}

pub(crate) async fn fetch(
    State(context): State<Context>,
    Path((bucket, key)): Path<(String, String)>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let asked = Asked {
        context: &context,
        method: Method::GET,
        uri: &uri,
        headers: &headers,
        bucket: &bucket,
        key: &key,
        wrong: &wrong,
    };
    let object = asked.object()?;
    let headers = object_headers(&object);
    if wrong.has(&Wrong::Truncated) {
        let half = object.bytes.slice(..object.bytes.len() / 2);
        let stop = context.stop.clone();
        let cut = stream::once(async move {
            gate::wait(&stop, Some(FLUSH)).await;
            Err(Cut)
        });
        let parts = stream::iter([Ok(half)]).chain(cut);
        return Ok((headers, Body::from_stream(parts)).into_response());
    }
    if wrong.has(&Wrong::Corrupted) {
        let other: Vec<u8> = object.bytes.iter().map(|byte| !byte).collect();
        return Ok((headers, other).into_response());
    }
    Ok((headers, object.bytes).into_response())
}

pub(crate) async fn describe(
    State(context): State<Context>,
    Path((bucket, key)): Path<(String, String)>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let asked = Asked {
        context: &context,
        method: Method::HEAD,
        uri: &uri,
        headers: &headers,
        bucket: &bucket,
        key: &key,
        wrong: &wrong,
    };
    // The HTTP server leaves the body of an answer to HEAD out, of errors too.
    let object = asked.object()?;
    Ok((object_headers(&object), object.bytes).into_response())
}

pub(crate) async fn remove(
    State(context): State<Context>,
    Path((bucket, key)): Path<(String, String)>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Result<StatusCode, Error> {
    let asked = Asked {
        context: &context,
        method: Method::DELETE,
        uri: &uri,
        headers: &headers,
        bucket: &bucket,
        key: &key,
        wrong: &wrong,
    };
    asked.check()?;
    // Also where there is no such object: DELETE is idempotent there.
    context.handle.remove(&key);
    Ok(StatusCode::NO_CONTENT)
}

fn object_headers(object: &Object) -> HeaderMap {
    let modified = object.modified.format("%a, %d %b %Y %H:%M:%S GMT");
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header_value(&object.content_type));
    headers.insert(header::ETAG, header_value(&object.etag));
    headers.insert(header::LAST_MODIFIED, header_value(&modified.to_string()));
    headers.insert(
        header::CONTENT_LENGTH,
        HeaderValue::from(object.bytes.len()),
    );
    for (name, value) in &object.metadata {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            headers.insert(name, header_value(value));
        }
    }
    headers
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// Tells the HTTP server to close the connection in the middle of a body.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut on purpose")]
struct Cut;
