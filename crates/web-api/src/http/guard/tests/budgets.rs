//! How often.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{client, code, header, send, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_at_once_get_exactly_the_budget() {
    let (base, http) = (start("100/day"), client());
    let passed = Arc::new(AtomicU32::new(0));
    let refused = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let request = http.get(format!("{base}/open"));
            let (passed, refused) = (Arc::clone(&passed), Arc::clone(&refused));
            tokio::spawn(async move {
                let response = send(request).await;
                match response.status().as_u16() {
                    200 => passed.fetch_add(1, Ordering::Relaxed),
                    429 => refused.fetch_add(1, Ordering::Relaxed),
                    other => panic!("{other}"),
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let (passed, refused) = (
        passed.load(Ordering::Relaxed),
        refused.load(Ordering::Relaxed),
    );
    assert_eq!((passed, refused), (100, 900));

    let response = send(
        http.get(format!("{base}/open"))
            .header("accept-language", "en"),
    )
    .await;
    assert_eq!(response.status(), 429);
    assert_eq!(header(&response, "ratelimit-limit"), "100");
    assert_eq!(header(&response, "ratelimit-remaining"), "0");
    assert_eq!(header(&response, "ratelimit-policy"), "100;w=86400");
    assert_eq!(header(&response, "ratelimit-reset"), "86400");
    let wait: u64 = header(&response, "retry-after").parse().expect("seconds");
    assert!((1..=864).contains(&wait), "{wait}");
    assert_eq!(code(response).await, "rate_limited");
    // Another class, another budget; and another identity, a member's.
    assert_eq!(
        send(http.get(format!("{base}/things/1"))).await.status(),
        200
    );
    let member = send(http.get(format!("{base}/open")).bearer_auth("member-1")).await;
    assert_eq!(member.status(), 200);
    assert_eq!(header(&member, "ratelimit-remaining"), "99");
    // Refusals say what is left, too.
    let refused = send(http.get(format!("{base}/admin"))).await;
    assert_eq!(
        (
            refused.status().as_u16(),
            header(&refused, "ratelimit-remaining")
        ),
        (401, "99")
    );
    let unknown = send(http.get(format!("{base}/mine")).bearer_auth("nonsense")).await;
    assert_eq!(header(&unknown, "ratelimit-limit"), "100");
}

#[tokio::test(flavor = "multi_thread")]
async fn budgets_follow_the_client_and_not_what_it_claims() {
    let (base, http) = (start("2/day"), client());
    let from = |path: &str, chain: &str| {
        let request = http.get(format!("{base}{path}"));
        send(request.header("x-forwarded-for", chain.to_owned()))
    };
    // The proxy (127.0.0.1) heard 203.0.113.9, which wrote something else before every time.
    for (spoofed, status) in [("1.1.1.1", 200), ("2.2.2.2", 200), ("3.3.3.3", 429)] {
        let answer = from("/open", &format!("{spoofed}, 203.0.113.9")).await;
        assert_eq!(answer.status(), status, "{spoofed}");
    }
    for (address, status) in [
        ("2001:db8:0:1::1", 200),
        ("2001:db8:0:1::2", 200),
        ("2001:db8:0:1:ffff::3", 429),
        ("2001:db8:0:2::1", 200),
    ] {
        assert_eq!(from("/open", address).await.status(), status, "{address}");
    }
    // Guessing is counted by address, whichever account it is done from.
    for (member, status) in [("member-1", 200), ("member-2", 200), ("member-3", 429)] {
        let request = http.post(format!("{base}/sign-in")).bearer_auth(member);
        let request = request.header("x-forwarded-for", "203.0.113.77");
        assert_eq!(send(request).await.status(), status, "{member}");
    }
    // So is showing tokens that aren't believed.
    for (token, status) in [("bad1", 401), ("bad2", 401), ("bad3", 429)] {
        let request = http.get(format!("{base}/mine")).bearer_auth(token);
        let request = request.header("x-forwarded-for", "203.0.113.78");
        assert_eq!(send(request).await.status(), status, "{token}");
    }
}
