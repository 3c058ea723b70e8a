//! `GET /events`

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Days, TimeZone as _, Utc};
use chrono_tz::Asia::Seoul;

use super::of_database;
use crate::accounts::Accounts;
use crate::content::answers::{EventAnswer, Events};
use crate::content::store::events;
use crate::http::cacheable::{self, Freshness};
use crate::http::openapi::Problems;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::routes;

/// Events that run at once, at most: far more than anybody plans.
const MOST: i64 = 100;
/// How long an answer may be used again, at most, in seconds.
const LONGEST: i64 = 60;

/// Lists the events that run today in Korea; their first and their last day belong to them.
#[utoipa::path(
    get,
    path = routes::EVENTS,
    operation_id = "listEvents",
    tag = "content",
    responses((status = 200, description = "Those that end first come first.", body = Events), Problems),
)]
pub(crate) async fn list_events(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let now = accounts.clock.now();
    let today = now.with_timezone(&Seoul).date_naive();
    let running = accounts
        .pool
        .run(move |db| events::running(db, today, MOST));
    let running = running.await.map_err(of_database)?;
    let items = running.into_iter().map(EventAnswer::from).collect();
    let mut response = cacheable::json(&request, Freshness::Public, &Events { items })?;
    // No cache shows yesterday's after midnight.
    let age = format!("public, max-age={}", seconds_left(now).min(LONGEST));
    if let Ok(age) = HeaderValue::try_from(age) {
        response.headers_mut().insert(CACHE_CONTROL, age);
    }
    Ok(response)
}

/// Whole seconds until the day ends in Korea.
fn seconds_left(now: DateTime<Utc>) -> i64 {
    let local = now.with_timezone(&Seoul);
    let midnight = local
        .date_naive()
        .checked_add_days(Days::new(1))
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .and_then(|midnight| Seoul.from_local_datetime(&midnight).earliest());
    midnight.map_or(0, |midnight| {
        midnight.signed_duration_since(local).num_seconds().max(0)
    })
}

#[cfg(test)]
mod tests {
    use super::seconds_left;

    #[test]
    fn a_day_ends_at_midnight_in_korea() {
        for (now, left) in [
            ("2026-03-02T14:59:00Z", 60),
            ("2026-03-02T14:59:59.500Z", 0),
            ("2026-03-02T15:00:00Z", 86_400),
        ] {
            assert_eq!(seconds_left(now.parse().unwrap()), left, "{now}");
        }
    }
}
