//! A few quotes and events to look at, for a laptop. In our own words, and nothing that replaces a doctor.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use domain::clock::later;

use super::store::events::{self, EventRow};
use super::store::quotes::{self, QuoteRow};
use crate::db::{DbError, Pool};

const QUOTES: [&str; 6] = [
    "물 한 잔으로 하루를 시작해 보세요.",
    "약은 설명서를 읽고, 궁금한 것은 약사에게 물어보세요.",
    "잠은 미룰 수 있어도 빌릴 수는 없습니다.",
    "오늘 걸은 만큼 내일이 가벼워집니다.",
    "약을 먹은 시간을 적어 두면 두 번 먹는 일을 막을 수 있습니다.",
    "몸이 보내는 신호는 작을 때 들어 주세요.",
];

/// Title, text, first and last day from today.
const EVENTS: [(&str, &str, i64, i64); 3] = [
    (
        "집 안 약장 정리 주간",
        "사용 기한이 지난 약을 골라 가까운 약국이나 보건소의 수거함에 넣어 주세요.",
        -2,
        12,
    ),
    (
        "알레르기 성분 등록하기",
        "나에게 맞지 않는 성분을 적어 두면 약을 찾을 때 알려 드립니다.",
        0,
        30,
    ),
    (
        "하루 한 번 건강 명언",
        "첫 화면의 건강 명언을 가족과 나눠 보세요.",
        7,
        21,
    ),
];

/// Adds the samples where neither quotes nor events are stored. Says whether it did.
///
/// # Errors
/// Database errors.
pub async fn add_samples(pool: &Pool, now: DateTime<Utc>) -> Result<bool, DbError> {
    let today = now.with_timezone(&Seoul).date_naive();
    let work = move |db: &mut crate::db::Db| {
        let (_, quotes_there) = quotes::page(db, 1, 0)?;
        let (_, events_there) = events::page(db, 1, 0)?;
        if quotes_there + events_there > 0 {
            return Ok(false);
        }
        for text in QUOTES {
            let row = QuoteRow {
                text: text.to_owned(),
                source: None,
            };
            quotes::add(db, &row, now)?;
        }
        for (title, text, from, until) in EVENTS {
            let day = |days: i64| {
                let at = later(now, TimeDelta::days(days));
                at.with_timezone(&Seoul).date_naive()
            };
            let row = EventRow {
                title: title.to_owned(),
                text: text.to_owned(),
                link_url: None,
                image_url: None,
                from: day(from).min(day(until)),
                until: day(until).max(today),
            };
            events::add(db, &row, now)?;
        }
        Ok(true)
    };
    pool.run(move |db| db.write_tx(work)).await
}
