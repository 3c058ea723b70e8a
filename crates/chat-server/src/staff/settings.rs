//! Settings of the accounts that this server keeps.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use service_kit::secrets::{Key32, KeyList};
use service_kit::settings::{AppEnv, Reader, Shape};

/// How accounts of counsellors are kept.
#[derive(Debug, Clone)]
pub struct StaffSettings {
    /// Seals second factors (`CHAT_STAFF_KEY`); else the one of the file.
    pub key: Option<Key32>,
    /// Whether one has to be given: a file of one machine is no place for it in production.
    pub key_required: bool,
    /// Those that it replaced (`CHAT_STAFF_FORMER_KEYS`).
    pub former_keys: KeyList,
    /// Where a key is made when none is given.
    pub key_file: PathBuf,
    /// bcrypt's cost (`CHAT_PASSWORD_COST`).
    pub password_cost: u32,
    /// How long a session lasts at most (`CHAT_CONSOLE_HOURS`).
    pub session_life: TimeDelta,
    /// How long it lasts without being used (`CHAT_CONSOLE_IDLE_MINUTES`).
    pub session_idle: TimeDelta,
    /// Whether browsers send its cookie over TLS only.
    pub secure: bool,
}

impl StaffSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader, env: AppEnv, data_dir: &Path) -> Self {
        let key = Shape::new(
            "32 random bytes in base64, for example the output of openssl rand -base64 32",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        );
        let keys = Shape::new("at most 3 such keys, separated by commas", "(secret)");
        Self {
            key: reader.secret_parsed("CHAT_STAFF_KEY", &key),
            key_required: env.is_production(),
            former_keys: reader
                .secret_parsed("CHAT_STAFF_FORMER_KEYS", &keys)
                .unwrap_or_default(),
            key_file: data_dir.join("keys").join("staff.key"),
            password_cost: reader.integer("CHAT_PASSWORD_COST", 12, lowest_cost(env)..=15),
            session_life: TimeDelta::hours(reader.integer("CHAT_CONSOLE_HOURS", 12, 1..=24)),
            session_idle: TimeDelta::minutes(reader.integer(
                "CHAT_CONSOLE_IDLE_MINUTES",
                60,
                5..=720,
            )),
            secure: env.is_production(),
        }
    }
}

/// Tests needn't wait; in production a cheap hash would be found by trying.
fn lowest_cost(env: AppEnv) -> u32 {
    if env.is_production() { 10 } else { 4 }
}
