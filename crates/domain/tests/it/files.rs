//! Where the captures are; tests that need them skip where they are not.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A captured file, or nothing with the reason printed.
pub(crate) fn read(path: &str) -> Option<String> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/mfds"));
    if !root.is_dir() {
        eprintln!("skipped: no captures at {}", root.display());
        return None;
    }
    Some(std::fs::read_to_string(root.join(path)).unwrap())
}

/// The records of a file of one record a line.
pub(crate) fn lines<T: DeserializeOwned>(path: &str) -> Option<Vec<T>> {
    let text = read(path)?;
    Some(
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// The items of an answer.
pub(crate) fn items<T: DeserializeOwned>(path: &str) -> Option<Vec<T>> {
    let answer: Value = serde_json::from_str(&read(path)?).unwrap();
    let items = answer["body"]["items"].as_array().unwrap();
    Some(
        items
            .iter()
            .map(|item| {
                let item = item.get("item").unwrap_or(item);
                serde_json::from_value(item.clone()).unwrap()
            })
            .collect(),
    )
}
