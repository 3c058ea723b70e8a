//! Running text: entities, line ends, raised and lowered letters.

use crate::mfds::text::{decode_fully, tidy_lines};

/// Raised or lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Raised,
    Lowered,
}

/// Text that grows token by token.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    /// Where the `<sup>` and `<sub>` that are open began.
    open: Vec<(Script, usize)>,
    /// Only blanks follow the last line end. Kept at hand, for looking back over a run of blanks at
    /// every tag would take quadratic time.
    fresh: bool,
}

/// Deeper nesting than this carries no meaning.
const MAX_OPEN: usize = 16;

impl Inline {
    /// Adds text of the source; its entities are decoded, its white space is as good as any other.
    pub(super) fn push(&mut self, raw: &str) {
        // Line ends of the source are no line breaks in HTML, but the feed writes plain texts with
        // them, too; keeping them loses nothing.
        self.append(&decode_fully(raw));
    }

    /// Begins a new line unless one has just begun.
    pub(super) fn break_line(&mut self) {
        if !self.fresh {
            self.end_line();
        }
    }

    /// `<br>`: a new line in any case; two of them make a blank one.
    pub(super) fn end_line(&mut self) {
        self.append("\n");
    }

    fn append(&mut self, text: &str) {
        self.text.push_str(text);
        if let Some(last) = text.chars().rev().find(|c| !matches!(c, ' ' | '\t')) {
            self.fresh = last == '\n';
        }
    }

    /// `<sup>` or `<sub>`
    pub(super) fn open(&mut self, script: Script) {
        if self.open.len() < MAX_OPEN {
            self.open.push((script, self.text.len()));
        }
    }

    /// `</sup>` or `</sub>`; one that nothing opened means nothing.
    pub(super) fn close(&mut self, script: Script) {
        if self.open.last().is_some_and(|(open, _)| *open == script)
            && let Some((script, start)) = self.open.pop()
        {
            let inner = self.text.split_off(start);
            self.append(&rendered(script, &inner));
        }
    }

    /// The text so far, lines trimmed and without superfluous blank ones; starts afresh. The second
    /// value says whether all that was opened had been closed.
    pub(super) fn take(&mut self) -> (String, bool) {
        let closed = self.open.is_empty();
        while let Some((script, _)) = self.open.last().copied() {
            self.close(script);
        }
        self.fresh = false;
        (tidy_lines(&std::mem::take(&mut self.text)), closed)
    }
}

/// Unicode's own characters where each letter has one, else `^(…)` or `_(…)`; signs that read the same
/// at any height (®, *) as they are.
fn rendered(script: Script, text: &str) -> String {
    let inner = text.trim();
    if inner.is_empty()
        || !inner
            .chars()
            .any(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '−'))
    {
        return text.to_owned();
    }
    if let Some(mapped) = inner
        .chars()
        .map(|c| shifted(script, c))
        .collect::<Option<String>>()
    {
        return mapped;
    }
    match script {
        Script::Raised => format!("^({inner})"),
        Script::Lowered => format!("_({inner})"),
    }
}

fn shifted(script: Script, c: char) -> Option<char> {
    const PLAIN: &str = "0123456789+-−=()";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾";
    const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎";
    let place = PLAIN.chars().position(|plain| plain == c)?;
    match script {
        Script::Raised => RAISED.chars().nth(place),
        Script::Lowered => LOWERED.chars().nth(place),
    }
}

#[cfg(test)]
mod tests {
    use super::{Script, rendered};

    #[test]
    fn raised_digits_never_read_as_plain_ones() {
        for (script, text, expected) in [
            (Script::Raised, "3", "³"),
            (Script::Raised, "-12", "⁻¹²"),
            (Script::Raised, "1)", "¹⁾"),
            (Script::Raised, "2+", "²⁺"),
            (Script::Raised, "th", "^(th)"),
            (Script::Raised, "®", "®"),
            (Script::Lowered, "1", "₁"),
            (Script::Lowered, "max", "_(max)"),
            (Script::Lowered, "2,5", "_(2,5)"),
            (Script::Raised, " ", " "),
        ] {
            assert_eq!(rendered(script, text), expected);
        }
    }
}
