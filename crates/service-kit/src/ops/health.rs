//! What the process knows about its own state. Nothing is checked when somebody asks: whoever
//! uses a dependency pushes what it sees, so that asking costs nothing and can't hang.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

/// State of one dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DependencyStatus {
    /// Works.
    Up,
    /// Works in part, or the server does without it: requests are still welcome.
    Degraded,
    /// Does not work, and the server is of no use without it.
    Down,
}

/// State of the whole server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Readiness {
    /// Everything works.
    Ready,
    /// Requests are welcome, but some of them will fail or show older data.
    Degraded,
    /// Requests should go elsewhere.
    NotReady,
    /// The server is about to end.
    Stopping,
}

impl Readiness {
    /// HTTP status of `/readyz`: 200 where requests are welcome, else 503.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Ready | Self::Degraded => 200,
            Self::NotReady | Self::Stopping => 503,
        }
    }
}

/// What `/readyz` says about one dependency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DependencyReport {
    /// Name given on registration.
    pub name: &'static str,
    /// Present state.
    pub status: DependencyStatus,
    /// One fixed sentence. It is a constant of the program, so that no cause or secret can slip
    /// into it.
    pub detail: &'static str,
    /// Since when the state has been this one (UTC, RFC 3339).
    #[serde(serialize_with = "rfc3339")]
    pub since: DateTime<Utc>,
}

/// The answer of `/readyz`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// State of the whole server.
    pub status: Readiness,
    /// Every registered dependency, in the order of registration.
    pub dependencies: Vec<DependencyReport>,
    /// Facts about the data served, such as its age.
    pub data: Map<String, Value>,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    dependencies: Vec<DependencyReport>,
    data_as_of: Option<DateTime<Utc>>,
    facts: Map<String, Value>,
}

/// The process's state; a cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<State>>);

impl Health {
    /// A server without dependencies, which is ready.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dependency, which is down until the first push.
    #[must_use]
    pub fn register(&self, name: &'static str) -> Dependency {
        let mut state = self.state();
        let index = state.dependencies.len();
        state.dependencies.push(DependencyReport {
            name,
            status: DependencyStatus::Down,
            detail: "not checked yet",
            since: Utc::now(),
        });
        drop(state);
        record(name, DependencyStatus::Down);
        Dependency {
            health: self.clone(),
            index,
            name,
        }
    }

    /// Says that the server is about to end. There is no way back.
    pub fn stopping(&self) {
        self.state().stopping = true;
    }

    /// Says when the data served was last brought up to date; shown as `data.asOf` and
    /// `data.ageSeconds`.
    pub fn set_data_as_of(&self, as_of: Option<DateTime<Utc>>) {
        self.state().data_as_of = as_of;
    }

    /// Shows one more fact under `data`. It must be fit for the eyes of an operator: no secrets,
    /// no personal data.
    pub fn set_fact(&self, name: &'static str, value: impl Into<Value>) {
        self.state().facts.insert(name.to_owned(), value.into());
    }

    /// State of the whole server.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        self.state().readiness()
    }

    /// Everything that `/readyz` shows.
    #[must_use]
    pub fn report(&self) -> Report {
        let state = self.state();
        let mut data = state.facts.clone();
        if let Some(as_of) = state.data_as_of {
            let age = Utc::now().signed_duration_since(as_of).num_seconds().max(0);
            data.insert(
                "asOf".into(),
                as_of.to_rfc3339_opts(SecondsFormat::Secs, true).into(),
            );
            data.insert("ageSeconds".into(), age.into());
        }
        Report {
            status: state.readiness(),
            dependencies: state.dependencies.clone(),
            data,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn readiness(&self) -> Readiness {
        let any = |status| self.dependencies.iter().any(|one| one.status == status);
        if self.stopping {
            Readiness::Stopping
        } else if any(DependencyStatus::Down) {
            Readiness::NotReady
        } else if any(DependencyStatus::Degraded) {
            Readiness::Degraded
        } else {
            Readiness::Ready
        }
    }
}

/// The right to say how one dependency is; a cheap handle.
#[derive(Debug, Clone)]
pub struct Dependency {
    health: Health,
    index: usize,
    name: &'static str,
}

impl Dependency {
    /// It works.
    pub fn up(&self) {
        self.push(DependencyStatus::Up, "");
    }

    /// It works in part, or the server does without it.
    pub fn degraded(&self, detail: &'static str) {
        self.push(DependencyStatus::Degraded, detail);
    }

    /// It does not work, and the server is of no use without it.
    pub fn down(&self, detail: &'static str) {
        self.push(DependencyStatus::Down, detail);
    }

    /// The state pushed last.
    #[must_use]
    pub fn status(&self) -> DependencyStatus {
        let state = self.health.state();
        state
            .dependencies
            .get(self.index)
            .map_or(DependencyStatus::Down, |one| one.status)
    }

    /// Takes over a state; a change is logged once, however often it is pushed.
    fn push(&self, status: DependencyStatus, detail: &'static str) {
        let mut state = self.health.state();
        let Some(entry) = state.dependencies.get_mut(self.index) else {
            return;
        };
        let changed = entry.status != status;
        if changed {
            entry.since = Utc::now();
        }
        entry.status = status;
        entry.detail = detail;
        drop(state);
        if changed {
            record(self.name, status);
            let name = self.name;
            match status {
                DependencyStatus::Up => tracing::info!(dependency = name, "dependency is up"),
                DependencyStatus::Degraded => {
                    tracing::warn!(dependency = name, detail, "dependency is degraded");
                }
                DependencyStatus::Down => {
                    tracing::error!(dependency = name, detail, "dependency is down");
                }
            }
        }
    }
}

/// The state as a gauge: 1 up, 0.5 degraded, 0 down.
fn record(name: &'static str, status: DependencyStatus) {
    let value = match status {
        DependencyStatus::Up => 1.0,
        DependencyStatus::Degraded => 0.5,
        DependencyStatus::Down => 0.0,
    };
    metrics::gauge!("dependency_up", "dependency" => name).set(value);
}

fn rfc3339<S: serde::Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_dependency_decides_and_stopping_beats_all() {
        let health = Health::new();
        assert_eq!(health.readiness(), Readiness::Ready);
        let (a, b) = (health.register("a"), health.register("b"));
        assert_eq!(health.readiness(), Readiness::NotReady);
        a.up();
        b.degraded("slow");
        assert_eq!(health.readiness(), Readiness::Degraded);
        b.down("gone");
        assert_eq!(health.readiness(), Readiness::NotReady);
        b.up();
        assert_eq!(health.readiness(), Readiness::Ready);
        health.stopping();
        assert_eq!(health.readiness(), Readiness::Stopping);
    }

    #[test]
    fn since_moves_only_with_the_state() {
        let health = Health::new();
        let a = health.register("a");
        let since = |health: &Health| health.report().dependencies[0].since;
        let first = since(&health);
        a.down("still gone");
        assert_eq!(since(&health), first);
        assert_eq!(health.report().dependencies[0].detail, "still gone");
        a.up();
        assert!(since(&health) >= first);
        assert_eq!(a.status(), DependencyStatus::Up);
    }

    #[test]
    fn shows_the_age_of_the_data() {
        let health = Health::new();
        health.set_data_as_of(Some(Utc::now() - chrono::TimeDelta::seconds(90)));
        health.set_fact("products", 43_000);
        let data = health.report().data;
        assert!((90..100).contains(&data["ageSeconds"].as_i64().expect("a number")));
        assert_eq!(data["products"], 43_000);
    }
}
