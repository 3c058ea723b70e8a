//! The settings that `.env.sample` shows, so that each server can prove that it reads its own.

use std::path::{Path, PathBuf};

/// What the headings of the sample begin with.
const HEADING: &str = "# ---- ";

/// One line of the sample that sets something, also where it is commented out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Heading that it stands under, such as `Both servers`.
    pub section: String,
    /// Name of the variable.
    pub name: String,
    /// The line without its comment sign.
    pub line: String,
}

/// Where the sample is.
#[must_use]
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.env.sample")
}

/// The settings under these headings, in order. Where the sample shows several values of one, the
/// first.
///
/// # Errors
/// When the sample can't be read.
pub fn settings(sections: &[&str]) -> std::io::Result<Vec<Setting>> {
    Ok(parse(&std::fs::read_to_string(path())?)
        .into_iter()
        .filter(|setting| sections.contains(&setting.section.as_str()))
        .collect())
}

fn parse(text: &str) -> Vec<Setting> {
    let mut section = String::new();
    let mut settings: Vec<Setting> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix(HEADING) {
            section = heading.trim_end_matches('-').trim().to_owned();
        }
        let line = line.strip_prefix("# ").unwrap_or(line);
        let Some(name) = line.split_once('=').map(|(name, _)| name) else {
            continue;
        };
        if is_name(name) && settings.iter().all(|known| known.name != name) {
            settings.push(Setting {
                section: section.clone(),
                name: name.to_owned(),
                line: line.to_owned(),
            });
        }
    }
    settings
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_under_their_headings() {
        let text =
            "# Note, a=b\n# ---- One ----\nA=1\n# A=2\n# ---- Two three ---\n# B_C=\"x y\"\n";
        let found: Vec<_> = parse(text)
            .into_iter()
            .map(|setting| (setting.section, setting.name, setting.line))
            .collect();
        let expected = [("One", "A", "A=1"), ("Two three", "B_C", "B_C=\"x y\"")];
        assert_eq!(
            found,
            expected.map(|(s, n, l)| (s.to_owned(), n.to_owned(), l.to_owned()))
        );
    }
}
