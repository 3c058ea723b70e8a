//! A member's list as it is sealed.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::catalogue::IngredientId;
use serde::{Deserialize, Serialize};

use crate::accounts::keys::{Sealer, UnsealError};

/// Allergens of one member, at most.
const MAX_ALLERGENS: usize = 200;
/// Texts are filled up to a multiple of this, in bytes: else their length would say how many there are.
const STEP: usize = 1_024;

/// One allergen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// The ingredient.
    pub(crate) id: IngredientId,
    /// Since when it is listed.
    pub(crate) at: DateTime<Utc>,
}

/// What a member is allergic to, oldest first, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct List(Vec<Listed>);

/// Why a list can't be sealed or opened; never with anything of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// Its seal.
    #[error("the seal of a list of allergies")]
    Seal(#[from] UnsealError),
    /// Its text. The cause would quote it.
    #[error("a list of allergies has another form")]
    Form,
}

impl List {
    /// The allergens, oldest first.
    pub(crate) fn items(&self) -> &[Listed] {
        &self.0
    }

    /// Adds one; gives since when it is listed, nothing where no more fit in.
    pub(crate) fn add(&mut self, id: IngredientId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if let Some(known) = self.0.iter().find(|one| one.id == id) {
            return Some(known.at);
        }
        if self.0.len() >= MAX_ALLERGENS {
            return None;
        }
        let at = now
            .duration_trunc(TimeDelta::milliseconds(1))
            .unwrap_or(now);
        self.0.push(Listed { id, at });
        Some(at)
    }

    /// Takes out all that match; says whether there were any.
    pub(crate) fn remove(&mut self, matches: impl Fn(IngredientId) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|one| !matches(one.id));
        self.0.len() < before
    }

    /// Seals it for one member.
    pub(crate) fn seal(&self, sealer: &Sealer, user: i64) -> Result<Vec<u8>, ListError> {
        let mut text = serde_json::to_string(self).map_err(|_| ListError::Form)?;
        let length = text.len().next_multiple_of(STEP);
        text.extend(std::iter::repeat_n(' ', length - text.len()));
        Ok(sealer.seal(&place(user), &text)?)
    }

    /// Opens the list of one member: that of another can't be opened in its place.
    pub(crate) fn open(sealer: &Sealer, user: i64, sealed: &[u8]) -> Result<Self, ListError> {
        let text = sealer.open(&place(user), sealed)?;
        serde_json::from_str(&text).map_err(|_| ListError::Form)
    }
}

fn place(user: i64) -> String {
    format!("allergies.sealed:{user}")
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use domain::catalogue::IngredientId;

    use super::{List, MAX_ALLERGENS};
    use crate::accounts::keys::{Key32, Sealer};

    fn id(number: i64) -> IngredientId {
        IngredientId::new(number).unwrap()
    }

    #[test]
    fn a_list_is_its_owners_and_tells_nothing_by_its_length() {
        let sealer = Sealer::new(&Key32::new([7; 32]), &[]);
        let mut list = List::default();
        let empty = list.seal(&sealer, 1).unwrap();
        let first = list.add(id(77), Utc::now()).unwrap();
        assert_eq!(list.add(id(77), Utc::now()), Some(first), "listed once");
        let one = list.seal(&sealer, 1).unwrap();
        assert_eq!(one.len(), empty.len());
        assert_eq!(List::open(&sealer, 1, &one).unwrap(), list);
        assert!(List::open(&sealer, 2, &one).is_err(), "another member's");
        let other = Sealer::new(&Key32::new([8; 32]), &[]);
        assert!(List::open(&other, 1, &one).is_err());
        assert!(list.remove(|one| one == id(77)) && !list.remove(|one| one == id(77)));
    }

    #[test]
    fn a_full_list_takes_no_more_and_fits_into_its_column() {
        let sealer = Sealer::new(&Key32::new([7; 32]), &[]);
        let mut list = List::default();
        let most = 999_999_999_999_999_000;
        for number in 0..MAX_ALLERGENS {
            let number = i64::try_from(number).unwrap();
            assert!(list.add(id(most - number), Utc::now()).is_some());
        }
        assert_eq!(list.add(id(5), Utc::now()), None);
        assert!(
            list.add(id(most), Utc::now()).is_some(),
            "it is there already"
        );
        assert!(list.seal(&sealer, i64::MAX).unwrap().len() < 65_535);
    }
}
