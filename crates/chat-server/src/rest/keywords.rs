//! What the bot answers to keywords.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Serialize};
use service_kit::problem::LocalText;

use super::Rest;
use super::body::Json;
use super::failure::Failure;
use crate::identity::Staff;
use crate::store::model::{ClientMessageId, Link, MessageText};
use crate::store::{AccessKind, KeywordAnswer};

const ID: LocalText = LocalText::new(
    "영문자, 숫자, -, _, ., :로 1~64자까지 입력해 주세요.",
    "Letters, digits, -, _, . and :, 1 to 64 of them.",
);
const TEXT: LocalText = LocalText::new("1~2,000자로 입력해 주세요.", "1 to 2,000 characters.");

/// A list, whole.
#[derive(Serialize)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Keyword {
    id: String,
    keywords: Vec<String>,
    text: String,
    links: Vec<ShownLink>,
    quick_replies: Vec<String>,
    rank: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShownLink {
    title: String,
    url: String,
}

/// What is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    keywords: Vec<String>,
    text: String,
    #[serde(default)]
    links: Vec<ShownLink>,
    #[serde(default)]
    quick_replies: Vec<String>,
    #[serde(default)]
    rank: i64,
}

impl From<KeywordAnswer> for Keyword {
    fn from(answer: KeywordAnswer) -> Self {
        let link = |link: Link| ShownLink {
            title: link.title,
            url: link.url,
        };
        Self {
            id: answer.id.as_str().to_owned(),
            keywords: answer.keywords,
            text: answer.text.into(),
            links: answer.links.into_iter().map(link).collect(),
            quick_replies: answer.quick_replies,
            rank: answer.rank,
        }
    }
}

/// The name in a path.
pub(super) fn name(path: Result<Path<String>, PathRejection>) -> Result<ClientMessageId, Failure> {
    let Path(id) = path.map_err(|_| Failure::field("id", ID))?;
    id.parse().map_err(|_| Failure::field("id", ID))
}

/// A text that is said in a conversation.
pub(super) fn text(text: &str) -> Result<MessageText, Failure> {
    text.parse().map_err(|_| Failure::field("text", TEXT))
}

pub(super) async fn list(State(rest): State<Rest>) -> Result<Answer<Items<Keyword>>, Failure> {
    let found = rest.store().keywords(rest.now()).await?;
    let items = found.into_iter().map(Keyword::from).collect();
    Ok(Answer(Items { items }))
}

pub(super) async fn write(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    id: Result<Path<String>, PathRejection>,
    Json(entry): Json<Entry>,
) -> Result<Answer<Keyword>, Failure> {
    let link = |link: ShownLink| Link {
        title: link.title,
        url: link.url,
    };
    let answer = KeywordAnswer {
        id: name(id)?,
        keywords: entry.keywords,
        text: text(&entry.text)?,
        links: entry.links.into_iter().map(link).collect(),
        quick_replies: entry.quick_replies,
        rank: entry.rank,
    };
    rest.record(&staff, AccessKind::KeywordsChanged, None)
        .await?;
    rest.store().put_keyword(&answer, rest.now()).await?;
    Ok(Answer(answer.into()))
}

pub(super) async fn remove(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let id = name(id)?;
    rest.record(&staff, AccessKind::KeywordsChanged, None)
        .await?;
    rest.store().remove_keyword(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
