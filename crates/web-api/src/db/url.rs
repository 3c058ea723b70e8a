//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::{ExposeSecret as _, SecretString};

/// Why a text is no database URL. It never holds the text itself: a password may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Neither `sqlite://` nor `mysql://`.
    #[error("it has to begin with sqlite:// or mysql://")]
    Scheme,
    /// `sqlite://` without a file.
    #[error("sqlite:// needs the path of a file after it")]
    Path,
    /// A MySQL URL that does not parse, or has no host or database.
    #[error("it has to look like mysql://user:password@host:3306/database")]
    Shape,
}

/// `sqlite://<path>` or `mysql://user:password@host:port/database[?require_ssl=true]`.
///
/// `Debug` and `Display` leave the user, the password and the options out.
#[derive(Clone)]
pub struct DatabaseUrl(Kind);

#[derive(Clone)]
pub(super) enum Kind {
    Sqlite(PathBuf),
    Mysql { whole: SecretString, shown: String },
}

impl DatabaseUrl {
    /// A file of the embedded database.
    #[must_use]
    pub fn sqlite(path: &Path) -> Self {
        Self(Kind::Sqlite(path.to_owned()))
    }

    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.0, Kind::Sqlite(_))
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.0
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return if path.is_empty() || path == ":memory:" {
                Err(DatabaseUrlError::Path)
            } else {
                Ok(Self(Kind::Sqlite(PathBuf::from(path))))
            };
        }
        if !text.starts_with("mysql://") {
            return Err(DatabaseUrlError::Scheme);
        }
        let options = mysql_async::Opts::from_url(text).map_err(|_| DatabaseUrlError::Shape)?;
        let database = options
            .db_name()
            .filter(|name| !name.is_empty())
            .ok_or(DatabaseUrlError::Shape)?;
        let shown = format!(
            "mysql://{}:{}/{database}",
            options.ip_or_hostname(),
            options.tcp_port()
        );
        Ok(Self(Kind::Mysql {
            whole: SecretString::from(text),
            shown,
        }))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Kind::Mysql { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The whole URL, for the driver alone.
pub(super) fn expose(whole: &SecretString) -> &str {
    whole.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, DatabaseUrlError};

    #[test]
    fn shows_no_secret() {
        let url: DatabaseUrl = "mysql://pill:nuts%21secret@db.example:3307/web?require_ssl=true"
            .parse()
            .unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "mysql://db.example:3307/web mysql://db.example:3307/web"
        );
        assert!(!url.is_embedded());
    }

    #[test]
    fn refuses_other_shapes() {
        for (text, error) in [
            ("", DatabaseUrlError::Scheme),
            ("postgres://host/db", DatabaseUrlError::Scheme),
            ("sqlite://", DatabaseUrlError::Path),
            ("sqlite://:memory:", DatabaseUrlError::Path),
            ("mysql://", DatabaseUrlError::Shape),
            ("mysql://user:hunter2@host:3306", DatabaseUrlError::Shape),
            ("mysql://user:hunter2@host:port/db", DatabaseUrlError::Shape),
        ] {
            let found = text.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(!format!("{found} {found:?}").contains("hunter2"));
        }
    }
}
