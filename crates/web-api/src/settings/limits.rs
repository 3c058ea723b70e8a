//! How often somebody may ask.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use service_kit::settings::{AppEnv, Reader, Shape};

use crate::http::rate::shared::RedisAddress;
use crate::http::rate::{Rate, RateClass, Rates};

const SWITCH: &str = "RATE_LIMITS";

/// Rate limits.
#[derive(Debug, Clone)]
pub struct LimitSettings {
    /// The rates; `None` where limits are off (`RATE_LIMITS`, `RATE_LIMIT_…`).
    pub rates: Option<Rates>,
    /// Where instances count together (`REDIS_URL`).
    pub redis: Option<RedisAddress>,
    /// How long Redis has for an answer (`REDIS_TIMEOUT_MILLISECONDS`).
    pub redis_timeout: Duration,
}

impl LimitSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Self {
        let shape = Shape::new("on, off, or off-in-production", "on");
        let switch = reader.parsed(SWITCH, Switch::On, &shape);
        if switch == Switch::Off && env.is_production() {
            reader.fail(
                SWITCH,
                "off is for load tests; with APP_ENV=production expected on, or off-in-production \
                 where something else limits",
            );
        }
        let rates = Rates::new(|class| {
            let (name, default) = setting(class);
            let shape = Shape::new("a number per second, minute, hour or day", default);
            reader.parsed(name, default, &shape)
        });
        let shape = Shape::new(
            "redis:// or rediss:// with host and port",
            "redis://localhost:6379",
        );
        let milliseconds = reader.integer("REDIS_TIMEOUT_MILLISECONDS", 50, 1..=10_000);
        Self {
            rates: (switch == Switch::On).then_some(rates),
            redis: reader.secret_parsed("REDIS_URL", &shape),
            redis_timeout: Duration::from_millis(milliseconds),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
    OffInProduction,
}

impl FromStr for Switch {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            "off-in-production" => Ok(Self::OffInProduction),
            _ => Err("none of these"),
        }
    }
}

/// The variable of a class and what holds without it. A person meets none of them: 20 suggestions a
/// second is more than fingers do, and several people may share an address.
const fn setting(class: RateClass) -> (&'static str, Rate) {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    match class {
        RateClass::Search => ("RATE_LIMIT_SEARCH", rate(1_200, MINUTE)),
        RateClass::Detail => ("RATE_LIMIT_DETAIL", rate(1_200, MINUTE)),
        RateClass::Pages => ("RATE_LIMIT_PAGES", rate(3_000, MINUTE)),
        RateClass::SignIn => ("RATE_LIMIT_SIGN_IN", rate(60, MINUTE)),
        RateClass::Sms => ("RATE_LIMIT_SMS", rate(30, HOUR)),
        RateClass::Writes => ("RATE_LIMIT_WRITES", rate(300, MINUTE)),
        RateClass::Admin => ("RATE_LIMIT_ADMIN", rate(600, MINUTE)),
        RateClass::Internal => ("RATE_LIMIT_INTERNAL", rate(1_200, MINUTE)),
    }
}

const fn rate(count: u32, seconds: u64) -> Rate {
    let count = match NonZeroU32::new(count) {
        Some(count) => count,
        None => NonZeroU32::MIN,
    };
    Rate {
        count,
        period: Duration::from_secs(seconds),
    }
}

#[cfg(test)]
mod tests {
    use service_kit::settings::Source;

    use super::*;

    fn read(env: AppEnv, pairs: &[(&str, &str)]) -> Result<LimitSettings, String> {
        let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
        let settings = LimitSettings::read(&mut reader, env);
        reader
            .finish(settings)
            .map(|loaded| loaded.settings)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn switching_limits_off_takes_a_name_in_production() {
        let (here, there) = (AppEnv::Development, AppEnv::Production);
        assert!(read(there, &[]).expect("fine").rates.is_some());
        assert!(
            read(here, &[(SWITCH, "off")])
                .expect("fine")
                .rates
                .is_none()
        );
        let refused = read(there, &[(SWITCH, "off")]).expect_err("not by accident");
        assert!(refused.contains(SWITCH), "{refused}");
        let named = read(there, &[(SWITCH, "off-in-production")]);
        assert!(named.expect("by name").rates.is_none());
        assert!(read(here, &[(SWITCH, "no")]).is_err());
    }

    #[test]
    fn a_redis_password_is_never_shown() {
        let url = "redis://user:s3cret@localhost:6379/0";
        let settings = read(AppEnv::Development, &[("REDIS_URL", url)]).expect("fine");
        assert!(!format!("{settings:?}").contains("s3cret"));
        let refused = read(AppEnv::Development, &[("REDIS_URL", "http://:s3cret@x")]);
        let text = refused.expect_err("not Redis");
        assert!(
            text.contains("REDIS_URL") && !text.contains("s3cret"),
            "{text}"
        );
    }

    #[test]
    fn rates_have_the_variable_in_their_failure() {
        let refused = read(AppEnv::Development, &[("RATE_LIMIT_SMS", "5/week")]);
        assert!(refused.expect_err("no week").contains("RATE_LIMIT_SMS"));
    }
}
