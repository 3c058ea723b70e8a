//! Request bodies, read strictly: JSON and nothing else, every field known, every fault named.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{Error, FromRequest, HttpRequest, web};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_ignored::Path;
use serde_json::error::Category;
use service_kit::problem::ProblemKind;

use super::limits::BodyLimit;
use super::problem::{FieldError, Problem};
use super::problem_texts::{Message, Shape};

/// How long a body may take: within the limit of its size, also over a poor connection.
const READ_LIMIT: Duration = Duration::from_secs(20);
/// Unknown fields that an answer names at most.
const MAX_UNKNOWN: usize = 20;
/// Longest name of a field that an answer repeats, in characters.
const MAX_NAME: usize = 80;

/// The body of a request.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request
            .app_data::<web::Data<BodyLimit>>()
            .map_or(0, |limit| limit.0);
        let checked = check_type(request.headers());
        let payload = payload.take();
        Box::pin(async move {
            checked?;
            let reading = tokio::time::timeout(READ_LIMIT, read(payload, limit));
            let body = reading
                .await
                .map_err(|_| Problem::new(ProblemKind::RequestTimeout))??;
            Ok(Self(parse(&body)?))
        })
    }
}

/// JSON is UTF-8 (RFC 8259): another charset, or a compressed body, would be guessed at.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let mut types = headers.get_all(header::CONTENT_TYPE);
    let one = types.next().filter(|_| types.next().is_none());
    let is_json = one
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| {
            let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
            let parameter = parameters.trim();
            kind.trim().eq_ignore_ascii_case("application/json")
                && (parameter.is_empty()
                    || ["charset=utf-8", "charset=\"utf-8\""]
                        .iter()
                        .any(|utf8| parameter.eq_ignore_ascii_case(utf8)))
        });
    let encoded = headers
        .get_all(header::CONTENT_ENCODING)
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if is_json && !encoded {
        Ok(())
    } else {
        let problem = Problem::new(ProblemKind::UnsupportedMediaType);
        Err(problem.with_detail(Message::JsonOnly))
    }
}

/// The whole body. Its announced length was checked before; one that is sent in chunks has none.
async fn read(mut payload: Payload, limit: u64) -> Result<Vec<u8>, Problem> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ProblemKind::MalformedRequest))?;
        if body.len().saturating_add(chunk.len()) > most {
            super::limits::drain(payload).await;
            let problem = Problem::new(ProblemKind::PayloadTooLarge);
            return Err(problem.with_detail(Message::BodyLimit(limit)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // serde would take a list for an object, its values in the order of the fields.
    if body.trim_ascii_start().first() == Some(&b'[') {
        let message = Message::Shape(Shape::Object);
        return Err(Problem::invalid_field("body", message));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = Vec::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let parsed = serde_ignored::deserialize(tracked, |path| {
        if unknown.len() < MAX_UNKNOWN {
            unknown.push(FieldError {
                field: short(&name(&path)),
                message: Message::UnknownField,
            });
        }
    });
    let value: T = match parsed {
        Ok(value) => value,
        Err(error) if error.classify() == Category::Data => {
            unknown.push(fault(&track.path().to_string(), &error.to_string()));
            return Err(Problem::invalid(unknown));
        }
        Err(error) => return Err(malformed(&error)),
    };
    json.end().map_err(|error| malformed(&error))?;
    if unknown.is_empty() {
        Ok(value)
    } else {
        Err(Problem::invalid(unknown))
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(ProblemKind::InvalidJson).with_detail(Message::JsonPlace {
        line: error.line(),
        column: error.column(),
    })
}

/// `items[0].name`
fn name(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", name(parent)),
        Path::Map { parent, key } => match name(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => name(parent),
    }
}

/// What came back from the client is shortened, so that an answer stays small.
fn short(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

/// What is wrong with which field. The text of the error is only looked at, never passed on: it
/// quotes the value, which may be a password.
fn fault(path: &str, error: &str) -> FieldError {
    let inner = |field: &str| match path {
        "." => field.to_owned(),
        path => format!("{path}.{field}"),
    };
    let named = |beginning: &str| {
        let rest = error.strip_prefix(beginning)?;
        rest.split_once('`').map(|(field, _)| field)
    };
    let (field, message) = if let Some(field) = named("missing field `") {
        (inner(field), Message::Required)
    } else if let Some(field) = named("duplicate field `") {
        (inner(field), Message::Repeated)
    } else if let Some(field) = named("unknown field `") {
        (inner(field), Message::UnknownField)
    } else {
        let whole = if path == "." { "body" } else { path };
        (whole.to_owned(), expectation(error))
    };
    FieldError {
        field: short(&field),
        message,
    }
}

fn expectation(error: &str) -> Message {
    // From the right: the value, which stands before, may hold the word, too.
    let Some((before, expected)) = error.rsplit_once("expected ") else {
        return Message::Shape(Shape::Other);
    };
    if before.starts_with("unknown variant") {
        let words = expected.split('`').skip(1).step_by(2);
        return Message::Words(words.map(str::to_owned).collect());
    }
    let begins = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
    Message::Shape(if begins(&["a string", "a borrowed string", "string"]) {
        Shape::Text
    } else if begins(&["a boolean"]) {
        Shape::Boolean
    } else if begins(&[
        "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "usize", "isize",
    ]) {
        Shape::Integer
    } else if begins(&["a sequence", "an array"]) {
        Shape::List
    } else if begins(&["struct", "a map"]) {
        Shape::Object
    } else {
        Shape::Other
    })
}

#[cfg(test)]
mod tests;
