//! Access to the values, collecting every failure.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::failure::{Failure, SettingsError, Shape, shown};
use super::source::{Source, read_value};
use super::spelling;

/// Reads settings one by one. A getter that fails notes why and returns its default, so that
/// [`Reader::finish`] can show all failures together.
#[derive(Debug)]
pub struct Reader {
    source: Source,
    pub(super) failures: Vec<Failure>,
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

    /// The value from `NAME` or from the file that `NAME_FILE` names.
    pub(super) fn raw(&mut self, name: &str, shape: &Shape) -> Option<SecretString> {
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

    pub(super) fn wrong(&mut self, name: &str, shape: &Shape, found: &str) {
        self.failures.push(Failure::wrong(name, shape, found));
    }

    pub(super) fn wrong_or<T>(&mut self, name: &str, shape: &Shape, found: &str, default: T) -> T {
        self.wrong(name, shape, found);
        default
    }
}

fn file_name(name: &str) -> String {
    format!("{name}_FILE")
}
