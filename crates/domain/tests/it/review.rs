//! The rules of reviews, over any order of events.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use domain::account::TextVersion;
use domain::review::{
    Cursor, Decision, Keyword, Moderation, ModerationState, NoticeError, Publication, Rating,
    Reaction, Reactions, ReportDetail, ReviewText, ReviewTextError, Sort, Visibility, publish,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_795_000_000_123_456).unwrap()
}

#[test]
fn a_review_has_ten_to_a_thousand_characters() {
    let review = |text: &str| text.parse::<ReviewText>();
    assert_eq!(
        review(&"가".repeat(10)).unwrap().as_str().chars().count(),
        10
    );
    assert!(review(&"가".repeat(1_000)).is_ok());
    assert!(review(&"가".repeat(1_001)).is_err());
    for short in ["", "   ", "가나다라마바사아자", "가\n\n\n\n\n\n\n\n\n\n나"] {
        assert_eq!(review(short), Err(ReviewTextError::Short), "{short:?}");
    }
    // What nobody sees says nothing either.
    for unseen in ['\u{200b}', '\u{3164}', '\u{ad}'] {
        let text = format!("가{}나", unseen.to_string().repeat(20));
        assert_eq!(review(&text), Err(ReviewTextError::Short), "{unseen:?}");
    }
    assert!(review("두통이 가라앉\u{0}았어요 정말로요").is_err());
    // NFD, as a Mac sends it, is the same review.
    let nfd = "\u{1100}\u{1161}".repeat(10);
    assert_eq!(review(&nfd), review(&"가".repeat(10)));
    // Neither a review nor a report shows in a log.
    let shown = format!(
        "{:?}{:?}",
        review(&"가".repeat(10)),
        "가나".parse::<ReportDetail>()
    );
    assert!(!shown.contains('가'), "{shown}");
    assert!("나".repeat(501).parse::<ReportDetail>().is_err());
}

#[test]
fn ratings_are_one_to_five_and_their_mean_is_rounded() {
    let given: Vec<i64> = (-1..=300)
        .filter(|n| Rating::try_from(*n).is_ok())
        .collect();
    assert_eq!(given, [1, 2, 3, 4, 5]);
    assert_eq!(Rating::mean_in_tenths(0, 0), None);
    assert_eq!(Rating::mean_in_tenths(9, 2), Some(45));
    assert_eq!(Rating::mean_in_tenths(14, 3), Some(47));
    assert_eq!(Rating::mean_in_tenths(13, 3), Some(43));
    assert_eq!(Rating::mean_in_tenths(17, 4), Some(43), "4.25 is 4.3");
}

#[test]
fn a_keyword_means_its_own_characters() {
    let pattern = |text: &str| Keyword::parse(text).unwrap().map(|word| word.pattern());
    assert_eq!(pattern(" \t "), None);
    assert_eq!(pattern("50%_!").unwrap(), "%50!%!_!!%");
    assert_eq!(pattern("Tylenol").unwrap(), "%tylenol%");
    assert_eq!(pattern("\u{1100}\u{1161}").unwrap(), "%가%");
    assert!(Keyword::parse(&"가".repeat(101)).is_err());
    let review: ReviewText = "TYLENOL 500mg 먹었어요".parse().unwrap();
    assert!(review.folded().contains("tylenol"));
}

#[test]
fn nothing_becomes_public_before_its_author_was_told() {
    let new: TextVersion = "2026-11-01".parse().unwrap();
    let old: TextVersion = "2026-03-01".parse().unwrap();
    let decide = |wanted, read| publish(wanted, read, &new, now());
    for read in [None, Some(&old), Some(&new)] {
        assert_eq!(decide(Visibility::Private, read), Ok(Publication::Private));
    }
    assert_eq!(decide(Visibility::Public, None), Err(NoticeError::Missing));
    assert_eq!(
        decide(Visibility::Public, Some(&old)),
        Err(NoticeError::Outdated)
    );
    let public = decide(Visibility::Public, Some(&new)).unwrap();
    assert_eq!(public.visibility(), Visibility::Public);
    let told = Publication::Public {
        notice: new.clone(),
        acknowledged_at: now(),
    };
    assert_eq!(public, told);
}

#[test]
fn reports_hide_until_an_admin_decides() {
    let at = NonZeroU32::new(3).unwrap();
    let two = Moderation::NEW.reported(at).reported(at);
    assert_eq!(two.state, ModerationState::Shown);
    let three = two.reported(at);
    assert_eq!(three.state, ModerationState::Reported);
    // A reporter who withdraws takes his report along, not the decision.
    assert_eq!(three.unreported().state, ModerationState::Reported);
    let kept = three.decided(Decision::Keep);
    assert_eq!(kept, Moderation::NEW);
    // The old reports are closed: it takes three new ones.
    assert_eq!(kept.reported(at).reported(at).state, ModerationState::Shown);
    let hidden = kept.decided(Decision::Hide);
    assert_eq!(hidden.reported(at).state, ModerationState::Hidden);
    assert_eq!(hidden.decided(Decision::Keep).state, ModerationState::Shown);
}

fn reaction() -> impl Strategy<Value = Option<Reaction>> {
    prop_oneof![
        Just(None),
        Just(Some(Reaction::Helpful)),
        Just(Some(Reaction::Unhelpful))
    ]
}

proptest! {
    /// Whatever readers do, in whatever order: the counts are what they think in the end.
    #[test]
    fn counts_are_what_readers_think(acts in vec((0..5_usize, reaction()), 0..60)) {
        let mut readers = [None; 5];
        let mut counts = Reactions::default();
        for (reader, after) in acts {
            counts = counts.changed(readers[reader], after);
            readers[reader] = after;
        }
        let of = |kind| readers.iter().filter(|one| **one == Some(kind)).count();
        prop_assert_eq!(usize::try_from(counts.helpful).unwrap(), of(Reaction::Helpful));
        prop_assert_eq!(usize::try_from(counts.unhelpful).unwrap(), of(Reaction::Unhelpful));
    }

    /// A cursor comes back as it went, for its own order only.
    #[test]
    fn cursors_come_back(helpful in any::<u32>(), micros in 0..4_000_000_000_000_000_i64, id in "[A-Za-z0-9_-]{1,64}") {
        let at = DateTime::from_timestamp_micros(micros).unwrap();
        for (sort, other, helpful) in [(Sort::Newest, Sort::Helpful, 0), (Sort::Helpful, Sort::Newest, helpful)] {
            let cursor = Cursor { sort, helpful, at, id: id.clone() };
            let text = cursor.to_string();
            prop_assert_eq!(Cursor::parse(&text, sort), Ok(cursor));
            prop_assert!(Cursor::parse(&text, other).is_err());
            let (longer, shorter) = (format!("{text}A"), &text[1..]);
            prop_assert!(Cursor::parse(&longer, sort).is_err());
            prop_assert!(Cursor::parse(shorter, sort).is_err());
        }
    }

    /// Moments that no database can be asked for are none of ours.
    #[test]
    fn cursors_begin_where_time_is_stored(micros in any::<i64>()) {
        if let Some(at) = DateTime::from_timestamp_micros(micros) {
            let cursor = Cursor { sort: Sort::Newest, helpful: 0, at, id: "a".to_owned() };
            let stored = (0..253_402_300_800_000_000).contains(&micros);
            prop_assert_eq!(Cursor::parse(&cursor.to_string(), Sort::Newest).is_ok(), stored);
        }
    }

    /// Nothing that a client sends as a cursor makes it panic.
    #[test]
    fn no_text_breaks_a_cursor(text in ".{0,120}") {
        let given = Cursor::parse(&text, Sort::Newest).map(|cursor| cursor.to_string());
        prop_assert!(given.is_err() || given == Ok(text));
    }
}
