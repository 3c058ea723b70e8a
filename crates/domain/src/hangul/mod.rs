//! Hangul for a search: pure algorithms on which an index of names stands.
//!
//! | module | question | cost |
//! |---|---|---|
//! | [`jamo`] | which letters make a syllable, and back | O(1) |
//! | [`keys`] | which keys type a text: the string that an index stores | O(n) |
//! | [`typed`] | is a query a half-typed name, or its 초성 | O(n), prefixes by `memcmp` |
//! | [`layout`] | what was meant in the wrong keyboard layout | O(n) |
//! | [`slip`] | are two texts one slip apart | O(n) |

pub mod jamo;
pub mod keys;
pub mod layout;
pub mod slip;
pub mod typed;
