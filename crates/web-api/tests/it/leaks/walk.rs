//! Every call of the OpenAPI document with canaries in each of its inputs.

use std::fmt;

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{EMAIL, MARK, NAME_MARK, PASSWORD, PHONE};
use crate::support::sample;

/// A request.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, Vec<u8>)>,
    /// With its content type.
    pub(super) body: Option<(String, Vec<u8>)>,
}

impl Call {
    pub(super) fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Puts a header there, in the place of one of its name.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Vec<u8>>) {
        self.headers.retain(|(one, _)| *one != name);
        self.headers.push((name, value.into()));
    }

    fn with(&self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        let mut call = self.clone();
        call.set(name, value);
        call
    }

    fn with_body(&self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Some((kind.to_owned(), body.into())),
            ..self.clone()
        }
    }

    fn with_json(&self, body: &Value) -> Self {
        self.with_body(JSON, body.to_string())
    }

    fn at(&self, path: &str, query: &str) -> Self {
        Self {
            path: format!("{path}{query}"),
            ..self.clone()
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        let body = self.body.as_ref();
        let body = body.map(|(kind, body)| format!("{kind} {}", String::from_utf8_lossy(body)));
        write!(f, "{} {} {headers:?} {body:?}", self.method, self.path)
    }
}

const JSON: &str = "application/json";

/// Requests for each operation of the document.
pub(super) fn calls(document: &Value) -> Vec<Vec<Call>> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            all.push(of_operation(document, path, &method, operation));
        }
    }
    all
}

fn of_operation(document: &Value, path: &str, method: &Method, operation: &Value) -> Vec<Call> {
    let known = if path.contains("ingredients") {
        sample::ACETAMINOPHEN
    } else {
        sample::TYLENOL
    };
    let real = filled(path, &known.to_string());
    let plain = with_headers(&Call::new(method.clone(), &real));
    let mut calls = vec![Call::new(method.clone(), &real), plain.clone()];
    for odd in [
        MARK,
        "leakcanary%20with%20space",
        "leakcanary@example.com",
        PHONE,
    ] {
        calls.push(plain.at(&filled(path, odd), ""));
    }
    calls.extend(queries(&plain, operation));
    calls.extend(headers(&plain));
    let schema = &operation["requestBody"]["content"][JSON]["schema"];
    if operation.get("requestBody").is_some() {
        calls.extend(bodies(&plain, document, schema));
    } else {
        // Nobody reads it.
        calls.push(plain.with_json(&json!({"password": PASSWORD, "phoneNumber": PHONE})));
    }
    calls
}

/// The address with `value` in each of its places.
fn filled(path: &str, value: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Headers that come with every request of a browser, each with something to hide. The last one says
/// that a page of ours sends the cookie.
fn with_headers(call: &Call) -> Call {
    let mut call = call.clone();
    for name in [
        "user-agent",
        "referer",
        "idempotency-key",
        "if-none-match",
        "accept-language",
    ] {
        call.set(name, format!("{MARK}-{name} {EMAIL} {PHONE}"));
    }
    // A UUID comes back, and is logged; this is harmless to every header and still none.
    call.set("x-request-id", format!("{PHONE}-{MARK}"));
    call.set(
        "cookie",
        format!("__Secure-refresh={MARK}-refresh; other={MARK}-other"),
    );
    call.set("sec-fetch-site", "same-origin");
    call
}

fn headers(plain: &Call) -> Vec<Call> {
    let token = format!("eyJhbGciOiJFZERTQSJ9.{MARK}.{MARK}");
    let cookie = plain.with("x-refresh-transport", "cookie");
    vec![
        cookie,
        plain.with("x-refresh-transport", MARK),
        plain.with("authorization", format!("Bearer {token}")),
        plain.with("authorization", format!("Bearer {MARK} {EMAIL}")),
        plain.with("authorization", format!("Basic {MARK}")),
        plain.with(
            "authorization",
            [b"Bearer \xff".as_slice(), MARK.as_bytes()].concat(),
        ),
        plain.with("cookie", format!("__Secure-refresh=\"{MARK}; =;; {MARK}")),
        plain.with("origin", format!("https://{MARK}.example")),
        plain.with("accept-encoding", format!("{MARK};q=1, identity;q=0")),
        plain.with("content-encoding", MARK),
        plain.with("forwarded", format!("for=\"{MARK}\"")),
        plain.with("range", format!("bytes={MARK}")),
    ]
}

fn queries(plain: &Call, operation: &Value) -> Vec<Call> {
    let path = plain.path.as_str();
    let mut calls = vec![
        plain.at(path, &format!("?token={MARK}&{NAME_MARK}=1")),
        plain.at(path, &format!("?query=%FF{MARK}")),
        plain.at(path, &format!("?query={MARK}%")),
    ];
    let parameters = operation["parameters"].as_array();
    let parameters = parameters.into_iter().flatten();
    for parameter in parameters.filter(|one| one["in"] == "query") {
        let name = parameter["name"].as_str().unwrap();
        for value in [MARK, EMAIL, PHONE, "leakcanary%00", "%FFleakcanary"] {
            calls.push(plain.at(path, &format!("?{name}={value}")));
            calls.push(plain.at(path, &format!("?{name}={value}&{name}={value}")));
        }
    }
    calls
}

fn bodies(plain: &Call, document: &Value, schema: &Value) -> Vec<Call> {
    let schema = resolved(document, schema);
    let whole = example(document, schema, "");
    let text = whole.to_string();
    let half: String = text.chars().take(text.chars().count() - 1).collect();
    let mut calls = vec![
        plain.with_json(&whole),
        plain.with_json(&Value::from(MARK)),
        plain.with_json(&json!([MARK, whole])),
        plain.with_json(&json!({"password": {"deep": [MARK]}, NAME_MARK: MARK})),
        plain.with_body(JSON, half),
        plain.with_body(JSON, format!("{{\"password\": \"{MARK}")),
        plain.with_body(JSON, format!("{{\"password\": {MARK}}}")),
        plain.with_body(JSON, format!("{text} {MARK}")),
        plain.with_body(
            JSON,
            [b"{\"password\": \"\xff".as_slice(), MARK.as_bytes()].concat(),
        ),
        plain.with_body("text/plain", text.clone()),
        plain.with_body(&format!("application/{MARK}"), text.clone()),
        plain.with_body("application/json; charset=leakcanary", text.clone()),
        plain.with_body(
            "application/x-www-form-urlencoded",
            format!("password={MARK}"),
        ),
        plain.with_body(JSON, format!("\"{}\"", MARK.repeat(20_000))),
    ];
    for (name, property) in properties(document, schema) {
        let name = name.as_str();
        for wrong in [
            json!(MARK),
            json!({ MARK_KEY: MARK }),
            json!([MARK]),
            json!(97_538_642),
            json!(-97_538_642.5),
            json!(true),
            Value::Null,
            json!(PHONE),
            json!(EMAIL),
            json!(format!("{MARK}\u{0}\n\u{202e}")),
            json!(MARK.repeat(500)),
        ] {
            calls.push(plain.with_json(&changed(&whole, name, Some(wrong))));
        }
        calls.push(plain.with_json(&changed(&whole, name, None)));
        let value = example(document, resolved(document, &property), name);
        let twice = format!("{{\"{name}\": {value}, \"{name}\": {value}}}");
        calls.push(plain.with_body(JSON, twice));
    }
    calls
}

/// The key of an object where there should be none.
const MARK_KEY: &str = "inner";

fn changed(whole: &Value, name: &str, value: Option<Value>) -> Value {
    let mut object = whole.as_object().cloned().unwrap_or_else(Map::new);
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
    Value::Object(object)
}

/// Something of this schema, as its field's name says.
fn example(document: &Value, schema: &Value, name: &str) -> Value {
    let schema = resolved(document, schema);
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    let properties = properties(document, schema);
    if !properties.is_empty() {
        let fields = properties.into_iter().map(|(name, property)| {
            let value = example(document, &property, &name);
            (name, value)
        });
        return Value::Object(fields.collect());
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let is = |kind: &str| kinds.iter().any(|one| one == kind);
    if is("array") {
        return json!([example(document, &schema["items"], name)]);
    }
    if is("boolean") {
        return json!(true);
    }
    if is("integer") || is("number") {
        return json!(1);
    }
    let name = name.to_lowercase();
    json!(match name.as_str() {
        name if name.contains("phone") => PHONE.to_owned(),
        name if name.contains("email") => EMAIL.to_owned(),
        // Another one than the member's: what is tried must not go well.
        name if name.contains("password") => format!("{PASSWORD}-wrong"),
        name if name.contains("code") => "975386".to_owned(),
        name if name.contains("loginid") => "haneul7".to_owned(),
        name if name.contains("nickname") => "하늘이".to_owned(),
        name => format!("{MARK}-{name}"),
    })
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return document.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let options = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    match options.and_then(|options| options.iter().find(|one| one["type"] != "null")) {
        Some(option) => resolved(document, option),
        None => schema,
    }
}

fn properties(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut all: Vec<_> = parts
        .flat_map(|part| properties(document, resolved(document, part)))
        .collect();
    let own = schema["properties"].as_object().into_iter().flatten();
    all.extend(own.map(|(name, property)| (name.clone(), property.clone())));
    all
}
