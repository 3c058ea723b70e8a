//! From requests to reviews and back, one file for a few calls that belong together.

pub(crate) mod administration;
pub(crate) mod create_review;
pub(crate) mod list_reviews;
pub(crate) mod my_reviews;
pub(crate) mod own_review;
pub(crate) mod reactions;
pub(crate) mod report_review;
pub(crate) mod show_notice;

use actix_web::HttpRequest;
use domain::account::TextVersion;
use domain::review::{Cursor, Rating, ReviewText, ReviewTextError, Sort, Visibility};

use super::ReviewError;
use super::store::Stored;
use crate::http::checks::Checks;
use crate::http::parameters::Parameters;
use crate::http::problem_texts::Message;

/// Fewest characters of a review.
const SHORTEST: usize = 10;
/// Most characters of a review.
const LONGEST: usize = 1_000;

/// The review that an address names: an id of ours, or nothing that there is.
fn review_id(request: &HttpRequest) -> Result<String, ReviewError> {
    let id = request.match_info().get("id").unwrap_or_default();
    let id = uuid::Uuid::try_parse(id).map_err(|_| ReviewError::Unknown)?;
    Ok(id.hyphenated().to_string())
}

/// The cursor of a page in this order.
fn cursor(parameters: &mut Parameters, sort: Sort) -> Option<Cursor> {
    let cursor = Cursor::parse(parameters.text("cursor")?, sort).ok();
    if cursor.is_none() {
        parameters.refuse("cursor", Message::Cursor);
    }
    cursor
}

/// Takes the one off that was read beyond the page, newest first; gives the cursor behind the last where there
/// is more.
fn next<T>(items: &mut Vec<T>, size: usize, review: impl Fn(&T) -> &Stored) -> Option<String> {
    if items.len() <= size {
        return None;
    }
    items.truncate(size);
    let last = review(items.last()?);
    let cursor = Cursor {
        sort: Sort::Newest,
        helpful: 0,
        at: last.created_at,
        id: last.id.clone(),
    };
    Some(cursor.to_string())
}

fn rating(checks: &mut Checks, rating: i64) -> Option<Rating> {
    let rating = Rating::try_from(rating).ok();
    if rating.is_none() {
        checks.refuse("rating", Message::Range(1, 5));
    }
    rating
}

fn text(checks: &mut Checks, text: &str) -> Option<ReviewText> {
    use domain::chat::text::TextError;
    let message = match text.parse() {
        Ok(text) => return Some(text),
        Err(ReviewTextError::Short) => Message::TooShort(SHORTEST),
        Err(ReviewTextError::Text(TextError::Control | TextError::Link)) => {
            Message::ControlCharacter
        }
        Err(ReviewTextError::Text(TextError::Empty)) => Message::Required,
        Err(ReviewTextError::Text(TextError::Long(_))) => Message::TooLong(LONGEST),
    };
    checks.refuse("text", message);
    None
}

/// One of the words of an enum of the domain.
fn word<T: std::str::FromStr>(
    checks: &mut Checks,
    field: &'static str,
    word: &str,
    all: &[&str],
) -> Option<T> {
    let parsed = word.parse().ok();
    if parsed.is_none() {
        let all = all.iter().map(|&one| one.to_owned()).collect();
        checks.refuse(field, Message::Words(all));
    }
    parsed
}

fn visibility(checks: &mut Checks, given: &str) -> Option<Visibility> {
    word(checks, "visibility", given, &["public", "private"])
}

/// A version that nobody issued isn't in force, whatever it looks like.
fn acknowledged(given: Option<&str>) -> Option<TextVersion> {
    given?.parse().ok()
}
