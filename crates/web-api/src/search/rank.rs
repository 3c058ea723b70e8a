//! How well a text answers a query.

use domain::hangul::name::Loose;
use domain::hangul::slip::Slip;

/// How a text was found, the better way first; [`Rank::turn`] is the order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum MatchClass {
    /// The whole text, or all of it that stands outside brackets.
    Exact,
    /// The beginning of the text.
    Prefix,
    /// Anywhere in the text, or all its parts that were named.
    Contains,
    /// The first letters of its syllables (초성).
    Initials,
    /// One of these, once the keys are read in the other keyboard layout.
    Layout,
    /// One letter is another.
    Fuzzy,
}

/// A class and, inside [`MatchClass::Fuzzy`] alone, how close. Two bytes; of two ranks of one owner the
/// smaller one tells how it was found.
///
/// Inside the other classes nothing comes before what people wish for. Slips are different: the
/// likelier reading first, and of equal ones the name with the fewest words beyond the query, or a
/// much wished look-alike would stand before the medicine that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rank {
    class: MatchClass,
    closeness: u8,
}

/// What a name may have beyond a query and still be told apart by its rank.
const MOST_SURPLUS: u8 = 39;

impl Rank {
    /// The rank of what was found otherwise than by a slip.
    pub(crate) const fn of(class: MatchClass) -> Self {
        Self {
            class,
            closeness: 0,
        }
    }

    /// The rank of a slip: the likelier first, then the fewer words and numbers beyond the query.
    pub(super) fn fuzzy(loose: Loose) -> Self {
        let slip = match loose.slip {
            Slip::None => 0,
            Slip::SoundsAlike => 1,
            Slip::Swapped => 2,
            Slip::Missing => 3,
            Slip::Extra => 4,
            Slip::Other => 5,
        };
        let surplus = u8::try_from(loose.surplus).unwrap_or(MOST_SURPLUS);
        Self {
            class: MatchClass::Fuzzy,
            closeness: slip * (MOST_SURPLUS + 1) + surplus.min(MOST_SURPLUS),
        }
    }

    /// Its turn in the answer: hits of one turn are ordered by something else. First letters and the
    /// other layout are one class there, though a hit says which of the two it was.
    pub(super) fn turn(self) -> u16 {
        let class = match self.class {
            MatchClass::Exact => 0,
            MatchClass::Prefix => 1,
            MatchClass::Contains => 2,
            MatchClass::Initials | MatchClass::Layout => 3,
            MatchClass::Fuzzy => 4,
        };
        class << 8 | u16::from(self.closeness)
    }

    /// The class.
    pub(crate) const fn class(self) -> MatchClass {
        self.class
    }
}

#[cfg(test)]
mod tests {
    use domain::hangul::name::Loose;
    use domain::hangul::slip::Slip;

    use super::{MatchClass, Rank};

    #[test]
    fn ranks_stand_in_the_order_of_the_answer() {
        let fuzzy = |slip, surplus| Rank::fuzzy(Loose { slip, surplus });
        let ranks = [
            Rank::of(MatchClass::Exact),
            Rank::of(MatchClass::Prefix),
            Rank::of(MatchClass::Contains),
            Rank::of(MatchClass::Initials),
            fuzzy(Slip::SoundsAlike, 0),
            fuzzy(Slip::SoundsAlike, 3),
            fuzzy(Slip::Missing, 0),
            fuzzy(Slip::Other, usize::MAX),
        ];
        assert!(ranks.is_sorted());
        assert!(ranks.is_sorted_by(|one, next| one.turn() < next.turn()));
        let layout = Rank::of(MatchClass::Layout);
        assert_eq!(layout.turn(), Rank::of(MatchClass::Initials).turn());
        assert!(layout > Rank::of(MatchClass::Initials), "as it was typed");
        assert_eq!(size_of::<Option<Rank>>(), 2, "one entry an owner");
    }
}
