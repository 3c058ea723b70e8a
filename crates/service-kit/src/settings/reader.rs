//! Typed access to the values, collecting every failure.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::failure::{Failure, SettingsError, Shape, shown};
use super::source::{Source, read_value};
use super::spelling;

/// Most entries of a list setting.
const MAX_LIST: usize = 100;

/// Reads settings one by one. A getter that fails notes why and returns its default, so that
/// [`Reader::finish`] can show all failures together.
#[derive(Debug)]
pub struct Reader {
    source: Source,
    failures: Vec<Failure>,
    known: BTreeSet<String>,
}

/// Settings that passed every check, with what deserves a warning once logging runs.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The settings.
    pub settings: T,
    /// Sentences about variables that look like a misspelt setting.
    pub warnings: Vec<String>,
}

impl<T> Loaded<T> {
    /// Logs the warnings and gives the settings.
    pub fn log_warnings(self) -> T {
        for warning in &self.warnings {
            tracing::warn!(target: "settings", "{warning}");
        }
        self.settings
    }
}

impl Reader {
    /// Begins to read.
    #[must_use]
    pub fn new(mut source: Source) -> Self {
        let failures = source.take_failures();
        Self {
            source,
            failures,
            known: BTreeSet::new(),
        }
    }

    /// Ends the reading: the settings, or everything that is wrong with them.
    ///
    /// # Errors
    /// When any getter failed.
    pub fn finish<T>(self, settings: T) -> Result<Loaded<T>, SettingsError> {
        if !self.failures.is_empty() {
            return Err(SettingsError::new(self.failures));
        }
        let warnings = spelling::warnings(&self.source.names(), &self.known);
        Ok(Loaded { settings, warnings })
    }

    /// Like [`Reader::finish`], for settings with required parts (`None` where one was missing).
    ///
    /// # Errors
    /// When any getter failed or `settings` is `None`.
    pub fn finish_required<T>(self, settings: Option<T>) -> Result<Loaded<T>, SettingsError> {
        match settings {
            Some(settings) => self.finish(settings),
            None if self.failures.is_empty() => Err(SettingsError::single(
                "settings",
                "a required setting is missing",
            )),
            None => Err(SettingsError::new(self.failures)),
        }
    }

    /// Notes a failure that shows only when several settings are seen together.
    pub fn fail(&mut self, name: &str, text: impl Into<String>) {
        self.failures.push(Failure::custom(name, text));
    }

    /// Whether a setting is given, as `NAME` or `NAME_FILE`.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.source.get(name).is_some() || self.source.get(&file_name(name)).is_some()
    }

    /// Text without surrounding white space.
    pub fn string(&mut self, name: &str, default: &str) -> String {
        self.optional_string(name, &Shape::new("a text", default))
            .unwrap_or_else(|| default.to_owned())
    }

    /// Text without surrounding white space, where it is set.
    pub fn optional_string(&mut self, name: &str, shape: &Shape) -> Option<String> {
        self.raw(name, shape)
            .map(|value| value.expose_secret().trim().to_owned())
    }

    /// A value of any type that parses itself; its error becomes part of the failure.
    pub fn parsed<T: FromStr>(&mut self, name: &str, default: T, shape: &Shape) -> T
    where
        T::Err: Display,
    {
        self.optional_parsed(name, shape).unwrap_or(default)
    }

    /// Like [`Reader::parsed`], without a default.
    pub fn optional_parsed<T: FromStr>(&mut self, name: &str, shape: &Shape) -> Option<T>
    where
        T::Err: Display,
    {
        let text = self.optional_string(name, shape)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let found = format!("{} ({error})", shown(&text));
                self.wrong(name, shape, &found);
                None
            }
        }
    }

    /// Like [`Reader::parsed`]; `None` only when it is missing or wrong, which is a failure.
    pub fn required_parsed<T: FromStr>(&mut self, name: &str, shape: &Shape) -> Option<T>
    where
        T::Err: Display,
    {
        let set = self.is_set(name);
        let value = self.optional_parsed(name, shape);
        if !set {
            self.failures.push(Failure::missing(name, shape));
        }
        value
    }

    /// A whole number within limits.
    pub fn integer<T>(&mut self, name: &str, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let shape = Shape::new(expected, default);
        let Some(text) = self.optional_string(name, &shape) else {
            return default;
        };
        match text.parse() {
            Ok(value) if range.contains(&value) => value,
            Ok(_) | Err(_) => self.wrong_or(name, &shape, &shown(&text), default),
        }
    }

    /// A TCP port; 0 asks the system for a free one.
    pub fn port(&mut self, name: &str, default: u16) -> u16 {
        let shape = Shape::new("a port number from 0 to 65535", default);
        let Some(text) = self.optional_string(name, &shape) else {
            return default;
        };
        match text.parse() {
            Ok(port) => port,
            Err(_) => self.wrong_or(name, &shape, &shown(&text), default),
        }
    }

    /// An IP address to listen on.
    pub fn host(&mut self, name: &str, default: IpAddr) -> IpAddr {
        let shape = Shape::new("an IP address (0.0.0.0 or :: for all)", default);
        self.parsed(name, default, &shape)
    }

    /// A time in whole seconds within limits.
    pub fn seconds(&mut self, name: &str, default: u64, range: RangeInclusive<u64>) -> Duration {
        let expected = format!("whole seconds from {} to {}", range.start(), range.end());
        let shape = Shape::new(expected, default);
        let seconds =
            self.optional_string(name, &shape)
                .map_or(default, |text| match text.parse() {
                    Ok(value) if range.contains(&value) => value,
                    Ok(_) | Err(_) => self.wrong_or(name, &shape, &shown(&text), default),
                });
        Duration::from_secs(seconds)
    }

    /// A switch.
    pub fn bool(&mut self, name: &str, default: bool) -> bool {
        let shape = Shape::new("true or false", default);
        let Some(text) = self.optional_string(name, &shape) else {
            return default;
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" => false,
            _ => self.wrong_or(name, &shape, &shown(&text), default),
        }
    }

    /// An `http` or `https` address without user name and password, where it is set.
    pub fn optional_url(&mut self, name: &str, example: &str) -> Option<Url> {
        let shape = Shape::new(
            "an http or https address without user name and password",
            example,
        );
        let text = self.optional_string(name, &shape)?;
        let has_user = text.contains('@');
        let url = Url::parse(&text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        });
        if url.is_none() {
            // What stands before an @ may be a password.
            let found = if has_user {
                "found another value".to_owned()
            } else {
                shown(&text)
            };
            self.wrong(name, &shape, &found);
        }
        url
    }

    /// Entries separated by commas, at most 100; empty ones are skipped. Nothing is returned if
    /// any entry is wrong.
    pub fn list<T: FromStr>(&mut self, name: &str, shape: &Shape) -> Vec<T>
    where
        T::Err: Display,
    {
        let Some(text) = self.optional_string(name, shape) else {
            return Vec::new();
        };
        let entries: Vec<&str> = text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .collect();
        if entries.len() > MAX_LIST {
            let found = format!(
                "found {} entries, at most {MAX_LIST} are taken",
                entries.len()
            );
            self.wrong(name, shape, &found);
            return Vec::new();
        }
        let mut values = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry.parse() {
                Ok(value) => values.push(value),
                Err(error) => {
                    let found = format!("{} ({error})", shown(entry));
                    self.wrong(name, shape, &found);
                    return Vec::new();
                }
            }
        }
        values
    }

    /// A path; relative ones start at the working directory.
    pub fn path(&mut self, name: &str, default: &Path) -> PathBuf {
        let shape = Shape::new("a path", default.display());
        self.optional_string(name, &shape)
            .map_or_else(|| default.to_owned(), PathBuf::from)
    }

    /// A secret, exactly as it was given, where it is set.
    pub fn secret(&mut self, name: &str, shape: &Shape) -> Option<SecretString> {
        self.raw(name, shape)
    }

    /// A secret that must be given; `None` only when it is missing, which is a failure.
    pub fn required_secret(&mut self, name: &str, shape: &Shape) -> Option<SecretString> {
        let set = self.is_set(name);
        let value = self.raw(name, shape);
        if !set {
            self.failures.push(Failure::missing(name, shape));
        }
        value
    }

    /// A secret with a form of its own (an address with a password …). Neither the value nor
    /// the parser's error, which may quote it, becomes part of a failure.
    pub fn secret_parsed<T: FromStr>(&mut self, name: &str, shape: &Shape) -> Option<T> {
        let value = self.raw(name, shape)?;
        let parsed = value.expose_secret().trim().parse().ok();
        if parsed.is_none() {
            self.wrong(
                name,
                shape,
                "found another value (not shown, it is a secret)",
            );
        }
        parsed
    }

    /// The value from `NAME` or from the file that `NAME_FILE` names.
    fn raw(&mut self, name: &str, shape: &Shape) -> Option<SecretString> {
        let file_variable = file_name(name);
        self.known.insert(name.to_owned());
        self.known.insert(file_variable.clone());
        let direct = self.source.get(name).map(Result::<&_, _>::cloned);
        let file = self.source.get(&file_variable).map(Result::<&_, _>::cloned);
        let (variable, value) = match (direct, file) {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                let text = format!("{file_variable} is set as well: set only one of the two");
                self.wrong(name, shape, &text);
                return None;
            }
            (Some(value), None) => (name, value),
            (None, Some(path)) => (file_variable.as_str(), path),
        };
        let Ok(value) = value else {
            self.wrong(variable, shape, "the value isn't UTF-8 text");
            return None;
        };
        if variable == name {
            return Some(value);
        }
        self.value_of_file(&file_variable, value.expose_secret().trim(), shape)
    }

    fn value_of_file(&mut self, variable: &str, path: &str, shape: &Shape) -> Option<SecretString> {
        let what = match read_value(Path::new(path)) {
            Ok(value) if value.expose_secret().trim().is_empty() => "the file is empty".to_owned(),
            Ok(value) => return Some(value),
            Err(error) => error.to_string(),
        };
        let expected = format!("the path of a file that holds {}", shape.expected);
        let shape = Shape::new(expected, "/run/secrets/value");
        self.wrong(variable, &shape, &format!("{}: {what}", shown(path)));
        None
    }

    fn wrong(&mut self, name: &str, shape: &Shape, found: &str) {
        self.failures.push(Failure::wrong(name, shape, found));
    }

    fn wrong_or<T>(&mut self, name: &str, shape: &Shape, found: &str, default: T) -> T {
        self.wrong(name, shape, found);
        default
    }
}

fn file_name(name: &str) -> String {
    format!("{name}_FILE")
}
