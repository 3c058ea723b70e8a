//! How well a text answers a query.

use domain::hangul::name::Loose;
use domain::hangul::slip::Slip;

/// How a text was found. The order is the order of the answer: a smaller class comes first.
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

/// A class and, inside it, how close: whole syllables before half-typed ones, the beginning before
/// the middle, the likelier slip before the rarer. Two bytes; a smaller rank comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rank {
    class: MatchClass,
    closeness: u8,
}

/// What a name may have beyond a query and still be told apart by its rank.
const MOST_SURPLUS: u8 = 39;

impl Rank {
    /// As close as its class can be.
    pub(crate) const fn best(class: MatchClass) -> Self {
        Self {
            class,
            closeness: 0,
        }
    }

    /// The same class, one step less close.
    pub(super) const fn second(class: MatchClass) -> Self {
        Self {
            class,
            closeness: 1,
        }
    }

    /// The rank of what was found in the other layout: by how it was found there.
    pub(super) fn in_layout(self) -> Self {
        let class = match self.class {
            MatchClass::Exact => 0,
            MatchClass::Prefix => 1,
            MatchClass::Contains => 2,
            MatchClass::Initials => 3,
            MatchClass::Layout | MatchClass::Fuzzy => 4,
        };
        Self {
            class: MatchClass::Layout,
            closeness: class * 2 + self.closeness.min(1),
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
            Rank::best(MatchClass::Exact),
            Rank::best(MatchClass::Prefix),
            Rank::second(MatchClass::Prefix),
            Rank::best(MatchClass::Contains),
            Rank::best(MatchClass::Initials),
            Rank::best(MatchClass::Exact).in_layout(),
            Rank::best(MatchClass::Initials).in_layout(),
            fuzzy(Slip::SoundsAlike, 0),
            fuzzy(Slip::SoundsAlike, 3),
            fuzzy(Slip::Missing, 0),
            fuzzy(Slip::Other, usize::MAX),
        ];
        assert!(ranks.is_sorted());
        assert_eq!(size_of::<Option<Rank>>(), 2, "one entry an owner");
    }
}
