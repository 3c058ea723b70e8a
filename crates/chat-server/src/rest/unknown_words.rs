//! Words that the bot didn't know, so that admins see what people ask.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Serialize};
use service_kit::problem::LocalText;

use super::Rest;
use super::failure::Failure;
use super::keywords::Items;
use crate::identity::Staff;
use crate::store::{AccessKind, MOST_ROWS, UnknownWord};

const USUAL: i64 = 100;
const LIMIT: LocalText = LocalText::new(
    "1~500 사이의 숫자를 입력해 주세요.",
    "A number from 1 to 500.",
);

/// How many.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asked {
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Word {
    word: String,
    times: i64,
}

impl From<UnknownWord> for Word {
    fn from(word: UnknownWord) -> Self {
        Self {
            word: word.word,
            times: word.times,
        }
    }
}

/// A limit of rows, where it is one.
pub(super) fn limit(asked: Option<i64>) -> Result<i64, Failure> {
    match asked {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST_ROWS).contains(&limit) => Ok(limit),
        Some(_) => Err(Failure::field("limit", LIMIT)),
    }
}

pub(super) async fn list(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer<Items<Word>>, Failure> {
    let Query(asked) = asked.map_err(|_| Failure::invalid("query"))?;
    let limit = limit(asked.limit)?;
    rest.record(&staff, AccessKind::WordsRead, None).await?;
    let found = rest.store().unknown_words(limit, rest.now()).await?;
    let items = found.into_iter().map(Word::from).collect();
    Ok(Answer(Items { items }))
}

pub(super) async fn forget(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    word: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let Path(word) = word.map_err(|_| Failure::invalid("word"))?;
    rest.record(&staff, AccessKind::WordForgotten, None).await?;
    rest.store().forget_word(&word).await?;
    Ok(StatusCode::NO_CONTENT)
}
