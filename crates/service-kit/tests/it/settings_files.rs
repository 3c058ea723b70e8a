//! Values from files: behind `NAME_FILE`, in `.env`, in the sample.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use service_kit::settings::{Reader, Source};

use crate::settings::{read, secret_shape, value};

fn file_failure(content: Option<&[u8]>) -> Result<Option<SecretString>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("value");
    if let Some(content) = content {
        std::fs::write(&path, content).unwrap();
    }
    let pairs = [("KEY_FILE", path.to_str().unwrap())];
    read(&pairs, |r| r.secret("KEY", &secret_shape()))
        .map(|loaded| loaded.settings)
        .map_err(|error| error.to_string())
}

#[test]
fn files_give_values_without_the_last_line_end() {
    for (content, expected) in [
        ("k", "k"),
        ("k\n", "k"),
        ("k\r\n", "k"),
        ("k\n\n", "k\n"),
        (" k ", " k "),
    ] {
        let key = file_failure(Some(content.as_bytes())).unwrap().unwrap();
        assert_eq!(key.expose_secret(), expected);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("port");
    std::fs::write(&path, "81\n").unwrap();
    assert_eq!(
        value(&[("P_FILE", path.to_str().unwrap())], |r| r.port("P", 1)),
        81
    );
}

#[test]
fn files_that_give_nothing_are_named() {
    let large = vec![b'x'; 64 * 1024 + 1];
    for (content, expected) in [
        (None, "can't be read"),
        (Some(large.as_slice()), "more than 65536 bytes"),
        (Some(&[0xff, 0xfe][..]), "isn't UTF-8"),
        (Some(b"\n".as_slice()), "is empty"),
    ] {
        let error = file_failure(content).unwrap_err();
        assert!(
            error.contains("KEY_FILE: expected the path of a file"),
            "{error}"
        );
        assert!(error.contains(expected), "{error}");
    }
    let both = read(&[("KEY", "hunter2"), ("KEY_FILE", "/x")], |r| {
        r.secret("KEY", &secret_shape())
    });
    let error = both.unwrap_err().to_string();
    assert!(error.contains("KEY_FILE is set as well"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

fn env_file(content: &str) -> Reader {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, content).unwrap();
    Reader::new(Source::from_env_file(&path))
}

#[test]
fn an_env_file_is_read_and_its_faults_are_told_without_its_secrets() {
    let mut reader = env_file("\u{feff}# note\nA=1\nB='x $y'\n\nC=\"0 2 * * 2\"\n");
    let values = ["A", "B", "C"].map(|name| reader.string(name, ""));
    assert_eq!(values, ["1", "x $y", "0 2 * * 2"]);
    reader.finish(()).unwrap();

    let error = env_file("A=1\nKEY hunter2\n")
        .finish(())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(".env: expected lines") && error.contains("after A"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
    let error = env_file("A=1\nA=2\n").finish(()).unwrap_err().to_string();
    assert!(error.contains("A: is set more than once"), "{error}");
    Reader::new(Source::from_env_file(Path::new("/none/.env")))
        .finish(())
        .unwrap();
}
