//! Days on which nobody counsels, beside the statutory ones (임시공휴일).

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answer};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use service_kit::problem::LocalText;

use super::Rest;
use super::body::Json;
use super::failure::Failure;
use super::keywords::Items;
use crate::identity::Staff;
use crate::store::{AccessKind, Holiday};

const DATE: LocalText = LocalText::new(
    "2026-10-02와 같은 날짜로 입력해 주세요.",
    "A date such as 2026-10-02.",
);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Day {
    date: String,
    name: String,
}

/// What is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    name: String,
}

impl From<Holiday> for Day {
    fn from(holiday: Holiday) -> Self {
        Self {
            date: holiday.date.to_string(),
            name: holiday.name,
        }
    }
}

/// Ten characters: chrono takes other spellings of a day, too.
fn date(path: Result<Path<String>, PathRejection>) -> Result<NaiveDate, Failure> {
    let wrong = || Failure::field("date", DATE);
    let Path(text) = path.map_err(|_| wrong())?;
    let date: NaiveDate = text.parse().map_err(|_| wrong())?;
    (date.to_string() == text).then_some(date).ok_or_else(wrong)
}

pub(super) async fn list(State(rest): State<Rest>) -> Result<Answer<Items<Day>>, Failure> {
    let found = rest.store().holidays(rest.now()).await?;
    let items = found.into_iter().map(Day::from).collect();
    Ok(Answer(Items { items }))
}

pub(super) async fn write(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    path: Result<Path<String>, PathRejection>,
    Json(entry): Json<Entry>,
) -> Result<Answer<Day>, Failure> {
    let holiday = Holiday {
        date: date(path)?,
        name: entry.name,
    };
    rest.record(&staff, AccessKind::HolidaysChanged, None)
        .await?;
    rest.store().put_holiday(&holiday, rest.now()).await?;
    Ok(Answer(holiday.into()))
}

pub(super) async fn remove(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let date = date(path)?;
    rest.record(&staff, AccessKind::HolidaysChanged, None)
        .await?;
    rest.store().remove_holiday(date).await?;
    Ok(StatusCode::NO_CONTENT)
}
