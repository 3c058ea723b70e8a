//! Files, their rotation, errors, panics.

use std::path::Path;

use serde_json::Value;
use service_kit::logging::{self, KEPT_FILES};
use service_kit::settings::{LogFormat, LogSettings};

fn settings(dir: &Path) -> LogSettings {
    LogSettings {
        format: LogFormat::Json,
        filter: "info".to_owned(),
        dir: dir.to_owned(),
        silenced: &["chatty_library"],
    }
}

fn files(dir: &Path, prefix: &str) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    names
}

/// The lines of today's file of one kind.
fn lines(dir: &Path, prefix: &str) -> Vec<Value> {
    let name = files(dir, prefix).pop().unwrap();
    let text = std::fs::read_to_string(dir.join(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn everything_goes_to_one_file_and_errors_to_another_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let (dispatch, guard) = logging::build(&settings(dir.path()), "svc").unwrap();
    tracing::dispatcher::with_default(&dispatch, || {
        let _span = tracing::info_span!("request", request_id = "r-1").entered();
        tracing::debug!("hidden");
        tracing::info!(status = 200, "fine");
        tracing::error!("broken");
    });
    guard.flush();
    let all = lines(dir.path(), "svc.all.");
    let messages: Vec<_> = all
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages, ["fine", "broken"]);
    assert_eq!(all[0]["status"], 200);
    assert_eq!(all[0]["span"]["request_id"], "r-1");
    let time = all[0]["timestamp"].as_str().unwrap();
    assert!(
        time.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(time).is_ok(),
        "{time}"
    );
    let errors = lines(dir.path(), "svc.error.");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["message"], "broken");
    assert_eq!(errors[0]["span"]["request_id"], "r-1");
    assert_eq!(guard.dropped_lines(), 0);
}

#[test]
fn files_are_named_by_day_and_only_a_month_of_each_kind_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    for kind in ["all", "error"] {
        for day in 0..40 {
            let name = format!(
                "svc.{kind}.2020-{:02}-{:02}.log",
                1 + day / 28,
                1 + day % 28
            );
            std::fs::write(dir.path().join(name), "old").unwrap();
        }
    }
    std::fs::write(dir.path().join("other.all.2020-01-01.log"), "not ours").unwrap();
    let (_dispatch, guard) = logging::build(&settings(dir.path()), "svc").unwrap();
    guard.flush();
    let today = chrono::Utc::now()
        .format("svc.all.%Y-%m-%d.log")
        .to_string();
    assert!(files(dir.path(), "svc.all.").contains(&today));
    assert_eq!(files(dir.path(), "svc.all.").len(), KEPT_FILES);
    assert_eq!(files(dir.path(), "svc.error.").len(), KEPT_FILES);
    assert_eq!(files(dir.path(), "other.").len(), 1);
}

#[test]
fn no_filter_brings_back_a_silenced_library() {
    let dir = tempfile::tempdir().unwrap();
    let settings = LogSettings {
        filter: "trace,chatty_library=trace,chatty_library::session=trace".to_owned(),
        ..settings(dir.path())
    };
    let (dispatch, guard) = logging::build(&settings, "svc").unwrap();
    tracing::dispatcher::with_default(&dispatch, || {
        let _span =
            tracing::info_span!(target: "chatty_library::session", "s", sid = "s-3cret").entered();
        tracing::error!(target: "chatty_library::session", sid = "s-3cret", "broken");
        tracing::info!("ours");
    });
    guard.flush();
    let all = lines(dir.path(), "svc.all.");
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["message"], "ours");
    assert!(!all[0].to_string().contains("s-3cret"), "{}", all[0]);
}

#[test]
fn a_folder_that_cant_be_used_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let error = logging::build(&settings(&file.join("logs")), "svc")
        .unwrap_err()
        .to_string();
    assert!(error.contains("LOG_DIR: expected a folder"), "{error}");
}

#[test]
fn panics_are_logged_with_place_and_request() {
    let dir = tempfile::tempdir().unwrap();
    let (dispatch, guard) = logging::build(&settings(dir.path()), "svc").unwrap();
    let before = std::panic::take_hook();
    logging::log_panics();
    let worker = std::thread::spawn(move || {
        tracing::dispatcher::with_default(&dispatch, || {
            let _span = tracing::info_span!("request", request_id = "r-2").entered();
            panic!("dropped the {}", "pill");
        });
    });
    assert!(worker.join().is_err());
    std::panic::set_hook(before);
    guard.flush();
    let errors = lines(dir.path(), "svc.error.");
    assert_eq!(errors[0]["message"], "panic: dropped the pill");
    assert_eq!(errors[0]["span"]["request_id"], "r-2");
    assert!(
        errors[0]["location"]
            .as_str()
            .unwrap()
            .contains("logging.rs:"),
        "{}",
        errors[0]
    );
}
