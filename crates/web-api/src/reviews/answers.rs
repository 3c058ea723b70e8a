//! What is told and taken about reviews.

use chrono::{DateTime, Utc};
use domain::review::{ModerationState, Publication, Rating, Reaction, Visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Stored;
use super::store::counts::Counts;
use super::store::pages::Shown;
use crate::catalogue::MedicineSummary;
use crate::http::mirror::mirror;

mirror! {
    /// Who sees a review.
    #[schema(as = ReviewVisibility)]
    VisibilityBody from Visibility {
        /// Everybody.
        Public,
        /// Its author alone.
        Private,
    }
}

mirror! {
    /// Whether others than its author see a public review.
    #[schema(as = ReviewState)]
    StateBody from ModerationState {
        /// They do.
        Shown,
        /// Readers reported it: hidden until an admin decides.
        Reported,
        /// An admin hid it.
        Hidden,
    }
}

mirror! {
    /// What a reader thinks of a review.
    #[schema(as = ReviewReaction)]
    ReactionKind from Reaction {
        /// It helped.
        Helpful,
        /// It didn't.
        Unhelpful,
    }
}

/// Who reads, and what he thinks of the reviews on the page (their keys).
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) key: i64,
    pub(crate) reactions: Vec<(i64, Reaction)>,
}

/// A review as everybody reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Review)]
pub(crate) struct ReviewAnswer {
    #[schema(example = "0193a7c4-5d2e-7c3b-9f10-2b6f4d1a8e55")]
    id: String,
    /// The nickname of its author.
    #[schema(required = true)]
    author: Option<String>,
    /// From 1 (poor) to 5 (good).
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    /// Plain text; lines end with a line feed.
    text: String,
    /// How many readers it helped.
    helpful_count: u32,
    /// How many it didn't.
    unhelpful_count: u32,
    created_at: DateTime<Utc>,
    /// When its author changed it last, if he did.
    #[schema(required = true)]
    edited_at: Option<DateTime<Utc>>,
    /// Whether it is the caller's. Present for who is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mine: Option<bool>,
    /// What the caller thinks of it. Present for who is signed in; null where he said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ReactionKind>)]
    my_reaction: Option<Option<ReactionKind>>,
}

impl ReviewAnswer {
    /// `text` of a review as `reader` is told it.
    pub(crate) fn new(shown: Shown, text: String, reader: Option<&Reader>) -> Self {
        let review = shown.review;
        let thinks = |reader: &Reader| {
            let found = reader.reactions.iter().find(|one| one.0 == review.key);
            found.map(|one| one.1.into())
        };
        Self {
            mine: reader.map(|reader| reader.key == review.author),
            my_reaction: reader.map(thinks),
            edited_at: edited_at(&review),
            id: review.id,
            author: shown.author,
            rating: review.rating.get(),
            text,
            helpful_count: review.reactions.helpful,
            unhelpful_count: review.reactions.unhelpful,
            created_at: review.created_at,
        }
    }
}

pub(super) fn edited_at(review: &Stored) -> Option<DateTime<Utc>> {
    (review.updated_at > review.created_at).then_some(review.updated_at)
}

/// How many reviews everybody may read, by their ratings.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewTotals)]
pub(crate) struct TotalsBody {
    /// All of them, whatever is looked for.
    total: u64,
    /// The mean of the ratings, in tenths rounded; null where there are none.
    #[schema(required = true, minimum = 1, maximum = 5, example = 4.3)]
    average_rating: Option<f64>,
    /// How many of 1, 2, 3, 4 and 5, in this order.
    #[schema(value_type = Vec<u64>, min_items = 5, max_items = 5)]
    ratings: Counts,
}

impl From<Counts> for TotalsBody {
    fn from(ratings: Counts) -> Self {
        let total = ratings.iter().sum();
        let sum = ratings
            .iter()
            .zip(1_u64..)
            .map(|(count, rating)| count * rating);
        let tenths = Rating::mean_in_tenths(sum.sum(), total);
        let tenths = tenths.and_then(|tenths| u32::try_from(tenths).ok());
        Self {
            total,
            average_rating: tenths.map(|tenths| f64::from(tenths) / 10.0),
            ratings,
        }
    }
}

/// A page of the reviews of a medicine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reviews)]
pub(crate) struct ReviewsAnswer {
    pub(crate) items: Vec<ReviewAnswer>,
    /// For the next page; null where there is none.
    #[schema(required = true)]
    pub(crate) next_cursor: Option<String>,
    #[serde(flatten)]
    pub(crate) totals: TotalsBody,
}

/// One's own review.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MyReview)]
pub(crate) struct MyReviewAnswer {
    #[schema(example = "0193a7c4-5d2e-7c3b-9f10-2b6f4d1a8e55")]
    id: String,
    /// What it is about.
    #[schema(example = "195500005")]
    medicine_id: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    text: String,
    visibility: VisibilityBody,
    /// Which notice one read before it became public.
    #[schema(required = true)]
    notice_version: Option<String>,
    state: StateBody,
    helpful_count: u32,
    unhelpful_count: u32,
    created_at: DateTime<Utc>,
    #[schema(required = true)]
    edited_at: Option<DateTime<Utc>>,
}

impl MyReviewAnswer {
    /// A review as its author is told it.
    pub(crate) fn new(review: Stored, text: String) -> Self {
        let notice_version = match &review.publication {
            Publication::Private => None,
            Publication::Public { notice, .. } => Some(notice.as_str().to_owned()),
        };
        Self {
            edited_at: edited_at(&review),
            notice_version,
            visibility: review.publication.visibility().into(),
            state: review.moderation.state.into(),
            medicine_id: review.medicine.to_string(),
            id: review.id,
            rating: review.rating.get(),
            text,
            helpful_count: review.reactions.helpful,
            unhelpful_count: review.reactions.unhelpful,
            created_at: review.created_at,
        }
    }
}

/// One's own review, with what it is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyReviewEntry {
    #[serde(flatten)]
    pub(crate) review: MyReviewAnswer,
    /// Null where the medicine is in the catalogue no more.
    #[schema(required = true)]
    pub(crate) medicine: Option<MedicineSummary>,
}

/// A page of one's own reviews, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyReviews {
    pub(crate) items: Vec<MyReviewEntry>,
    /// For the next page; null where there is none.
    #[schema(required = true)]
    pub(crate) next_cursor: Option<String>,
}

/// A review that was stored. Its text isn't told back: answers to repeated calls are kept for a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReviewMade {
    #[schema(example = "0193a7c4-5d2e-7c3b-9f10-2b6f4d1a8e55")]
    pub(crate) id: String,
    #[schema(example = "195500005")]
    pub(crate) medicine_id: String,
    pub(crate) visibility: VisibilityBody,
    pub(crate) created_at: DateTime<Utc>,
}

/// What one says of a medicine.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewReview)]
pub(crate) struct ReviewBody {
    /// From 1 (poor) to 5 (good).
    #[schema(minimum = 1, maximum = 5)]
    pub(crate) rating: i64,
    /// Plain text, also of several lines; at least 10 characters that are seen.
    #[schema(min_length = 10, max_length = 1_000)]
    pub(crate) text: String,
    /// Who sees it: `private` unless told.
    #[schema(value_type = Option<VisibilityBody>)]
    pub(crate) visibility: Option<String>,
    /// The version of the notice that its author was shown: needed for `public`.
    #[schema(example = "2026-11-01")]
    pub(crate) notice_version: Option<String>,
}

/// What one changes of a review; what is left out stays.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewChange)]
pub(crate) struct ChangeBody {
    #[schema(minimum = 1, maximum = 5)]
    pub(crate) rating: Option<i64>,
    #[schema(min_length = 10, max_length = 1_000)]
    pub(crate) text: Option<String>,
    #[schema(value_type = Option<VisibilityBody>)]
    pub(crate) visibility: Option<String>,
    /// The version of the notice that its author was shown: needed where a private review becomes public.
    #[schema(example = "2026-11-01")]
    pub(crate) notice_version: Option<String>,
}

/// What one thinks of a review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewReviewReaction)]
pub(crate) struct ReactionBody {
    #[schema(value_type = ReactionKind)]
    pub(crate) kind: String,
}

/// How many think what of a review.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewReactions)]
pub(crate) struct ReactionsAnswer {
    /// What the caller thinks.
    pub(crate) kind: ReactionKind,
    pub(crate) helpful_count: u32,
    pub(crate) unhelpful_count: u32,
}

/// What an author is told before others read his review (개인정보 보호법 제23조 제3항).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewNotice)]
pub(crate) struct NoticeAnswer {
    /// Goes into `noticeVersion`.
    #[schema(example = "2026-11-01")]
    pub(crate) version: &'static str,
    /// To be shown, in Korean or (`Accept-Language: en`) English.
    pub(crate) text: &'static str,
}
