//! Hangul for a search: pure algorithms on which an index of names stands.
//!
//! | module | question | cost |
//! |---|---|---|
//! | [`jamo`] | which letters make a syllable, and back | O(1) |
//! | [`keys`] | which keys type a text: the string that an index stores | O(n) |
//! | [`typed`] | is a query a half-typed name, or its 초성 | O(n), prefixes by `memcmp` |
//! | [`layout`] | what was meant in the wrong keyboard layout | O(n) |
//! | [`normalise`] | one spelling, with the way back to the original | O(n) |
//! | [`name`], [`protected`] | brand, strength, form: what may match loosely, what never | O(n) |
//! | [`slip`] | are two texts one slip apart | O(n) |
//! | [`near`] | which of many texts are one slip from a query | O(log n + candidates) |

pub mod jamo;
pub mod keys;
pub mod layout;
pub mod name;
pub mod near;
pub mod normalise;
pub mod protected;
pub mod slip;
mod tokens;
pub mod typed;
mod units;
