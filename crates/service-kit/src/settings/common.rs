//! Settings that both servers share.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::{Reader, Shape};

/// Where the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppEnv {
    /// A developer's machine: every default works out of the box.
    #[default]
    Development,
    /// Real users: what could lose or leak data must be asked for by name.
    Production,
}

impl AppEnv {
    /// Reads `APP_ENV`.
    pub fn read(reader: &mut Reader) -> Self {
        let shape = Shape::new("development or production", "development");
        reader.parsed("APP_ENV", Self::Development, &shape)
    }

    /// Whether real users are served.
    #[must_use]
    pub fn is_production(self) -> bool {
        self == Self::Production
    }
}

impl FromStr for AppEnv {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "development" => Ok(Self::Development),
            "production" => Ok(Self::Production),
            _ => Err("neither of the two"),
        }
    }
}

/// Reads `DATA_DIR`: the folder for everything that a server keeps on this machine.
pub fn data_dir(reader: &mut Reader) -> PathBuf {
    reader.path("DATA_DIR", Path::new("data"))
}

/// Form of the lines on standard output. Files are always JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For a person at a terminal.
    #[default]
    Pretty,
    /// One JSON object a line, for a log collector.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err("neither of the two"),
        }
    }
}

/// What is logged, how and where.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Form of the lines on standard output.
    pub format: LogFormat,
    /// What is logged, in the syntax of `tracing_subscriber::EnvFilter`; checked when read.
    pub filter: String,
    /// Folder of the rotating files.
    pub dir: PathBuf,
    /// Beginnings of targets that are never logged, whatever the filter says: libraries whose
    /// events hold what belongs to users alone. A constant of the program.
    pub silenced: &'static [&'static str],
}

impl LogSettings {
    /// Reads `LOG_FORMAT`, `LOG_LEVEL` and `LOG_DIR` (by default `logs` in the data folder).
    pub fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let shape = Shape::new("pretty or json", "pretty");
        let format = reader.parsed("LOG_FORMAT", LogFormat::Pretty, &shape);
        let shape = Shape::new("a level or a filter such as info,web_api=debug", "info");
        let filter = reader
            .parsed("LOG_LEVEL", Filter("info".to_owned()), &shape)
            .0;
        let dir = reader.path("LOG_DIR", &data_dir.join("logs"));
        Self {
            format,
            filter,
            dir,
            silenced: &[],
        }
    }
}

/// A filter that is known to parse. Kept as text because `EnvFilter` can't be cloned.
struct Filter(String);

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `EnvFilter` takes any single word for the name of a target, so that `LOG_LEVEL=inof`
        // would silently log nothing.
        let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_word
            && text
                .parse::<tracing_subscriber::filter::LevelFilter>()
                .is_err()
        {
            return Err("the levels are off, error, warn, info, debug and trace".to_owned());
        }
        EnvFilter::try_new(text)
            .map(|_| Self(text.to_owned()))
            .map_err(|error| error.to_string())
    }
}

/// Where the operations endpoints listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpsSettings {
    /// Address and port; port 0 asks the system for a free one.
    pub address: SocketAddr,
}

impl OpsSettings {
    /// Reads the port from the variable `name`; the address is the server's own.
    pub fn read(reader: &mut Reader, name: &str, host: IpAddr, default_port: u16) -> Self {
        Self {
            address: SocketAddr::new(host, reader.port(name, default_port)),
        }
    }
}

/// How long a stop may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShutdownSettings {
    /// How long the server goes on as before after it said that it isn't ready, so that load
    /// balancers can look elsewhere first.
    pub grace: Duration,
    /// The process ends at the latest this long after the signal.
    pub deadline: Duration,
}

impl ShutdownSettings {
    /// Reads `SHUTDOWN_GRACE_SECONDS` (0) and `SHUTDOWN_DEADLINE_SECONDS` (25).
    pub fn read(reader: &mut Reader) -> Self {
        let grace = reader.seconds("SHUTDOWN_GRACE_SECONDS", 0, 0..=300);
        let deadline = reader.seconds("SHUTDOWN_DEADLINE_SECONDS", 25, 1..=600);
        if grace >= deadline {
            reader.fail(
                "SHUTDOWN_GRACE_SECONDS",
                "must be less than SHUTDOWN_DEADLINE_SECONDS, for example 5 and 25",
            );
        }
        Self { grace, deadline }
    }
}
