use super::{Answer, FeedError, Page, read};

const KEY: &str = "aB+cd/EFgh12==";

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        html: false,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    }
}

fn with<T>(status: u16, body: &str, look: impl FnOnce(Result<Page<'_>, FeedError>) -> T) -> T {
    let answer = answer(status, body);
    look(read(&answer, 1, &KEY.parse().unwrap()))
}

fn error(status: u16, body: &str) -> FeedError {
    with(status, body, |result| result.unwrap_err())
}

const OK: &str = r#""header":{"resultCode":"00","resultMsg":"NORMAL SERVICE."}"#;

#[test]
fn records_come_in_every_wrapping() {
    for items in [
        r#"[{"a":1},{"a":2}]"#,
        r#"[{"item":{"a":1}},{ "item" : {"a":2}}]"#,
        r#"{"item":[{"a":1},{"a":2}]}"#,
    ] {
        let body = format!(
            r#"{{{OK},"body":{{"pageNo":1,"totalCount":"2","numOfRows":100,"items":{items}}}}}"#
        );
        with(200, &body, |page| {
            let page = page.unwrap();
            assert_eq!(page.total, 2);
            assert_eq!(page.items, [r#"{"a":1}"#, r#"{"a":2}"#], "{items}");
            assert_eq!(page.missing(), 0);
        });
    }
}

#[test]
fn nothing_is_no_error() {
    for body in [
        format!(r#"{{{OK},"body":{{"pageNo":1,"totalCount":0,"numOfRows":3}}}}"#),
        format!(r#"{{{OK},"body":{{"pageNo":1,"totalCount":0,"items":""}}}}"#),
        format!(r#"{{{OK},"body":{{"pageNo":1,"totalCount":0,"items":null}}}}"#),
        r#"{"header":{"resultCode":"03","resultMsg":"NODATA_ERROR"},"body":{}}"#.to_owned(),
        "\u{FEFF}{\"header\":{\"resultCode\":\"03\"}}".to_owned(),
    ] {
        with(200, &body, |page| {
            let page = page.unwrap();
            assert_eq!(
                (page.total, page.items.len(), page.missing()),
                (0, 0, 0),
                "{body}"
            );
        });
    }
}

#[test]
fn errors_of_the_gateway_have_names() {
    let xml = |code: u16| {
        format!(
            "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>\
             <returnAuthMsg>SOMETHING</returnAuthMsg><returnReasonCode>{code}</returnReasonCode>\
             </cmmMsgHeader></OpenAPI_ServiceResponse>"
        )
    };
    assert!(matches!(error(200, &xml(22)), FeedError::Quota));
    assert!(matches!(
        error(200, &xml(30)),
        FeedError::Key { code: 30, .. }
    ));
    assert!(matches!(
        error(200, &xml(4)),
        FeedError::Service {
            name: "HTTP_ERROR",
            passes: true,
            ..
        }
    ));
    assert!(matches!(
        error(200, &xml(12)),
        FeedError::Service {
            name: "NO_OPENAPI_SERVICE_ERROR",
            passes: false,
            ..
        }
    ));
    assert!(
        matches!(error(500, &xml(22)), FeedError::Quota),
        "whatever the status"
    );
}

#[test]
fn errors_of_the_service_have_names() {
    assert!(matches!(
        error(
            200,
            r#"{"result":{"resultCode":"11","resultMsg":"numOfRows maximum is =[100]"}}"#
        ),
        FeedError::Service {
            name: "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
            ..
        }
    ));
    assert!(matches!(
        error(
            200,
            r#"{"header":{"resultCode":"11","resultMsg":"x"},"body":{}}"#
        ),
        FeedError::Service { passes: false, .. }
    ));
    let quota = r#"{"OpenAPI_ServiceResponse":{"cmmMsgHeader":{"returnReasonCode":"22"}}}"#;
    assert!(matches!(error(200, quota), FeedError::Quota));
    assert!(matches!(
        error(429, "API token quota exceeded"),
        FeedError::Quota
    ));
}

#[test]
fn what_is_no_envelope_has_a_name() {
    assert!(matches!(
        error(403, r#"{"error":"Forbidden"}"#),
        FeedError::Status { status: 403, .. }
    ));
    assert!(matches!(
        error(400, "oops"),
        FeedError::Status { status: 400, .. }
    ));
    assert!(matches!(
        error(200, "<html><body>점검 중</body></html>"),
        FeedError::Html { .. }
    ));
    assert!(matches!(
        error(502, "<html>bad gateway</html>"),
        FeedError::Status { status: 502, .. }
    ));
    assert!(matches!(
        error(200, r#"{"header":{"resu"#),
        FeedError::NotJson { .. }
    ));
    assert!(matches!(error(200, ""), FeedError::NotJson { .. }));
    assert!(matches!(error(200, "{}"), FeedError::Shape { .. }));
    assert!(matches!(error(200, "[]"), FeedError::Shape { .. }));
}

#[test]
fn a_page_is_checked_against_the_question() {
    let body = |page: u32, total: u32, items: &str| {
        format!(r#"{{{OK},"body":{{"pageNo":{page},"totalCount":{total},"items":{items}}}}}"#)
    };
    assert!(matches!(
        error(200, &body(2, 1, "[{}]")),
        FeedError::WrongPage { asked: 1, given: 2 }
    ));
    with(200, &body(1, 5, "[{}]"), |page| {
        assert_eq!(page.unwrap().missing(), 4);
    });
    with(200, &body(1, 500, "[]"), |page| {
        assert_eq!(page.unwrap().missing(), 100);
    });
    let many = format!("[{}]", vec!["{}"; 101].join(","));
    assert!(matches!(
        error(200, &body(1, 101, &many)),
        FeedError::Shape { .. }
    ));
    assert!(matches!(
        error(200, &format!(r#"{{{OK},"body":{{"items":[]}}}}"#)),
        FeedError::Shape { .. }
    ));
}

#[test]
fn an_echoed_key_is_taken_out() {
    for form in [KEY, "aB%2Bcd%2FEFgh12%3D%3D", "aB%2bcd%2fEFgh12%3d%3d"] {
        for (status, body) in [
            (200, format!("<html>serviceKey={form}</html>")),
            (404, format!("no such path: ?serviceKey={form}")),
            (
                200,
                format!(r#"{{"header":{{"resultCode":"10","resultMsg":"bad {form}"}}}}"#),
            ),
            (
                200,
                format!("<a><resultCode>10</resultCode><resultMsg>bad {form}</resultMsg></a>"),
            ),
        ] {
            let error = error(status, &body);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("EFgh12"), "{shown}");
        }
    }
}

#[test]
fn a_key_is_not_shown_by_halves() {
    for before in 150..=200 {
        let filling = ".".repeat(before);
        for (status, body) in [
            (200, format!("<html>{filling}{KEY}</html>")),
            (502, format!("{filling}{KEY}")),
            (
                200,
                format!(r#"{{"header":{{"resultCode":"10","resultMsg":"{filling}{KEY}"}}}}"#),
            ),
        ] {
            let shown = error(status, &body).to_string();
            assert!(
                !shown.contains("aB") && !shown.contains("cd/E"),
                "{before}: {shown}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let answer = Answer {
        status: 200,
        html: false,
        retry_after: None,
        body: vec![b'{', 0xc7, 0xd1, 0xff],
    };
    let result = read(&answer, 1, &KEY.parse().unwrap());
    assert!(matches!(result, Err(FeedError::NotUtf8 { valid_up_to: 1 })));
}
