//! Both back ends have the same migrations, and each goes up and down.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use crate::say::say;

const BACK_ENDS: [&str; 2] = ["mysql", "sqlite"];

/// Checks the `mysql` and `sqlite` folders in this one.
pub(super) fn check(folder: &Path) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    let [mysql, sqlite] = BACK_ENDS.map(|back_end| names(&folder.join(back_end)));
    let (mysql, sqlite) = (mysql?, sqlite?);
    for name in mysql.symmetric_difference(&sqlite) {
        let missing = if mysql.contains(name) {
            "sqlite"
        } else {
            "mysql"
        };
        problems.push(format!(
            "migrations/{missing}/{name} is missing: both back ends have the same migrations"
        ));
    }
    for (back_end, names) in BACK_ENDS.iter().zip([&mysql, &sqlite]) {
        for (name, file) in names
            .iter()
            .flat_map(|name| [(name, "up.sql"), (name, "down.sql")])
        {
            let text =
                fs::read_to_string(folder.join(back_end).join(name).join(file)).unwrap_or_default();
            if text.trim().is_empty() {
                problems.push(format!(
                    "migrations/{back_end}/{name}/{file} is missing or empty"
                ));
            }
        }
    }
    for problem in &problems {
        say(problem);
    }
    if mysql.is_empty() {
        bail!("there are no migrations in {}", folder.display());
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    Ok(())
}

fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrations(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for back_end in BACK_ENDS {
            fs::create_dir(folder.path().join(back_end)).unwrap();
        }
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "SELECT 1;").unwrap();
        }
        folder
    }

    const WHOLE: [&str; 4] = [
        "mysql/1/up.sql",
        "mysql/1/down.sql",
        "sqlite/1/up.sql",
        "sqlite/1/down.sql",
    ];

    #[test]
    fn a_whole_set_passes() {
        check(migrations(&WHOLE).path()).unwrap();
    }

    #[test]
    fn each_missing_file_is_a_problem() {
        for left_out in WHOLE {
            let files: Vec<&str> = WHOLE.into_iter().filter(|file| *file != left_out).collect();
            assert!(check(migrations(&files).path()).is_err(), "{left_out}");
        }
    }

    #[test]
    fn a_migration_of_one_back_end_only_is_a_problem() {
        let folder = migrations(&WHOLE);
        fs::remove_dir_all(folder.path().join("sqlite/1")).unwrap();
        assert!(check(folder.path()).is_err());
    }

    #[test]
    fn none_at_all_is_a_problem() {
        assert!(check(migrations(&[]).path()).is_err());
    }
}
