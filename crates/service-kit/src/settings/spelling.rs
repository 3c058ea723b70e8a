//! Finds variables that were meant as a setting but are spelt differently.

use std::collections::BTreeSet;

/// Shortest name that is looked at: short names resemble each other by chance.
const MIN_LENGTH: usize = 6;

/// Most differences of a misspelling.
const MAX_DISTANCE: usize = 2;

/// Families of names that are ours alone: whatever begins so is meant for us.
const FAMILIES: [&str; 6] = ["CATALOGUE_", "CHAT_", "MFDS_", "SHUTDOWN_", "SYNC_", "WEB_"];

/// Begins as chat-server's settings do, and is web-api's: it says where the other one is.
fn is_of_both(name: &str) -> bool {
    name.strip_suffix("_FILE").unwrap_or(name) == "CHAT_EVENTS_URL"
}

/// A sentence for each unknown variable that resembles a known one, or belongs to a family that
/// this program reads (both servers read the same `.env`). The values stay out of it.
pub(super) fn warnings(names: &[&str], known: &BTreeSet<String>) -> Vec<String> {
    let families: Vec<&str> = FAMILIES
        .into_iter()
        .filter(|family| {
            let mut own = known.iter().filter(|name| !is_of_both(name));
            own.any(|name| name.starts_with(family))
        })
        .collect();
    names
        .iter()
        .copied()
        .filter(|name| name.len() >= MIN_LENGTH && !known.contains(*name) && !is_of_both(name))
        .filter_map(|name| {
            let nearest = known
                .iter()
                .map(|candidate| (candidate, distance(name, candidate)))
                .min_by_key(|(_, distance)| *distance)
                .filter(|(_, distance)| *distance <= MAX_DISTANCE);
            let ignored = format!("{name} is not a setting and is ignored");
            match nearest {
                Some((meant, _)) => Some(format!("{ignored}; did you mean {meant}?")),
                None => families
                    .iter()
                    .any(|family| name.starts_with(family))
                    .then_some(ignored),
            }
        })
        .collect()
}

/// Levenshtein distance by bytes; more than [`MAX_DISTANCE`] where the lengths already say so.
fn distance(left: &str, right: &str) -> usize {
    if left.len().abs_diff(right.len()) > MAX_DISTANCE {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, l) in left.bytes().enumerate() {
        let mut diagonal = index;
        let mut previous = index + 1;
        for (cell, r) in row.iter_mut().skip(1).zip(right.bytes()) {
            let above = *cell;
            *cell = (diagonal + usize::from(l != r))
                .min(above + 1)
                .min(previous + 1);
            diagonal = above;
            previous = *cell;
        }
    }
    // The first column is never read again, so only the last cell matters.
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_differences() {
        assert_eq!(distance("WEB_PORT", "WEB_PORT"), 0);
        assert_eq!(distance("WEB_PROT", "WEB_PORT"), 2);
        assert_eq!(distance("WEB_PORTS", "WEB_PORT"), 1);
        assert_eq!(distance("EB_PORT", "WEB_PORT"), 1);
        assert_eq!(distance("CHAT_PORT", "WEB_PORT"), 4);
        assert_eq!(distance("A", "ABCDE"), usize::MAX);
    }

    #[test]
    fn names_the_misspelt_variable_and_the_right_one() {
        let known = BTreeSet::from(["WEB_PORT".to_owned(), "MFDS_SERVICE_KEY".to_owned()]);
        let names = [
            "WEB_PORT",
            "WEB_PROT",
            "MFDS_SERVICEKEY",
            "CHAT_PORT",
            "PATH",
            "NEB_PORT",
            "MFDS_KEY",
            "SYNC_DAY",
        ];
        assert_eq!(
            warnings(&names, &known),
            [
                "WEB_PROT is not a setting and is ignored; did you mean WEB_PORT?",
                "MFDS_SERVICEKEY is not a setting and is ignored; did you mean MFDS_SERVICE_KEY?",
                "NEB_PORT is not a setting and is ignored; did you mean WEB_PORT?",
                "MFDS_KEY is not a setting and is ignored",
            ]
        );
        // One address that each of the servers finds in the other's family.
        let events = BTreeSet::from(["CHAT_EVENTS_URL".to_owned()]);
        assert_eq!(warnings(&["CHAT_PORT"], &events), [""; 0]);
        let port = BTreeSet::from(["CHAT_PORT".to_owned()]);
        assert_eq!(warnings(&["CHAT_EVENTS_URL"], &port), [""; 0]);
    }
}
