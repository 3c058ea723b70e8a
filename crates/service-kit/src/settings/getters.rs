//! Typed access to the values.

use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::failure::{Failure, Shape, refused, shown};
use super::reader::Reader;

/// Most entries of a list setting.
const MAX_LIST: usize = 100;

impl Reader {
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
                let found = refused(&text, &error);
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
        self.within(name, default, &range, &Shape::new(expected, default))
    }

    /// A TCP port; 0 asks the system for a free one.
    pub fn port(&mut self, name: &str, default: u16) -> u16 {
        let shape = Shape::new("a port number from 0 to 65535", default);
        self.within(name, default, &(0..=u16::MAX), &shape)
    }

    /// A time in whole seconds within limits.
    pub fn seconds(&mut self, name: &str, default: u64, range: RangeInclusive<u64>) -> Duration {
        let expected = format!("whole seconds from {} to {}", range.start(), range.end());
        let shape = Shape::new(expected, default);
        Duration::from_secs(self.within(name, default, &range, &shape))
    }

    fn within<T>(&mut self, name: &str, default: T, range: &RangeInclusive<T>, shape: &Shape) -> T
    where
        T: FromStr + PartialOrd,
    {
        let Some(text) = self.optional_string(name, shape) else {
            return default;
        };
        match text.parse() {
            Ok(value) if range.contains(&value) => value,
            Ok(_) | Err(_) => self.wrong_or(name, shape, &shown(&text), default),
        }
    }

    /// An IP address to listen on.
    pub fn host(&mut self, name: &str, default: IpAddr) -> IpAddr {
        let shape = Shape::new("an IP address (0.0.0.0 or :: for all)", default);
        self.parsed(name, default, &shape)
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
        let url = Url::parse(&text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        });
        if url.is_none() {
            self.wrong(name, &shape, &shown(&text));
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
                    let found = refused(entry, &error);
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
}
