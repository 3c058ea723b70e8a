//! Settings of this server, a struct a concern.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use mongodb::options::ConnectionString;
use secrecy::{ExposeSecret, SecretString};
use service_kit::forwarded::Proxies;
use service_kit::settings::{
    AppEnv, Loaded, LogSettings, OpsSettings, Reader, SettingsError, Shape, ShutdownSettings,
    Source, data_dir,
};

use crate::bot::BotSettings;
use crate::desk::DeskSettings;
use crate::gateway::{AllowedOrigins, ChatSettings, Origin};
use crate::notify::SlackSettings;
use crate::staff::StaffSettings;
use crate::store::model::Rules;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the server runs.
    pub env: AppEnv,
    /// Logs.
    pub log: LogSettings,
    /// Graceful stop.
    pub shutdown: ShutdownSettings,
    /// Where clients connect.
    pub address: SocketAddr,
    /// Where operators and load balancers look.
    pub ops: OpsSettings,
    /// Web pages that may connect.
    pub origins: AllowedOrigins,
    /// Where conversations are kept.
    pub store: StoreSettings,
    /// Who is believed, and how much is allowed.
    pub chat: ChatSettings,
    /// Accounts of counsellors that this server keeps itself.
    pub staff: StaffSettings,
    /// Load balancers that are believed.
    pub proxies: Proxies,
    /// Where counsellors are told that somebody waits.
    pub slack: Option<SlackSettings>,
    /// How long things are kept.
    pub rules: Rules,
    /// The bot.
    pub bot: BotSettings,
    /// Opening hours and timers.
    pub desk: DeskSettings,
}

/// Where conversations are kept.
#[derive(Debug, Clone)]
pub enum StoreSettings {
    /// A file on this machine.
    Sqlite(SqliteFile),
    /// A MongoDB cluster.
    Mongo(MongoUri),
}

impl Settings {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// When any of them can't be used; all are named.
    pub fn load(source: Source) -> Result<Loaded<Self>, SettingsError> {
        let mut reader = Reader::new(source);
        let env = AppEnv::read(&mut reader);
        let data_dir = data_dir(&mut reader);
        let host = reader.host("CHAT_HOST", IpAddr::V4(Ipv4Addr::LOCALHOST));
        let settings = Self {
            env,
            log: without_session_ids(LogSettings::read(&mut reader, &data_dir)),
            shutdown: ShutdownSettings::read(&mut reader),
            address: SocketAddr::new(host, reader.port("CHAT_PORT", 8081)),
            ops: OpsSettings::read(&mut reader, "CHAT_OPS_PORT", host, 8181),
            origins: origins(&mut reader, env),
            store: StoreSettings::read(&mut reader, env, &data_dir),
            chat: ChatSettings::read(&mut reader, &data_dir),
            staff: StaffSettings::read(&mut reader, env, &data_dir),
            proxies: Proxies::read(&mut reader),
            slack: SlackSettings::read(&mut reader, env),
            rules: Rules::read(&mut reader),
            bot: BotSettings::read(&mut reader),
            desk: DeskSettings::read(&mut reader),
        };
        reader.finish(settings)
    }
}

/// Libraries that put session ids into their events and spans: whoever reads one in a log can
/// take over a polling session.
const WITH_SESSION_IDS: &[&str] = &["engineioxide", "socketioxide"];

fn without_session_ids(log: LogSettings) -> LogSettings {
    LogSettings {
        silenced: WITH_SESSION_IDS,
        ..log
    }
}

fn origins(reader: &mut Reader, env: AppEnv) -> AllowedOrigins {
    let shape = Shape::new(
        "origins of web pages (scheme, host and port) separated by commas",
        "https://pillnuts.example,https://www.pillnuts.example",
    );
    let listed: Vec<Origin> = reader.list("CHAT_ALLOWED_ORIGINS", &shape);
    AllowedOrigins::new(listed, !env.is_production())
}

impl StoreSettings {
    /// `MONGODB_URI` wins over `CHAT_DATABASE_URL`; a laptop needs neither.
    fn read(reader: &mut Reader, env: AppEnv, data_dir: &Path) -> Self {
        let shape = Shape::new(
            "a MongoDB address",
            "mongodb://user:password@host:27017/pillnuts",
        );
        let mongo = reader.secret_parsed::<MongoUri>("MONGODB_URI", &shape);
        let shape = Shape::new("sqlite:// and a path", "sqlite://data/chat.db");
        let default = SqliteFile(data_dir.join("chat.db"));
        let file = reader.optional_parsed("CHAT_DATABASE_URL", &shape);
        let named = reader.is_set("MONGODB_URI") || reader.is_set("CHAT_DATABASE_URL");
        if env.is_production() && !named {
            reader.fail(
                "CHAT_DATABASE_URL",
                "with APP_ENV=production the store must be named: set MONGODB_URI, for example \
                 mongodb://user:password@host:27017/pillnuts, or, for the embedded store, \
                 CHAT_DATABASE_URL=sqlite:///var/lib/pillnuts/chat.db",
            );
        }
        mongo.map_or_else(|| Self::Sqlite(file.unwrap_or(default)), Self::Mongo)
    }
}

/// The path of the embedded store's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteFile(PathBuf);

impl SqliteFile {
    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for SqliteFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text
            .strip_prefix("sqlite://")
            .ok_or("it doesn't begin with sqlite://")?;
        // Such names mean a database in memory or options to SQLite, not a file.
        if path.is_empty() || path.starts_with([':', '?']) || path.starts_with("file:") {
            return Err("no path of a file follows sqlite://");
        }
        Ok(Self(PathBuf::from(path)))
    }
}

/// A MongoDB address that is known to parse; it usually holds a password.
#[derive(Clone)]
pub struct MongoUri(SecretString);

impl MongoUri {
    /// The address, for the driver only.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for MongoUri {
    type Err = mongodb::error::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ConnectionString::parse(text).map(|_| Self(SecretString::from(text)))
    }
}

impl fmt::Debug for MongoUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MongoUri(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::load(Source::from_pairs(pairs.iter().copied())).map(|loaded| loaded.settings)
    }

    #[test]
    fn every_default_works_on_a_laptop() {
        let settings = load(&[]).expect("defaults");
        assert_eq!(
            settings.address,
            "127.0.0.1:8081".parse().expect("an address")
        );
        assert_eq!(settings.ops.address.port(), 8181);
        let StoreSettings::Sqlite(file) = settings.store else {
            panic!("not embedded")
        };
        assert_eq!(file.path(), Path::new("data/chat.db"));
    }

    #[test]
    fn mongodb_wins_and_is_never_printed() {
        let uri = "mongodb://user:hunter2@db.example:27017/chat";
        let settings = load(&[("MONGODB_URI", uri), ("CHAT_DATABASE_URL", "sqlite://x.db")]);
        let settings = settings.expect("both may be set");
        assert!(matches!(settings.store, StoreSettings::Mongo(_)));
        assert!(!format!("{settings:?}").contains("hunter2"));

        let error = load(&[("MONGODB_URI", "mongo://user:hunter2@db")]).expect_err("no scheme");
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("MONGODB_URI") && !text.contains("hunter2"),
            "{text}"
        );
    }

    #[test]
    fn production_needs_a_named_store() {
        let error = load(&[("APP_ENV", "production")]).expect_err("no store");
        assert!(error.to_string().contains("CHAT_DATABASE_URL"), "{error}");
        load(&[
            ("APP_ENV", "production"),
            ("CHAT_DATABASE_URL", "sqlite:///var/x.db"),
        ])
        .expect("named");
        load(&[
            ("APP_ENV", "production"),
            ("MONGODB_URI", "mongodb://db.example"),
        ])
        .expect("named");
    }

    #[test]
    fn the_webhook_is_encrypted_in_production_and_never_printed() {
        let webhook = "http://127.0.0.1:8090/services/T/B/hunter2";
        let settings = load(&[("SLACK_WEBHOOK_URL", webhook)]).expect("a stand-in");
        assert!(settings.slack.is_some() && !format!("{settings:?}").contains("hunter2"));
        let production = [
            ("APP_ENV", "production"),
            ("CHAT_DATABASE_URL", "sqlite:///var/x.db"),
            ("SLACK_WEBHOOK_URL", webhook),
        ];
        let plain = [("SLACK_WEBHOOK_URL", "http://hooks.slack.com/hunter2")];
        for refused in [load(&production), load(&plain)] {
            let error = refused.expect_err("not encrypted");
            let text = format!("{error} {error:?}");
            assert!(text.contains("SLACK_WEBHOOK_URL") && !text.contains("hunter2"));
        }
        assert!(load(&[]).expect("defaults").slack.is_none());
    }

    #[test]
    fn all_failures_are_shown_together() {
        let error = load(&[
            ("CHAT_PORT", "99999"),
            ("CHAT_HOST", "localhost"),
            ("CHAT_ALLOWED_ORIGINS", "pillnuts.example"),
            ("CHAT_DATABASE_URL", "mysql://x"),
        ])
        .expect_err("four failures");
        let names: Vec<_> = error
            .failures()
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "CHAT_HOST",
                "CHAT_PORT",
                "CHAT_ALLOWED_ORIGINS",
                "CHAT_DATABASE_URL"
            ]
        );
    }
}
