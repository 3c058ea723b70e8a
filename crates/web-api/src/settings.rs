//! Settings of the server, a struct a concern.

mod limits;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use actix_web::http::header::HeaderValue;
pub use limits::LimitSettings;
use service_kit::settings::{
    AppEnv, Loaded, LogSettings, OpsSettings, Reader, SettingsError, Shape, ShutdownSettings,
    Source, data_dir,
};
use url::Url;

use crate::accounts::AccountSettings;
use crate::db::DatabaseSettings;
pub use crate::http::security_headers::Hsts;
use crate::mfds::{MfdsSettings, SyncSettings};
use service_kit::forwarded::Proxies;

/// Where actix reports each connection that broke or spoke no HTTP, as an error. Scanners would
/// fill the error log with what nobody can mend.
const BROKEN_CONNECTIONS: &[&str] = &["actix_http::h1::dispatcher"];

/// Everything that `web-api` can be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it runs.
    pub env: AppEnv,
    /// Folder of what is kept on this machine.
    pub data_dir: PathBuf,
    /// Logs.
    pub log: LogSettings,
    /// The public address and what it takes.
    pub http: HttpSettings,
    /// How often somebody may ask.
    pub limits: LimitSettings,
    /// Members.
    pub accounts: AccountSettings,
    /// The operations endpoints.
    pub ops: OpsSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// The feed.
    pub mfds: MfdsSettings,
    /// When the feed is read, and what is refused.
    pub sync: SyncSettings,
    /// What is held in memory.
    pub catalogue: CatalogueSettings,
    /// How long a stop may take.
    pub shutdown: ShutdownSettings,
}

impl Settings {
    /// Reads the environment and `.env`.
    ///
    /// # Errors
    /// Everything that can't be used, each with the name of its variable.
    pub fn load() -> Result<Loaded<Self>, SettingsError> {
        Self::read(Source::from_process(Path::new(".env")))
    }

    /// Reads any source.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn read(source: Source) -> Result<Loaded<Self>, SettingsError> {
        let mut reader = Reader::new(source);
        let env = AppEnv::read(&mut reader);
        let data_dir = data_dir(&mut reader);
        let http = HttpSettings::read(&mut reader);
        let settings = Self {
            env,
            log: LogSettings {
                silenced: BROKEN_CONNECTIONS,
                ..LogSettings::read(&mut reader, &data_dir)
            },
            ops: OpsSettings::read(&mut reader, "WEB_OPS_PORT", http.address.ip(), 8180),
            limits: LimitSettings::read(&mut reader, env),
            accounts: AccountSettings::read(&mut reader, env),
            database: DatabaseSettings::read(&mut reader, env),
            mfds: MfdsSettings::read(&mut reader),
            sync: SyncSettings::read(&mut reader),
            catalogue: CatalogueSettings::read(&mut reader),
            shutdown: ShutdownSettings::read(&mut reader),
            http,
            data_dir,
        };
        reader.finish(settings)
    }
}

/// The public server.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where it listens (`WEB_HOST`, `WEB_PORT`).
    pub address: SocketAddr,
    /// Worker threads (`WEB_WORKERS`); as many as there are processors where it is absent.
    pub workers: Option<NonZeroUsize>,
    /// Largest request body in bytes (`HTTP_BODY_LIMIT_BYTES`).
    pub body_limit: u64,
    /// Origins whose pages may read answers (`CORS_ALLOWED_ORIGINS`).
    pub allowed_origins: Vec<Origin>,
    /// Proxies that are believed, and by which header (`TRUSTED_PROXIES`, `FORWARDED_HEADER`); none by default.
    pub proxies: Proxies,
    /// When browsers are told to come by TLS alone (`HSTS`).
    pub hsts: Hsts,
}

impl HttpSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader) -> Self {
        let host = reader.host("WEB_HOST", IpAddr::V4(Ipv4Addr::LOCALHOST));
        let port = reader.port("WEB_PORT", 8080);
        let workers = Shape::new("a number of threads from 1 to 1024", 4);
        let workers = reader.optional_parsed::<Workers>("WEB_WORKERS", &workers);
        let origin = Shape::new(
            "origins separated by commas, without a path",
            "https://pillnuts.example,http://localhost:3000",
        );
        let hsts = Shape::new("proxy, always or off", "proxy");
        Self {
            proxies: Proxies::read(reader),
            hsts: reader.parsed("HSTS", Named(Hsts::default()), &hsts).0,
            address: SocketAddr::new(host, port),
            workers: workers.map(|workers| workers.0),
            body_limit: reader.integer("HTTP_BODY_LIMIT_BYTES", 65_536, 1..=16 * 1_024 * 1_024),
            allowed_origins: reader.list("CORS_ALLOWED_ORIGINS", &origin),
        }
    }
}

/// A word of a setting.
struct Named<T>(T);

impl FromStr for Named<Hsts> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "proxy" => Ok(Self(Hsts::Proxy)),
            "always" => Ok(Self(Hsts::Always)),
            "off" => Ok(Self(Hsts::Off)),
            _ => Err("none of the three"),
        }
    }
}

struct Workers(NonZeroUsize);

impl FromStr for Workers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let workers: NonZeroUsize = text.parse().map_err(|_| "not such a number")?;
        if workers.get() > 1_024 {
            return Err("too many");
        }
        Ok(Self(workers))
    }
}

/// An origin as browsers send it: scheme, host and, unless it is the usual one, port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// The value of an `Origin` header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| "not an origin")?;
        let bare = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare {
            return Err("more or less than scheme, host and port");
        }
        let origin = url.origin().ascii_serialization();
        HeaderValue::from_str(&origin)
            .map(Self)
            .map_err(|_| "not an origin")
    }
}

/// What is held in memory.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueSettings {
    /// How often the database is looked at (`CATALOGUE_REFRESH_SECONDS`).
    pub refresh: Duration,
    /// Memory for long texts in bytes (`DOCUMENT_CACHE_MB`).
    pub document_cache_bytes: u64,
}

impl CatalogueSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader) -> Self {
        let megabytes: u64 = reader.integer("DOCUMENT_CACHE_MB", 8, 1..=16_384);
        Self {
            refresh: reader.seconds("CATALOGUE_REFRESH_SECONDS", 3, 1..=3_600),
            document_cache_bytes: megabytes * 1_024 * 1_024,
        }
    }
}
