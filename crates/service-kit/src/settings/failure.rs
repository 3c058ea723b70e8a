//! What is wrong with the settings, in words that say how to put it right.

use std::fmt;

/// Longest piece of a wrong value that is shown, in characters.
const MAX_SHOWN: usize = 80;

/// How a value must look, and one that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// What is expected, to stand after "expected", such as `a port number from 1 to 65535`.
    pub expected: String,
    /// A value that would be taken.
    pub example: String,
}

impl Shape {
    /// Describes a value.
    pub fn new(expected: impl Into<String>, example: impl fmt::Display) -> Self {
        Self {
            expected: expected.into(),
            example: example.to_string(),
        }
    }
}

/// One setting that can't be used. Its text names the variable, the shape and an example; the
/// value of a secret is never part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Name of the variable.
    pub name: String,
    text: String,
}

impl Failure {
    /// A failure in the caller's own words, for checks across several settings.
    pub(super) fn custom(name: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
        }
    }

    pub(super) fn missing(name: &str, shape: &Shape) -> Self {
        Self::custom(
            name,
            format!(
                "is required: expected {}, for example {name}={}",
                shape.expected, shape.example
            ),
        )
    }

    pub(super) fn wrong(name: &str, shape: &Shape, found: &str) -> Self {
        Self::custom(
            name,
            format!(
                "expected {}, for example {name}={}; {found}",
                shape.expected, shape.example
            ),
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.text)
    }
}

/// A wrong value as it is shown: on one line, without control characters, cut when long. Not at
/// all where it looks like an address with a user: what stands before an `@` may be a password,
/// also in a setting that is no place for one.
pub(super) fn shown(value: &str) -> String {
    if value.contains('@') {
        return "found another value (not shown, it may hold a password)".to_owned();
    }
    let mut text: String = value
        .chars()
        .take(MAX_SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if value.chars().nth(MAX_SHOWN).is_some() {
        text.push('…');
    }
    format!("found \"{text}\"")
}

/// A wrong value with the words of the parser that refused it, which may quote the value.
pub(super) fn refused(value: &str, error: &dyn fmt::Display) -> String {
    let found = shown(value);
    if value.contains('@') {
        found
    } else {
        format!("{found} ({error})")
    }
}

/// Everything that is wrong with the settings, so that one start shows all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    failures: Vec<Failure>,
}

impl SettingsError {
    /// A setting that several concerns read fails for each of them, and is told once.
    pub(super) fn new(all: Vec<Failure>) -> Self {
        let mut failures: Vec<Failure> = Vec::with_capacity(all.len());
        for failure in all {
            if !failures.contains(&failure) {
                failures.push(failure);
            }
        }
        Self { failures }
    }

    /// The single failures, in the order in which the settings were read.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// An error about one setting, for what shows only when it is used (a folder that can't be
    /// written, a port that is taken).
    pub fn single(name: &str, text: impl Into<String>) -> Self {
        Self::new(vec![Failure::custom(name, text)])
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.failures.len();
        let noun = if count == 1 { "setting" } else { "settings" };
        write!(f, "{count} {noun} can't be used:")?;
        for failure in &self.failures {
            write!(f, "\n  {failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}
