//! A run's figures as a page for people, with the goals beside them.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::say::say;

/// One figure, and whether it is what we want.
pub(super) struct Row {
    what: &'static str,
    measured: String,
    /// The goal and whether it is met.
    goal: Option<(String, bool)>,
}

impl Row {
    /// A figure that is only for the reader.
    pub(super) fn plain(what: &'static str, measured: String) -> Self {
        Self {
            what,
            measured,
            goal: None,
        }
    }

    /// A figure with a goal.
    pub(super) fn goal(what: &'static str, measured: String, goal: String, met: bool) -> Self {
        Self {
            what,
            measured,
            goal: Some((goal, met)),
        }
    }

    fn line(&self) -> String {
        let (goal, met) = match &self.goal {
            Some((goal, true)) => (goal.as_str(), "yes"),
            Some((goal, false)) => (goal.as_str(), "**no**"),
            None => ("", ""),
        };
        format!("| {} | {} | {goal} | {met} |\n", self.what, self.measured)
    }
}

/// Writes the page below `target/bench`, prints it, and tells whether every goal is met.
pub(super) fn publish(
    title: &str,
    facts: &[(&str, String)],
    rows: &[Row],
    target: &Path,
) -> anyhow::Result<bool> {
    let page = page(title, facts, rows);
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    let file: PathBuf = folder.join(format!("{title}.md"));
    std::fs::write(&file, &page).with_context(|| format!("can't write {}", file.display()))?;
    say(&page);
    say(&format!("Written to {}", file.display()));
    Ok(rows
        .iter()
        .all(|row| row.goal.as_ref().is_none_or(|(_, met)| *met)))
}

fn page(title: &str, facts: &[(&str, String)], rows: &[Row]) -> String {
    let facts: String = facts
        .iter()
        .map(|(name, value)| format!("- {name}: {value}\n"))
        .collect();
    let rows: String = rows.iter().map(Row::line).collect();
    format!(
        "# bench {title}\n\n{facts}\n| figure | measured | goal | met |\n|---|---|---|---|\n{rows}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_goal_is_marked_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let row = |met| Row::goal("time", "61 s".into(), "60 s".into(), met);
        let facts = [("commit", "abc".to_owned())];
        assert!(!publish("sync", &facts, &[row(true), row(false)], folder.path()).unwrap());
        let page = std::fs::read_to_string(folder.path().join("bench/sync.md")).unwrap();
        assert!(
            page.contains("- commit: abc") && page.contains("| time | 61 s | 60 s | **no** |"),
            "{page}"
        );
        assert!(publish("sync", &facts, &[row(true)], folder.path()).unwrap());
    }
}
