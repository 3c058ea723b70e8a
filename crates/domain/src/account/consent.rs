//! Who has agreed to what, since when, and to which text.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use super::role::{UnknownName, named};

/// After how many months somebody who takes advertising is told again that he does
/// (정보통신망법 제50조 제8항, 시행령 제62조의3: every two years).
pub const MARKETING_REMINDER: Months = Months::new(24);
/// Longest name of a version.
const LONGEST_VERSION: usize = 20;

/// What is agreed to, each by itself (개인정보 보호법 제22조).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConsentKind {
    /// 이용약관: the terms. Required.
    Terms,
    /// 개인정보 수집·이용: what an account can't be without (개인정보 보호법 제15조). Required.
    Privacy,
    /// 만 14세 이상: below, the law asks for a parent's consent (개인정보 보호법 제22조의2), which this
    /// service doesn't take. Required.
    Age14,
    /// 민감정보: data on health, here allergies (개인정보 보호법 제23조). Optional; without it there is
    /// no list of allergies.
    Sensitive,
    /// 광고성 정보 수신: advertising (정보통신망법 제50조). Optional.
    Marketing,
}

named!(
    ConsentKind,
    "terms, privacy, age14, sensitive, marketing",
    Terms = "terms",
    Privacy = "privacy",
    Age14 = "age14",
    Sensitive = "sensitive",
    Marketing = "marketing"
);

impl ConsentKind {
    /// Whether there is no account without it. To refuse an account for want of any other would be
    /// against the law (개인정보 보호법 제22조 제5항). What is required can't be taken back by itself:
    /// taking it back is to withdraw from the service.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Terms | Self::Privacy | Self::Age14)
    }
}

/// Names a version of a text that people agree to: 1 to 20 lower-case letters, digits, `.` and `-`,
/// for example the day it came into force, `2026-03-01`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextVersion(String);

/// Why a text names no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is 1 to 20 of a–z, 0–9, '.' and '-', for example 2026-03-01")]
pub struct TextVersionError;

impl TextVersion {
    /// The name, as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TextVersion {
    type Err = TextVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=LONGEST_VERSION).contains(&text.len())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
            });
        fits.then(|| Self(text.to_owned())).ok_or(TextVersionError)
    }
}

/// What somebody ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAnswer {
    /// What is asked.
    pub kind: ConsentKind,
    /// Yes or no.
    pub agreed: bool,
    /// The text that was shown, where the client says so; without it the one in force.
    pub version: Option<TextVersion>,
}

/// A line of the ledger. Lines are added and never changed: what somebody had agreed to on a day can
/// be shown for any day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEntry {
    /// What was asked.
    pub kind: ConsentKind,
    /// Yes or no.
    pub agreed: bool,
    /// The text that it was about.
    pub version: TextVersion,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// Why consents aren't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// Required, and missing, refused or taken back.
    #[error("the consent {0} is required")]
    Required(ConsentKind),
    /// Answered twice: which one counts can't be known.
    #[error("the consent {0} is answered more than once")]
    Twice(ConsentKind),
    /// For a text that isn't in force: it has to be shown again.
    #[error("the consent {0} is for a version of the text that is not in force")]
    OtherVersion(ConsentKind),
}

/// The rule "may sign up": every required consent is given, each is answered once, for the text in
/// force. Gives the first lines of the ledger: refusals of optional ones too, since they were asked;
/// what wasn't answered leaves no line.
///
/// # Errors
/// The first rule that is broken.
pub fn sign_up_consents(
    answers: &[ConsentAnswer],
    in_force: impl Fn(ConsentKind) -> TextVersion,
    now: DateTime<Utc>,
) -> Result<Vec<ConsentEntry>, ConsentError> {
    let mut entries = Vec::new();
    for kind in ConsentKind::ALL.iter().copied() {
        let mut given = answers.iter().filter(|answer| answer.kind == kind);
        let Some(answer) = given.next() else {
            if kind.is_required() {
                return Err(ConsentError::Required(kind));
            }
            continue;
        };
        if given.next().is_some() {
            return Err(ConsentError::Twice(kind));
        }
        let ledger = Consents::default();
        entries.extend(ledger.change(answer, in_force(kind), now)?);
    }
    Ok(entries)
}

/// Where somebody stands now, read from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consents {
    latest: Vec<ConsentEntry>,
}

impl Consents {
    /// Reads a ledger, in any order; of two lines of one moment the later in the list counts.
    #[must_use]
    pub fn from_ledger(lines: impl IntoIterator<Item = ConsentEntry>) -> Self {
        let mut latest: Vec<ConsentEntry> = Vec::new();
        for line in lines {
            match latest.iter_mut().find(|known| known.kind == line.kind) {
                Some(known) if line.at >= known.at => *known = line,
                Some(_) => {}
                None => latest.push(line),
            }
        }
        Self { latest }
    }

    /// The line that counts.
    #[must_use]
    pub fn latest(&self, kind: ConsentKind) -> Option<&ConsentEntry> {
        self.latest.iter().find(|entry| entry.kind == kind)
    }

    /// Whether it is agreed to. Never answered is no.
    #[must_use]
    pub fn holds(&self, kind: ConsentKind) -> bool {
        self.latest(kind).is_some_and(|entry| entry.agreed)
    }

    /// The line that an answer adds; none where the ledger says so already, so that asking twice is
    /// asking once. A yes to a newer text is a new line.
    ///
    /// # Errors
    /// [`ConsentError::Required`] for a no to what is required, [`ConsentError::OtherVersion`] for a
    /// yes to another text than the one in force. A no is taken whatever was shown.
    pub fn change(
        &self,
        answer: &ConsentAnswer,
        in_force: TextVersion,
        now: DateTime<Utc>,
    ) -> Result<Option<ConsentEntry>, ConsentError> {
        let kind = answer.kind;
        if !answer.agreed && kind.is_required() {
            return Err(ConsentError::Required(kind));
        }
        let other = |shown: &TextVersion| *shown != in_force;
        if answer.agreed && answer.version.as_ref().is_some_and(other) {
            return Err(ConsentError::OtherVersion(kind));
        }
        let said_already = self.latest(kind).is_some_and(|entry| {
            entry.agreed == answer.agreed && (!entry.agreed || entry.version == in_force)
        });
        Ok((!said_already).then_some(ConsentEntry {
            kind,
            agreed: answer.agreed,
            version: in_force,
            at: now,
        }))
    }

    /// When somebody who takes advertising has to be told so again; nothing for who doesn't.
    #[must_use]
    pub fn marketing_reminder_at(&self) -> Option<DateTime<Utc>> {
        let entry = self.latest(ConsentKind::Marketing)?;
        entry
            .agreed
            .then(|| entry.at.checked_add_months(MARKETING_REMINDER))
            .flatten()
    }
}
