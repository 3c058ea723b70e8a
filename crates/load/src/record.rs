//! Hands answers of the API to the server's memory, and checks that they come back byte for byte.

use anyhow::{Context, bail};
use hyper::Uri;
use hyper::header::{DATE, HeaderMap, HeaderName};

use crate::client::{Connection, Target, Whole, uris};
use crate::job::Recorded;

/// What differs between any two answers.
const OF_THE_MOMENT: [HeaderName; 2] = [DATE, HeaderName::from_static("x-request-id")];

/// Where the answer with a number stands.
pub(crate) fn replay(number: usize) -> anyhow::Result<Uri> {
    Ok(format!("/bench/replay/{number}").parse()?)
}

/// Records the answers of `paths` under numbers from `first`.
pub(crate) async fn run(
    target: &Target,
    paths: &[String],
    first: usize,
) -> anyhow::Result<Recorded> {
    let mut connections = target.open(1).await?;
    let connection = connections.first_mut().context("no connection")?;
    let mut lengths = Vec::with_capacity(paths.len());
    for (number, uri) in (first..).zip(uris(paths)?) {
        lengths.push(record(connection, &uri, &replay(number)?).await?);
    }
    Ok(Recorded { lengths })
}

async fn record(connection: &mut Connection, uri: &Uri, replay: &Uri) -> anyhow::Result<usize> {
    let original = connection.fetch(uri).await?;
    connection.put(replay, original.body.clone()).await?;
    let copy = connection.fetch(replay).await?;
    // Again, because the first answer may have been one without its documents.
    let again = connection.fetch(uri).await?;
    for (what, answer) in [("the replayed answer", copy), ("the second answer", again)] {
        if let Some(difference) = difference(&original, &answer) {
            bail!("{uri}: {what} differs: {difference}");
        }
    }
    Ok(original.body.len())
}

fn difference(original: &Whole, other: &Whole) -> Option<String> {
    if original.body != other.body {
        let lengths = (original.body.len(), other.body.len());
        return Some(format!("bodies of {} and {} bytes", lengths.0, lengths.1));
    }
    let (ours, theirs) = (lasting(&original.headers), lasting(&other.headers));
    (ours != theirs).then(|| format!("headers {ours:?} and {theirs:?}"))
}

/// Headers that don't change by the moment.
fn lasting(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_THE_MOMENT {
        headers.remove(name);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use hyper::header::{ETAG, HeaderValue};

    fn answer(tag: &'static str, date: &'static str, body: &'static str) -> Whole {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_static(tag));
        headers.insert(DATE, HeaderValue::from_static(date));
        Whole {
            headers,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn only_headers_of_the_moment_may_differ() {
        let one = answer("a", "today", "x");
        assert_eq!(difference(&one, &answer("a", "tomorrow", "x")), None);
        assert!(difference(&one, &answer("b", "today", "x")).is_some());
        assert!(difference(&one, &answer("a", "today", "y")).is_some());
    }
}
