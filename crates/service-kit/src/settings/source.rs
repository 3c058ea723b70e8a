//! Where the values come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::failure::Failure;

/// Largest `.env` file, in bytes.
const MAX_ENV_FILE: u64 = 256 * 1024;

/// Largest file behind a `NAME_FILE` setting, in bytes.
const MAX_VALUE_FILE: u64 = 64 * 1024;

/// Names and values, taken once. The process environment itself is never changed.
pub struct Source {
    // All values are kept as secrets: any of them may be one.
    variables: BTreeMap<String, Result<SecretString, NotText>>,
    failures: Vec<Failure>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct NotText;

impl Source {
    /// The process environment over the values of a `.env` file (which need not exist).
    #[must_use]
    pub fn from_process(env_file: &Path) -> Self {
        let mut source = Self::from_env_file(env_file);
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            source.variables.insert(name, text(value));
        }
        source
    }

    /// The values of a `.env` file alone. What can't be read becomes a failure of
    /// [`super::Reader::finish`].
    #[must_use]
    pub fn from_env_file(path: &Path) -> Self {
        let mut source = Self {
            variables: BTreeMap::new(),
            failures: Vec::new(),
        };
        match read_limited(path, MAX_ENV_FILE) {
            Ok(content) => source.add_env_file(path, &content),
            Err(FileError::Io(ErrorKind::NotFound)) => {}
            Err(error) => source.failures.push(Failure::custom(
                &path.display().to_string(),
                format!(
                    "expected lines of the form NAME=value, for example LOG_LEVEL=info; {error}"
                ),
            )),
        }
        source
    }

    /// Values given by a test or by another program.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), Ok(SecretString::from(value.into()))))
            .collect();
        Self {
            variables,
            failures: Vec::new(),
        }
    }

    fn add_env_file(&mut self, path: &Path, content: &SecretString) {
        let content = content.expose_secret();
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        let mut previous = "the beginning".to_owned();
        for item in dotenvy::from_read_iter(content.as_bytes()) {
            // The library's error quotes the line, which may hold a secret.
            let Ok((name, value)) = item else {
                self.failures.push(Failure::custom(
                    &path.display().to_string(),
                    format!(
                        "expected lines of the form NAME=value, for example LOG_LEVEL=info \
                         (quote values with spaces); a line after {previous} is different"
                    ),
                ));
                return;
            };
            if self
                .variables
                .insert(name.clone(), Ok(SecretString::from(value)))
                .is_some()
            {
                let text = format!("is set more than once in {}: keep one line", path.display());
                self.failures.push(Failure::custom(&name, text));
            }
            previous = name;
        }
    }

    /// The names of all variables.
    pub(super) fn names(&self) -> Vec<&str> {
        self.variables.keys().map(String::as_str).collect()
    }

    pub(super) fn take_failures(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.failures)
    }

    /// The value of a variable that is set to something.
    pub(super) fn get(&self, name: &str) -> Option<Result<&SecretString, NotText>> {
        let value = self.variables.get(name)?;
        match value {
            Ok(text) if text.expose_secret().trim().is_empty() => None,
            Ok(text) => Some(Ok(text)),
            Err(error) => Some(Err(*error)),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("variables", &self.variables.len())
            .finish_non_exhaustive()
    }
}

fn text(value: OsString) -> Result<SecretString, NotText> {
    value
        .into_string()
        .map(SecretString::from)
        .map_err(|_| NotText)
}

/// Why a file gives no value; shows neither its content nor more than the kind of the cause.
#[derive(Debug)]
pub(super) enum FileError {
    Io(ErrorKind),
    TooLarge(u64),
    NotText,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(kind) => write!(f, "the file can't be read ({kind})"),
            Self::TooLarge(limit) => write!(f, "the file has more than {limit} bytes"),
            Self::NotText => write!(f, "the file isn't UTF-8 text"),
        }
    }
}

/// The content of a file behind `NAME_FILE`, without the line end that editors add.
pub(super) fn read_value(path: &Path) -> Result<SecretString, FileError> {
    let content = read_limited(path, MAX_VALUE_FILE)?;
    let text = content.expose_secret();
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(SecretString::from(text.strip_suffix('\r').unwrap_or(text)))
}

fn read_limited(path: &Path, limit: u64) -> Result<SecretString, FileError> {
    let io = |error: std::io::Error| FileError::Io(error.kind());
    let file = File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    // The limit holds for devices and pipes as well, whose length is unknown.
    let read = file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > limit {
        return Err(FileError::TooLarge(limit));
    }
    String::from_utf8(bytes)
        .map(SecretString::from)
        .map_err(|_| FileError::NotText)
}
