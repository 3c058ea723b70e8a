//! A run's figures as a page for people, with the goals beside them.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::say::say;

/// One figure, and whether it is what we want.
pub(super) struct Row {
    what: String,
    measured: String,
    /// The goal and whether it is met.
    goal: Option<(String, bool)>,
}

impl Row {
    /// A figure that is only for the reader.
    pub(super) fn plain(what: impl Into<String>, measured: String) -> Self {
        Self {
            what: what.into(),
            measured,
            goal: None,
        }
    }

    /// A figure with a goal.
    pub(super) fn goal(what: impl Into<String>, measured: String, goal: String, met: bool) -> Self {
        Self {
            what: what.into(),
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

/// Megabytes, of which a started one counts.
pub(super) fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

/// A table in Markdown.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let rule = vec!["---"; head.len()].join("|");
    let rows: String = rows
        .iter()
        .map(|row| format!("| {} |\n", row.join(" | ")))
        .collect();
    format!("| {} |\n|{rule}|\n{rows}", head.join(" | "))
}

/// Writes the page below `target/bench`, with `more` at its end, prints it, and tells whether every goal is met.
pub(super) fn publish(
    title: &str,
    facts: &[(&str, String)],
    rows: &[Row],
    more: &str,
    target: &Path,
) -> anyhow::Result<bool> {
    let page = page(title, facts, rows) + more;
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
        assert!(
            !publish(
                "sync",
                &facts,
                &[row(true), row(false)],
                "\nMore\n",
                folder.path()
            )
            .unwrap()
        );
        let page = std::fs::read_to_string(folder.path().join("bench/sync.md")).unwrap();
        assert!(
            page.contains("- commit: abc")
                && page.contains("| time | 61 s | 60 s | **no** |")
                && page.ends_with("|\n\nMore\n"),
            "{page}"
        );
        assert!(publish("sync", &facts, &[row(true)], "", folder.path()).unwrap());
    }

    #[test]
    fn a_table_has_a_rule_under_its_head() {
        let table = table(&["a", "b"], &[vec!["1".to_owned(), "2".to_owned()]]);
        assert_eq!(table, "| a | b |\n|---|---|\n| 1 | 2 |\n");
        assert_eq!((megabytes(1), megabytes(2_000_000)), (1, 2));
    }
}
