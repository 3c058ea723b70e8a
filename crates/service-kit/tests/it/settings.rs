//! Getters, their failures, secrets.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use service_kit::settings::{
    AppEnv, Loaded, LogSettings, Reader, SettingsError, Shape, ShutdownSettings, Source,
};

pub(crate) fn read<T>(
    pairs: &[(&str, &str)],
    get: impl FnOnce(&mut Reader) -> T,
) -> Result<Loaded<T>, SettingsError> {
    let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
    let value = get(&mut reader);
    reader.finish(value)
}

pub(crate) fn value<T>(pairs: &[(&str, &str)], get: impl FnOnce(&mut Reader) -> T) -> T {
    read(pairs, get).map(|loaded| loaded.settings).unwrap()
}

fn failure<T>(text: &str, get: impl FnOnce(&mut Reader) -> T) -> String {
    match read(&[("X", text)], get) {
        Ok(_) => panic!("{text:?} was taken"),
        Err(error) => error.to_string().lines().nth(1).unwrap().trim().to_owned(),
    }
}

pub(crate) fn secret_shape() -> Shape {
    Shape::new("a key", "the-key")
}

#[test]
fn good_values_are_taken_and_missing_ones_have_defaults() {
    assert_eq!(value(&[("X", " a b ")], |r| r.string("X", "d")), "a b");
    assert_eq!(value(&[("X", "  ")], |r| r.string("X", "d")), "d");
    assert_eq!(value(&[("X", "0")], |r| r.port("X", 1)), 0);
    assert_eq!(value(&[], |r| r.port("X", 8080)), 8080);
    assert_eq!(value(&[("X", "-3")], |r| r.integer("X", 0, -5..=5)), -3);
    assert_eq!(
        value(&[("X", "90")], |r| r.seconds("X", 1, 0..=100)),
        Duration::from_secs(90)
    );
    assert!(value(&[("X", "YES")], |r| r.bool("X", false)));
    assert!(!value(&[("X", "0")], |r| r.bool("X", true)));
    let shape = Shape::new("numbers", "1,2");
    assert_eq!(
        value(&[("X", "1, 2,,")], |r| r.list::<u8>("X", &shape)),
        [1, 2]
    );
    assert_eq!(
        value(&[], |r| r.path("X", Path::new("d/e"))),
        PathBuf::from("d/e")
    );
    let url = value(&[("X", "https://a.example/b")], |r| {
        r.optional_url("X", "https://e.example")
    });
    assert_eq!(url.unwrap().host_str(), Some("a.example"));
    assert!(value(&[("APP_ENV", "production")], AppEnv::read).is_production());
}

fn assert_failure(text: &str, parts: [&str; 3]) {
    for part in ["X: expected "].into_iter().chain(parts) {
        assert!(text.contains(part), "{part:?} is missing in {text:?}");
    }
}

#[test]
fn every_failure_of_a_number_names_variable_shape_and_example() {
    let text = failure("70000", |r| r.port("X", 80));
    assert_failure(
        &text,
        ["a port number from 0 to 65535", "X=80", "\"70000\""],
    );
    let text = failure("6", |r| r.integer("X", 1, 0..=5));
    assert_failure(&text, ["a whole number from 0 to 5", "X=1", "\"6\""]);
    let text = failure("1.5", |r| r.integer("X", 1, 0..=5));
    assert_failure(&text, ["a whole number", "X=1", "1.5"]);
    let text = failure("1m", |r| r.seconds("X", 9, 1..=10));
    assert_failure(&text, ["whole seconds from 1 to 10", "X=9", "1m"]);
}

#[test]
fn every_other_failure_names_variable_shape_and_example() {
    let numbers = Shape::new("numbers", "1,2");
    let text = failure("perhaps", |r| r.bool("X", true));
    assert_failure(&text, ["true or false", "X=true", "perhaps"]);
    let text = failure("1,b", |r| r.list::<u8>("X", &numbers));
    assert_failure(&text, ["numbers", "X=1,2", "\"b\""]);
    let text = failure(&"1,".repeat(101), |r| r.list::<u8>("X", &numbers));
    assert_failure(&text, ["numbers", "X=1,2", "101 entries"]);
    let text = failure("me", |r| r.parsed("X", 1_u8, &numbers));
    assert_failure(&text, ["numbers", "X=1,2", "invalid digit"]);
    let text = failure("a b", |r| r.host("X", [127, 0, 0, 1].into()));
    assert_failure(&text, ["an IP address", "X=127.0.0.1", "a b"]);
    let text = failure("ftp://x", |r| r.optional_url("X", "https://e"));
    assert_failure(
        &text,
        ["an http or https address", "X=https://e", "ftp://x"],
    );
}

#[test]
fn a_wrong_value_is_shown_short_and_on_one_line() {
    let text = failure(&format!("a\n\u{1b}[31m{}", "x".repeat(500)), |r| {
        r.bool("X", true)
    });
    assert!(
        text.len() < 250 && !text.contains('\u{1b}') && text.contains('…'),
        "{text}"
    );
}

#[test]
fn all_failures_come_together_in_order() {
    let error = read(&[("A", "x"), ("B", "y"), ("C", "1")], |r| {
        r.port("A", 1);
        r.bool("B", true);
        // Another concern needs it too.
        r.port("A", 1);
        r.port("C", 1);
        r.fail("D", "doesn't go with A");
    })
    .unwrap_err();
    assert!(
        error.to_string().starts_with("3 settings can't be used:"),
        "{error}"
    );
    let names: Vec<_> = error
        .failures()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["A", "B", "D"]);
}

#[test]
fn required_settings_are_missed_by_name() {
    let mut reader = Reader::new(Source::from_pairs([("Y", "")]));
    let key = reader.required_secret("Y", &secret_shape());
    let number = reader.required_parsed::<u8>("Z", &Shape::new("a number", "7"));
    let error = reader
        .finish_required(key.zip(number))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Y: is required: expected a key, for example Y=the-key"),
        "{error}"
    );
    assert!(
        error.contains("Z: is required: expected a number, for example Z=7"),
        "{error}"
    );
}

#[test]
fn secrets_cant_be_printed() {
    let pairs = [
        ("KEY", "hunter2"),
        ("URL", "mysql://u:hunter2@h"),
        ("LINK", "https://u:hunter2@h"),
        ("URL_OF_ANOTHER", "mysql://u:hunter2@h"),
        ("LIST", "1,mysql://u:hunter2@h"),
    ];
    let source = Source::from_pairs(pairs);
    let mut printed = format!("{source:?}");
    let mut reader = Reader::new(source);
    let key: Option<SecretString> = reader.secret("KEY", &secret_shape());
    assert_eq!(key.as_ref().unwrap().expose_secret(), "hunter2");
    // The error of this parser quotes what it was given.
    assert!(
        reader
            .secret_parsed::<Quoting>("URL", &Shape::new("a number", "7"))
            .is_none()
    );
    reader.optional_url("LINK", "https://e");
    // A password in a setting that is no place for one.
    reader.parsed("URL_OF_ANOTHER", Quoting, &Shape::new("a number", "7"));
    reader.list::<Quoting>("LIST", &Shape::new("numbers", "7"));
    printed.push_str(&format!("{reader:?} {key:?}"));
    let error = reader.finish(()).unwrap_err();
    printed.push_str(&format!("{error} {error:?}"));
    assert!(printed.contains("URL: expected a number"), "{printed}");
    assert_eq!(error.failures().len(), 4, "{printed}");
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[derive(Debug)]
struct Quoting;

impl std::str::FromStr for Quoting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(text.to_owned())
    }
}

#[test]
fn misspelt_names_are_warned_about() {
    let pairs = [
        ("CHAT_PROT", "1"),
        ("CAHT_PORT", "1"),
        ("CHAT_ORIGINS", "1"),
    ];
    let loaded = read(&pairs, |r| r.port("CHAT_PORT", 1));
    assert_eq!(
        loaded.unwrap().warnings,
        [
            "CAHT_PORT is not a setting and is ignored; did you mean CHAT_PORT?",
            "CHAT_ORIGINS is not a setting and is ignored",
            "CHAT_PROT is not a setting and is ignored; did you mean CHAT_PORT?",
        ]
    );
}

#[test]
fn common_settings_are_checked() {
    for (name, text, expected) in [
        ("LOG_LEVEL", "inof", "the levels are"),
        ("LOG_LEVEL", "a=b=c", "LOG_LEVEL=info"),
        ("LOG_FORMAT", "xml", "pretty or json"),
        ("APP_ENV", "prod", "development or production"),
    ] {
        let error = read(&[(name, text)], |r| {
            AppEnv::read(r);
            LogSettings::read(r, Path::new("data"));
        });
        let error = error.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(expected), "{error}");
    }
    let log = value(&[("LOG_LEVEL", "warn,web_api=debug")], |r| {
        LogSettings::read(r, Path::new("d"))
    });
    assert_eq!(log.dir, Path::new("d/logs"));
    let stop = [
        ("SHUTDOWN_GRACE_SECONDS", "30"),
        ("SHUTDOWN_DEADLINE_SECONDS", "10"),
    ];
    let error = read(&stop, ShutdownSettings::read).unwrap_err().to_string();
    assert!(
        error.contains("less than SHUTDOWN_DEADLINE_SECONDS"),
        "{error}"
    );
}
