//! Other sites must not act with a person's cookies.
//!
//! Browsers send cookies by themselves, so a request that changes something and carries any has to
//! say from which page it comes, in headers that pages can't forge. Requests without cookies prove
//! themselves by a token, which no other site has.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web;
use service_kit::problem::ProblemKind;

use super::client::Client;
use super::cors::AllowedOrigins;
use super::problem::Problem;
use super::problem_texts::Narrow;

/// Refuses a request that another site may have made.
///
/// # Errors
/// 403 where it carries cookies, may change something, and comes from nowhere that is allowed.
pub(crate) fn check(request: &ServiceRequest, client: Client) -> Result<(), Problem> {
    let headers = request.headers();
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || !headers.contains_key(header::COOKIE) {
        return Ok(());
    }
    let origins = request.app_data::<web::Data<AllowedOrigins>>();
    let host = host(headers);
    let allowed = |origin: &HeaderValue| {
        origins.is_some_and(|origins| origins.contains(origin))
            || origin
                .to_str()
                .is_ok_and(|origin| is_own(origin, host, client.secure))
    };
    if comes_from_allowed(headers, allowed) {
        Ok(())
    } else {
        Err(Problem::narrow(
            ProblemKind::Forbidden,
            Narrow::CrossSiteRequest,
        ))
    }
}

/// `Origin` decides where it is there: it says more than `Sec-Fetch-Site`, which knows nothing of our
/// list. Who sends neither is no browser of today.
fn comes_from_allowed(headers: &HeaderMap, allowed: impl Fn(&HeaderValue) -> bool) -> bool {
    let mut origins = headers.get_all(header::ORIGIN);
    match (origins.next(), origins.next()) {
        (Some(origin), None) => allowed(origin),
        (Some(_), Some(_)) => false,
        (None, _) => {
            let mut sites = headers.get_all(HeaderName::from_static("sec-fetch-site"));
            let site = sites.next().map(HeaderValue::as_bytes);
            sites.next().is_none() && site == Some(b"same-origin")
        }
    }
}

/// Whether an origin is the address that the request itself was sent to. What came over TLS can't
/// have begun on a page without.
fn is_own(origin: &str, host: &str, secure: bool) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let known = scheme == "https" || (scheme == "http" && !secure);
    known && !host.is_empty() && authority.eq_ignore_ascii_case(host)
}

/// The host that the request was sent to; never one that a proxy's header claims.
fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST);
    host.and_then(|host| host.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;
    use actix_web::web::Data;

    use super::*;

    fn passes(method: Method, secure: bool, headers: &[(&str, &str)]) -> bool {
        let front = HeaderValue::from_static("https://front.example");
        let mut request = TestRequest::default()
            .method(method)
            .app_data(Data::new(AllowedOrigins::new([front])))
            .insert_header(("host", "pillnuts.example:8080"));
        for header in headers {
            request = request.append_header(*header);
        }
        let client = Client {
            address: [127, 0, 0, 1].into(),
            secure,
        };
        check(&request.to_srv_request(), client).is_ok()
    }

    type Headers = &'static [(&'static str, &'static str)];

    /// Whether it passes, and what it comes with besides its cookie.
    const CASES: &[(bool, Headers)] = &[
        (false, &[]),
        (true, &[("origin", "https://front.example")]),
        (true, &[("origin", "http://pillnuts.example:8080")]),
        (true, &[("origin", "https://pillnuts.example:8080")]),
        (
            true,
            &[
                ("origin", "https://front.example"),
                ("sec-fetch-site", "cross-site"),
            ],
        ),
        (true, &[("sec-fetch-site", "same-origin")]),
        (false, &[("origin", "https://evil.example")]),
        (
            false,
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
        ),
        (false, &[("origin", "null")]),
        (false, &[("origin", "")]),
        (false, &[("origin", "https://front.example.evil.example")]),
        (false, &[("origin", "https://pillnuts.example")]),
        (false, &[("origin", "ftp://pillnuts.example:8080")]),
        (
            false,
            &[
                ("origin", "https://front.example"),
                ("origin", "https://evil.example"),
            ],
        ),
        (false, &[("sec-fetch-site", "same-site")]),
        (false, &[("sec-fetch-site", "cross-site")]),
        (false, &[("sec-fetch-site", "none")]),
        (
            false,
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-origin"),
            ],
        ),
        (false, &[("referer", "https://front.example/page")]),
    ];

    #[test]
    fn only_pages_of_ours_may_change_something_with_cookies() {
        let cookie = ("cookie", "refresh=1");
        for (expected, headers) in CASES {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let mut all = vec![cookie];
                all.extend(*headers);
                assert_eq!(
                    passes(method.clone(), false, &all),
                    *expected,
                    "{method} {headers:?}"
                );
                assert!(
                    passes(method.clone(), false, headers),
                    "no cookie: {method} {headers:?}"
                );
            }
            let mut all = vec![cookie];
            all.extend(*headers);
            assert!(passes(Method::GET, false, &all), "reading changes nothing");
        }
        let plain = [cookie, ("origin", "http://pillnuts.example:8080")];
        assert!(
            !passes(Method::POST, true, &plain),
            "a page without TLS of a host with it"
        );
    }
}
