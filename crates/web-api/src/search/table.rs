//! Many short texts in one buffer.

use super::index_of;

/// Separates texts; no normalised text holds it.
const SEPARATOR: u8 = b'\n';

/// Normalised texts one after the other: scanning all of them is one pass over memory.
#[derive(Debug)]
pub(crate) struct TextTable {
    buffer: Box<[u8]>,
    /// Where each text begins; one more entry than texts.
    starts: Box<[u32]>,
}

/// One text that holds the needle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Which text.
    pub(crate) text: u32,
    /// The needle stands at the beginning.
    pub(crate) at_start: bool,
    /// The needle is the whole text.
    pub(crate) whole: bool,
}

impl TextTable {
    /// A table of these texts, numbered from 0 in their order. Texts must be normalised.
    #[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut buffer = Vec::new();
        let mut starts = vec![0];
        for text in texts {
            let end = buffer.len() + text.len() + 1;
            // A table of more than 4 GiB can't come from the feed; what is over is left out.
            let Ok(next) = u32::try_from(end) else { break };
            buffer.extend_from_slice(text.as_bytes());
            buffer.push(SEPARATOR);
            starts.push(next);
        }
        Self {
            buffer: buffer.into(),
            starts: starts.into(),
        }
    }

    /// Each text that holds `needle`, once, in the order of the table.
    ///
    /// UTF-8 is self-synchronising: a needle that is valid UTF-8 can only be found at the beginning
    /// of a character.
    pub(crate) fn occurrences<'t>(
        &'t self,
        needle: &'t str,
    ) -> impl Iterator<Item = Occurrence> + 't {
        let finder = memchr::memmem::Finder::new(needle.as_bytes());
        let mut from = 0_usize;
        let mut text = 0_usize;
        std::iter::from_fn(move || {
            let at = from + finder.find(self.buffer.get(from..)?)?;
            // Hits come in ascending order: look for the text behind the last one only.
            let rest = self.starts.get(text..)?;
            text += rest.partition_point(|&start| index_of(start) <= at) - 1;
            let start = index_of(*self.starts.get(text)?);
            let end = index_of(*self.starts.get(text + 1)?);
            let found = Occurrence {
                text: u32::try_from(text).ok()?,
                at_start: at == start,
                whole: at == start && needle.len() + 1 == end - start,
            };
            from = end;
            text += 1;
            Some(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TextTable;

    proptest! {
        #[test]
        fn finds_what_a_naive_scan_finds(
            texts in prop::collection::vec("[가나다ab]{0,6}", 0..40),
            needle in "[가나다ab]{1,3}",
        ) {
            let table = TextTable::new(texts.iter().map(String::as_str));
            let found: Vec<_> = table
                .occurrences(&needle)
                .map(|hit| (usize::try_from(hit.text).unwrap_or(usize::MAX), hit.at_start, hit.whole))
                .collect();
            let naive: Vec<_> = texts
                .iter()
                .enumerate()
                .filter(|(_, text)| text.contains(&needle))
                .map(|(i, text)| (i, text.starts_with(&needle), *text == needle))
                .collect();
            prop_assert_eq!(found, naive);
        }
    }
}
