//! Members, made as people make themselves: a number, a code by SMS, a form.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use test_kit::http::{self, Request};

const REQUEST_LIMIT: Duration = Duration::from_secs(30);
/// How long a message may take from the outbox to the stand-in.
const MESSAGE_LIMIT: Duration = Duration::from_secs(20);
const INTERVAL: Duration = Duration::from_millis(20);
/// Of everybody.
pub(crate) const PASSWORD: &str = "sample-password-1";
/// Numbers of sample members begin here: 010-2000-0000.
const FIRST_NUMBER: u32 = 20_000_000;

/// What web-api has to be told so that many can sign up in a row from one machine: the stand-in of the
/// SMS provider (on the port of all stand-ins), limits as high as they go, and that this machine may
/// say for whom it asks.
pub(crate) fn settings(stand_ins: u16) -> Vec<(&'static str, String)> {
    let fixed = [
        ("SENS_SERVICE_ID", "ncp:sms:kr:000000000000:pillnuts"),
        ("SENS_ACCESS_KEY", "sample-access-key"),
        ("SENS_SECRET_KEY", "sample-secret-key"),
        ("SENS_SENDER", "0212345678"),
        ("SMS_ADDRESS_HOUR", "10000"),
        ("SMS_ADDRESS_DAY", "100000"),
        ("SMS_ADDRESS_NUMBER_DAY", "100000"),
        ("SMS_DAILY_COST", "100000000"),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let mut settings = vec![("SENS_BASE_URL", format!("http://127.0.0.1:{stand_ins}"))];
    settings.extend(fixed.map(|(name, value)| (name, value.to_owned())));
    settings
}

/// Signs up member `number`; his login id.
pub(crate) fn sign_up(web: u16, stand_ins: u16, number: u32) -> anyhow::Result<String> {
    let phone = format!("010{}", FIRST_NUMBER + number);
    let client = Client {
        web,
        address: format!("198.18.{}.{}", number / 250, number % 250 + 1),
    };
    let asked = json!({ "phoneNumber": phone, "purpose": "signUp" });
    let asked = client.post("/auth/phone-verifications", &asked, 202)?;
    let id = text(&asked, "verificationId")?;
    let code = code(stand_ins, &phone)?;
    let path = format!("/auth/phone-verifications/{id}/confirm");
    let verified = client.post(&path, &json!({ "code": code }), 200)?;
    let login_id = format!("sample{number:05}");
    let consents = ["terms", "privacy", "age14"];
    let form = json!({
        "loginId": login_id,
        "password": PASSWORD,
        "nickname": format!("회원{number}"),
        "verificationToken": text(&verified, "verificationToken")?,
        "consents": consents.map(|kind| json!({ "kind": kind, "agreed": true })),
    });
    client.post("/users", &form, 201)?;
    Ok(login_id)
}

/// Signs a member in; the access token.
pub(crate) fn sign_in(web: u16, login_id: &str) -> anyhow::Result<String> {
    let client = Client {
        web,
        address: "198.18.255.1".to_owned(),
    };
    let form = json!({ "loginId": login_id, "password": PASSWORD });
    let signed = client.post("/auth/sessions", &form, 201)?;
    text(&signed, "accessToken")
}

/// Does something of a member's own, as `PUT`.
pub(crate) fn put(web: u16, token: &str, path: &str, body: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1{path}");
    let request = Request::put_json(&path, body);
    let request = request.header("Authorization", &format!("Bearer {token}"));
    let answer = http::send(web, &request, REQUEST_LIMIT)?;
    if !answer.is_success() {
        bail!("{path}: web-api answers {}: {}", answer.status, answer.body);
    }
    Ok(())
}

struct Client {
    web: u16,
    /// For whom we ask: each address has limits of its own.
    address: String,
}

impl Client {
    fn post(&self, path: &str, body: &Value, expected: u16) -> anyhow::Result<Value> {
        let path = format!("/api/v1{path}");
        let request = Request::post_json(&path, &body.to_string());
        let request = request.header("X-Forwarded-For", &self.address);
        let answer = http::send(self.web, &request, REQUEST_LIMIT)?;
        if answer.status != expected {
            bail!(
                "{path}: expected {expected}, web-api answers {}: {}",
                answer.status,
                answer.body
            );
        }
        serde_json::from_str(&answer.body).with_context(|| format!("{path}: no JSON"))
    }
}

/// The code of the newest message to a number.
fn code(stand_ins: u16, phone: &str) -> anyhow::Result<String> {
    let path = format!("/sms/messages?to={phone}");
    let end = Instant::now() + MESSAGE_LIMIT;
    loop {
        let answer = http::get(stand_ins, &path, REQUEST_LIMIT)?;
        let messages: Value = serde_json::from_str(&answer.body).context("the list of messages")?;
        let newest = messages.pointer("/0/content").and_then(Value::as_str);
        if let Some(content) = newest {
            let mut parts = content.split(|c: char| !c.is_ascii_digit());
            let code = parts.find(|part| part.len() == 6);
            return Ok(code.context("a message without a code")?.to_owned());
        }
        if Instant::now() >= end {
            bail!("no message came within {MESSAGE_LIMIT:?}");
        }
        std::thread::sleep(INTERVAL);
    }
}

fn text(answer: &Value, field: &str) -> anyhow::Result<String> {
    let found = answer.get(field).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("an answer without {field}"))?
        .to_owned())
}
