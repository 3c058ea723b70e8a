//! Where the feed is, and when it is read.

use std::str::FromStr;
use std::time::Duration;

use chrono_tz::Tz;
use croner::Cron;
use service_kit::settings::{Reader, Shape};
use url::Url;

use super::Operation;
use super::client::ServiceKey;

/// Settings of the client.
#[derive(Debug, Clone)]
pub struct MfdsSettings {
    /// `MFDS_BASE_URL`, without a slash at its end.
    pub base_url: Url,
    /// `MFDS_SERVICE_KEY`; without it nothing is synchronised.
    pub service_key: Option<ServiceKey>,
    /// `MFDS_PERMIT_LIST_OPERATION`: path after the base.
    pub permit_list: String,
    /// `MFDS_PILL_OPERATION`
    pub pill: String,
    /// `MFDS_EASY_DRUG_OPERATION`
    pub easy_guide: String,
    /// `MFDS_PERMIT_DETAIL_OPERATION`
    pub permit_detail: String,
    /// `MFDS_CONCURRENT_PAGES`: requests at the same time, at most.
    pub concurrent_pages: usize,
    /// `MFDS_TIMEOUT_SECONDS`: one request with its whole answer.
    pub timeout: Duration,
    /// `MFDS_ATTEMPTS`: how often a page is asked for, at most.
    pub attempts: usize,
    /// `MFDS_RETRY_MILLISECONDS`: the pause before the second attempt; it doubles, up to half a minute.
    pub first_pause: Duration,
}

impl MfdsSettings {
    /// Reads the `MFDS_…` variables.
    pub fn read(reader: &mut Reader) -> Self {
        const BASE: &str = "https://apis.data.go.kr/1471000";
        let base_url = reader.optional_url("MFDS_BASE_URL", BASE);
        let shape = Shape::new(
            "the key that data.go.kr shows, encoded or decoded",
            "AbCd12%2B3%3D%3D",
        );
        Self {
            base_url: base_url
                .or_else(|| Url::parse(BASE).ok())
                .unwrap_or_else(local),
            service_key: reader.secret_parsed("MFDS_SERVICE_KEY", &shape),
            permit_list: path(
                reader,
                "MFDS_PERMIT_LIST_OPERATION",
                "DrugPrdtPrmsnInfoService07/getDrugPrdtPrmsnInq07",
            ),
            pill: path(
                reader,
                "MFDS_PILL_OPERATION",
                "MdcinGrnIdntfcInfoService03/getMdcinGrnIdntfcInfoList03",
            ),
            easy_guide: path(
                reader,
                "MFDS_EASY_DRUG_OPERATION",
                "DrbEasyDrugInfoService/getDrbEasyDrugList",
            ),
            permit_detail: path(
                reader,
                "MFDS_PERMIT_DETAIL_OPERATION",
                "DrugPrdtPrmsnInfoService07/getDrugPrdtPrmsnDtlInq06",
            ),
            concurrent_pages: reader.integer("MFDS_CONCURRENT_PAGES", 3, 1..=20),
            timeout: reader.seconds("MFDS_TIMEOUT_SECONDS", 30, 1..=600),
            attempts: reader.integer("MFDS_ATTEMPTS", 5, 1..=20),
            first_pause: Duration::from_millis(reader.integer(
                "MFDS_RETRY_MILLISECONDS",
                500,
                1..=30_000,
            )),
        }
    }

    /// Path of an operation after the base.
    #[must_use]
    pub fn path(&self, operation: Operation) -> &str {
        match operation {
            Operation::PermitList => &self.permit_list,
            Operation::Pill => &self.pill,
            Operation::EasyGuide => &self.easy_guide,
            Operation::PermitDetail => &self.permit_detail,
        }
    }
}

/// Only for the case that the constant above stops being a URL, which a test forbids.
#[expect(clippy::expect_used, reason = "a constant; tested")]
fn local() -> Url {
    Url::parse("http://127.0.0.1:8090/").expect("a constant URL parses")
}

fn path(reader: &mut Reader, name: &str, default: &str) -> String {
    let text = reader.string(name, default);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    if text.is_empty() || !text.chars().all(plain) || text.starts_with('/') || text.contains("..") {
        reader.fail(
            name,
            format!(
                "expected a path after the base without parameters, for example {name}={default}"
            ),
        );
    }
    text
}

/// When the catalogue is synchronised, and what is refused.
#[derive(Debug, Clone)]
pub struct SyncSettings {
    /// `SYNC_SCHEDULE`; `None` where it is `off`.
    pub schedule: Option<Box<Cron>>,
    /// `SYNC_TIME_ZONE`: the zone of the schedule.
    pub time_zone: Tz,
    /// `SYNC_MAX_ROW_DROP_PERCENT`: a feed that lost more is not taken over.
    pub max_drop_percent: u8,
    /// `SYNC_LEASE_SECONDS`: how long a runner that died keeps others from running.
    pub lease: Duration,
}

/// `off`, or a cron expression of five fields.
struct Schedule(Option<Box<Cron>>);

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("off") {
            return Ok(Self(None));
        }
        let cron = Cron::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self(Some(Box::new(cron))))
    }
}

impl SyncSettings {
    /// Reads the `SYNC_…` variables.
    pub fn read(reader: &mut Reader) -> Self {
        const WEEKLY: &str = "0 2 * * 2";
        let shape = Shape::new("a cron expression, or off", format!("\"{WEEKLY}\""));
        let weekly = || Schedule(Cron::from_str(WEEKLY).ok().map(Box::new));
        let schedule = reader
            .optional_parsed::<Schedule>("SYNC_SCHEDULE", &shape)
            .unwrap_or_else(weekly);
        let shape = Shape::new("a time zone of the tz database", "Asia/Seoul");
        Self {
            schedule: schedule.0,
            time_zone: reader.parsed("SYNC_TIME_ZONE", Tz::Asia__Seoul, &shape),
            max_drop_percent: reader.integer("SYNC_MAX_ROW_DROP_PERCENT", 5, 0..=100),
            lease: reader.seconds("SYNC_LEASE_SECONDS", 60, 3..=3600),
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::settings::{Reader, Source};

    use super::{MfdsSettings, SyncSettings};

    fn failures(pairs: &[(&str, &str)]) -> Vec<String> {
        let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
        let settings = (
            MfdsSettings::read(&mut reader),
            SyncSettings::read(&mut reader),
        );
        match reader.finish(settings) {
            Ok(_) => Vec::new(),
            Err(error) => error.failures().iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn defaults_are_the_real_service_once_a_week() {
        let mut reader = Reader::new(Source::from_pairs::<&str, &str>([]));
        let mfds = MfdsSettings::read(&mut reader);
        let sync = SyncSettings::read(&mut reader);
        assert!(reader.finish(()).is_ok());
        assert_eq!(mfds.base_url.as_str(), "https://apis.data.go.kr/1471000");
        assert_eq!(mfds.concurrent_pages, 3);
        assert!(mfds.service_key.is_none());
        assert!(sync.schedule.is_some());
        assert_eq!(sync.time_zone, chrono_tz::Asia::Seoul);
    }

    #[test]
    fn wrong_values_are_named() {
        for (name, value) in [
            ("SYNC_SCHEDULE", "every tuesday"),
            ("SYNC_TIME_ZONE", "Asia/Atlantis"),
            ("SYNC_MAX_ROW_DROP_PERCENT", "101"),
            ("MFDS_BASE_URL", "not a url"),
            ("MFDS_PILL_OPERATION", "a/b?serviceKey=x"),
            ("MFDS_PILL_OPERATION", "../other"),
            ("MFDS_CONCURRENT_PAGES", "0"),
        ] {
            let found = failures(&[(name, value)]);
            assert!(
                matches!(found.as_slice(), [one] if one.starts_with(name)),
                "{name}={value}: {found:?}"
            );
        }
        assert!(failures(&[("SYNC_SCHEDULE", "off")]).is_empty());
    }
}
