//! AWS Signature Version 4, checked: in the query string and in the `Authorization` header.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest as _, Sha256};

use super::{
    Config,
    claim::{ALGORITHM, Claim, UNSIGNED, malformed, pairs},
    error::Error,
};

const SKEW: TimeDelta = TimeDelta::minutes(15);
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// What the signature says about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Nothing.
    Unsigned,
    /// Its hash in hexadecimal.
    Sha256(String),
}

/// Checks who sent a request, and says what is known about its body.
pub(crate) fn check(
    config: &Config,
    now: DateTime<Utc>,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Payload, Error> {
    let query = pairs(uri.query().unwrap_or_default());
    let in_query = query.iter().any(|(name, _)| name == "X-Amz-Algorithm");
    let claim = if in_query {
        Claim::of_query(&query)?
    } else {
        Claim::of_headers(headers)?
    };
    let scope = check_scope(config, &claim)?;
    check_time(&claim, now)?;
    check_headers_are_signed(&claim, headers)?;
    let canonical = canonical_request(&claim, method, uri, &query, headers);
    let text = string_to_sign(&claim.amz_date, &scope, &canonical);
    let date = scope.split('/').next().unwrap_or_default();
    let key = signing_key(&config.secret_key, date, &config.region);
    let signature = hex::decode(&claim.signature).unwrap_or_default();
    if mac(&key, text.as_bytes()).verify_slice(&signature).is_err() {
        let message = "The request signature we calculated does not match the signature you \
                       provided. Check your key and signing method.";
        let status = StatusCode::FORBIDDEN;
        return Err(Error::new(status, "SignatureDoesNotMatch", message)
            .with("AWSAccessKeyId", &config.access_key)
            .with("StringToSign", text)
            .with("SignatureProvided", claim.signature)
            .with("CanonicalRequest", canonical));
    }
    payload(&claim.payload)
}

fn payload(text: &str) -> Result<Payload, Error> {
    let hash = text.len() == 64 && text.chars().all(|digit| digit.is_ascii_hexdigit());
    match text {
        UNSIGNED => Ok(Payload::Unsigned),
        _ if hash => Ok(Payload::Sha256(text.to_ascii_lowercase())),
        _ => Err(Error::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "the stand-in takes UNSIGNED-PAYLOAD or a SHA-256",
        )),
    }
}

/// The scope, once key, region and service are the right ones.
fn check_scope(config: &Config, claim: &Claim) -> Result<String, Error> {
    let (key, scope) = claim.credential.split_once('/').unwrap_or_default();
    if key != config.access_key {
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        let status = StatusCode::FORBIDDEN;
        return Err(Error::new(status, "InvalidAccessKeyId", message).with("AWSAccessKeyId", key));
    }
    let date = claim.amz_date.split('T').next().unwrap_or_default();
    let expected = format!("{date}/{}/s3/aws4_request", config.region);
    if scope != expected {
        let message = format!("the credential's scope should be {expected:?}, not {scope:?}");
        let code = if claim.expires.is_some() {
            "AuthorizationQueryParametersError"
        } else {
            "AuthorizationHeaderMalformed"
        };
        let error = Error::new(StatusCode::BAD_REQUEST, code, message);
        return Err(error.with("Region", &config.region));
    }
    Ok(expected)
}

fn check_time(claim: &Claim, now: DateTime<Utc>) -> Result<(), Error> {
    let signed = NaiveDateTime::parse_from_str(&claim.amz_date, "%Y%m%dT%H%M%SZ")
        .map_err(|_| malformed("X-Amz-Date must be in the ISO8601 Long Format"))?
        .and_utc();
    let ahead = signed.signed_duration_since(now);
    let time = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let Some(seconds) = claim.expires else {
        if ahead.abs() <= SKEW {
            return Ok(());
        }
        let message = "The difference between the request time and the current time is too large.";
        let status = StatusCode::FORBIDDEN;
        return Err(Error::new(status, "RequestTimeTooSkewed", message)
            .with("RequestTime", &claim.amz_date)
            .with("ServerTime", time(now))
            .with("MaxAllowedSkewMilliseconds", "900000"));
    };
    if ahead > SKEW {
        return Err(Error::denied("Request is not yet valid"));
    }
    let end = signed
        .checked_add_signed(TimeDelta::seconds(seconds))
        .unwrap_or(signed);
    if end < now {
        return Err(Error::denied("Request has expired")
            .with("X-Amz-Expires", seconds.to_string())
            .with("Expires", time(end))
            .with("ServerTime", time(now)));
    }
    Ok(())
}

/// `Host` and everything of Amazon's own must be signed.
fn check_headers_are_signed(claim: &Claim, headers: &HeaderMap) -> Result<(), Error> {
    let signed: Vec<&str> = claim.signed_headers.split(';').collect();
    let sent = headers.keys().map(axum::http::HeaderName::as_str);
    let must = sent.filter(|name| *name == "host" || name.starts_with("x-amz-"));
    let unsigned: Vec<&str> = must.filter(|name| !signed.contains(name)).collect();
    if unsigned.is_empty() {
        return Ok(());
    }
    let message = "There were headers present in the request which were not signed";
    Err(Error::denied(message).with("HeadersNotSigned", unsigned.join(", ")))
}

fn canonical_request(
    claim: &Claim,
    method: &Method,
    uri: &Uri,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> String {
    let path: Vec<u8> = percent_decode_str(uri.path()).collect();
    let mut query: Vec<(String, String)> = query
        .iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    query.sort();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let headers: String = claim
        .signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", canonical_value(headers, name)))
        .collect();
    format!(
        "{method}\n{}\n{}\n{headers}\n{}\n{}",
        percent_encode(&path, PATH),
        query.join("&"),
        claim.signed_headers,
        claim.payload
    )
}

fn encode(text: &str) -> String {
    percent_encode(text.as_bytes(), QUERY).to_string()
}

fn canonical_value(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    });
    values.collect::<Vec<_>>().join(",")
}

fn string_to_sign(amz_date: &str, scope: &str, canonical: &str) -> String {
    let hash = hex::encode(Sha256::digest(canonical.as_bytes()));
    format!("{ALGORITHM}\n{amz_date}\n{scope}\n{hash}")
}

fn signing_key(secret: &str, date: &str, region: &str) -> Vec<u8> {
    let steps = [date, region, "s3", "aws4_request"];
    let first = format!("AWS4{secret}").into_bytes();
    steps.iter().fold(first, |key, step| {
        mac(&key, step.as_bytes()).finalize().into_bytes().to_vec()
    })
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text);
    mac
}

/// The worked examples of Amazon's documentation, with its own sample key.
#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            region: "us-east-1".to_owned(),
            ..Config::default()
        }
    }

    fn checked(uri: &str, headers: &[(&'static str, &'static str)]) -> Result<Payload, Error> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let now = DateTime::parse_from_rfc3339("2013-05-24T00:01:00Z").unwrap();
        let uri = uri.parse().unwrap();
        check(&config(), now.into(), &Method::GET, &uri, &map)
    }

    #[test]
    fn the_example_of_a_signed_query_is_authentic() {
        let url = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        let host = [("host", "examplebucket.s3.amazonaws.com")];
        assert_eq!(checked(url, &host), Ok(Payload::Unsigned));
        let other = url.replace("test.txt", "text.txt");
        let error = checked(&other, &host).unwrap_err();
        assert_eq!(error.code, "SignatureDoesNotMatch");
    }

    #[test]
    fn the_example_of_signed_headers_is_authentic() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let headers = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", empty),
            ("x-amz-date", "20130524T000000Z"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
        ];
        let payload = checked("/test.txt", &headers);
        assert_eq!(payload, Ok(Payload::Sha256(empty.to_owned())));
    }
}
