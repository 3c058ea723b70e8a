//! Settings of accounts.

use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;

use domain::account::{SendLimits, TextVersion};
use secrecy::SecretString;
use service_kit::settings::{AppEnv, Reader, Shape, data_dir};
use url::Url;

use super::images::ImageSettings;
use super::keys::KeySettings;
use super::social::SocialSettings;

/// Everything that accounts can be told.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// The secrets.
    pub keys: KeySettings,
    /// Where those are that the settings don't give (`<DATA_DIR>/keys`), and the public ones.
    pub key_folder: PathBuf,
    /// `iss` of access tokens (`ACCESS_TOKEN_ISSUER`).
    pub issuer: String,
    /// `aud` of access tokens (`ACCESS_TOKEN_AUDIENCE`).
    pub audience: String,
    /// Cost of bcrypt (`PASSWORD_COST`): one more is twice the time.
    pub password_cost: u32,
    /// Passwords looked at at the same time (`PASSWORD_WORKERS`).
    pub password_workers: usize,
    /// The version of the texts that people agree to (`CONSENT_TEXT_VERSION`).
    pub consent_version: Option<TextVersion>,
    /// Messages.
    pub sms: SmsSettings,
    /// Where chat-server is told what ended (`CHAT_EVENTS_URL`); nobody is without it.
    pub chat_events: Option<Url>,
    /// Pictures.
    pub images: ImageSettings,
    /// Other services to sign in by.
    pub social: Option<SocialSettings>,
    /// Open reports that hide a review until an admin decides (`REVIEW_HIDING_REPORTS`).
    pub hiding_reports: NonZeroU32,
}

impl AccountSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Self {
        let version = Shape::new("1 to 20 of a–z, 0–9, '.' and '-'", "2026-11-01");
        Self {
            keys: KeySettings::read(reader, env),
            key_folder: data_dir(reader).join("keys"),
            issuer: name(reader, "ACCESS_TOKEN_ISSUER", "pillnuts-web"),
            audience: name(reader, "ACCESS_TOKEN_AUDIENCE", "pillnuts"),
            password_cost: password_cost(reader, env),
            password_workers: reader.integer("PASSWORD_WORKERS", 2, 1..=64),
            consent_version: reader
                .optional_parsed("CONSENT_TEXT_VERSION", &version)
                .or_else(|| "2026-11-01".parse().ok()),
            sms: SmsSettings::read(reader),
            chat_events: reader.optional_url(
                "CHAT_EVENTS_URL",
                "http://localhost:8081/chat/v1/internal/statements",
            ),
            images: ImageSettings::read(reader, env),
            social: SocialSettings::read(reader, env),
            hiding_reports: hiding_reports(reader),
        }
    }
}

fn hiding_reports(reader: &mut Reader) -> NonZeroU32 {
    let count: u32 = reader.integer("REVIEW_HIDING_REPORTS", 5, 1..=1_000);
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}

fn name(reader: &mut Reader, variable: &str, default: &str) -> String {
    let name = reader.string(variable, default);
    if name.is_empty() || name.len() > 200 {
        let text = format!("expected 1 to 200 characters, for example {variable}={default}");
        reader.fail(variable, text);
    }
    name
}

/// Less than 10 is for tests.
fn password_cost(reader: &mut Reader, env: AppEnv) -> u32 {
    let least = if env.is_production() { 10 } else { 4 };
    reader.integer("PASSWORD_COST", 12, least..=16)
}

/// Messages: the provider, and how many.
#[derive(Debug, Clone)]
pub struct SmsSettings {
    /// The provider; without it no message is sent.
    pub sens: Option<SensSettings>,
    /// The limits of one address, and of everybody's cost in a day.
    pub limits: SendLimits,
    /// What one message costs, in won (`SMS_PRICE`).
    pub price: u64,
}

/// An account at Naver Cloud SENS.
#[derive(Clone)]
pub struct SensSettings {
    /// Where it is (`SENS_BASE_URL`).
    pub base_url: Url,
    /// The project's id (`SENS_SERVICE_ID`).
    pub service_id: String,
    /// Who asks (`SENS_ACCESS_KEY`).
    pub access_key: String,
    /// What signs (`SENS_SECRET_KEY`).
    pub secret_key: SecretString,
    /// The registered number that messages come from, digits only (`SENS_SENDER`).
    pub sender: String,
}

impl fmt::Debug for SensSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SensSettings")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}

const BASE: &str = "https://sens.apigw.ntruss.com";

impl SmsSettings {
    fn read(reader: &mut Reader) -> Self {
        let usual = SendLimits::default();
        Self {
            sens: SensSettings::read(reader),
            limits: SendLimits {
                address_hour: reader.integer("SMS_ADDRESS_HOUR", usual.address_hour, 1..=10_000),
                address_day: reader.integer("SMS_ADDRESS_DAY", usual.address_day, 1..=100_000),
                site_hour: reader.integer("SMS_SITE_HOUR", usual.site_hour, 1..=100_000),
                site_day: reader.integer("SMS_SITE_DAY", usual.site_day, 1..=1_000_000),
                pair_day: reader.integer("SMS_ADDRESS_NUMBER_DAY", usual.pair_day, 1..=100_000),
                daily_cost: reader.integer("SMS_DAILY_COST", usual.daily_cost, 0..=100_000_000),
                ..usual
            },
            price: reader.integer("SMS_PRICE", 9, 0..=10_000),
        }
    }
}

impl SensSettings {
    /// All of it, or nothing: half of an account is a mistake.
    fn read(reader: &mut Reader) -> Option<Self> {
        let text = |name: &'static str, example: &str, reader: &mut Reader| {
            reader.optional_string(name, &Shape::new("a text", example))
        };
        let base_url = reader.optional_url("SENS_BASE_URL", BASE);
        let service_id = text(
            "SENS_SERVICE_ID",
            "ncp:sms:kr:123456789012:pillnuts",
            reader,
        );
        let access_key = text("SENS_ACCESS_KEY", "the-access-key-id", reader);
        let shape = Shape::new("the secret key of Naver Cloud", "the-secret-key");
        let secret_key = reader.secret("SENS_SECRET_KEY", &shape);
        let sender = text("SENS_SENDER", "0212345678", reader);
        let digits = |sender: &String| sender.bytes().all(|byte| byte.is_ascii_digit());
        if !sender.as_ref().is_none_or(digits) {
            reader.fail(
                "SENS_SENDER",
                "expected digits only, for example SENS_SENDER=0212345678",
            );
        }
        let path = |id: &String| {
            id.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b":-_.".contains(&b))
        };
        if !service_id.as_ref().is_none_or(path) {
            reader.fail(
                "SENS_SERVICE_ID",
                "expected letters, digits and colons, for example \
                 SENS_SERVICE_ID=ncp:sms:kr:123456789012:pillnuts",
            );
        }
        let given = [
            service_id.is_some(),
            access_key.is_some(),
            secret_key.is_some(),
            sender.is_some(),
        ];
        if given.contains(&true) && given.contains(&false) {
            reader.fail(
                "SENS_SERVICE_ID",
                "SENS_SERVICE_ID, SENS_ACCESS_KEY, SENS_SECRET_KEY and SENS_SENDER are given together or not at all",
            );
        }
        Some(Self {
            base_url: base_url.or_else(|| Url::parse(BASE).ok())?,
            service_id: service_id?,
            access_key: access_key?,
            secret_key: secret_key?,
            sender: sender?,
        })
    }
}
