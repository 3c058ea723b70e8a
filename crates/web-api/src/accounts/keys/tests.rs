//! Keys in the data folder.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::accounts::keys::{KeySettings, Keys};

#[test]
fn keys_are_made_once_and_for_the_server_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let settings = KeySettings::default();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let open = || scope.spawn(|| Keys::open(&settings, &keys).unwrap());
        let threads = [open(), open(), open(), open()];
        threads.map(|thread| thread.join().unwrap()).into()
    });
    let sealed = opened.first().unwrap().sealer.seal("p", "text").unwrap();
    for one in &opened {
        assert_eq!(*one.sealer.open("p", &sealed).unwrap(), "text");
    }
    let mut names: Vec<_> = fs::read_dir(&keys)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "access.jwks",
            "access.pem",
            "index.key",
            "personal.key",
            "token.key"
        ]
    );
    for name in names.iter().filter(|name| *name != "access.jwks") {
        let mode = fs::metadata(keys.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_damaged_key_is_an_error_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("personal.key");
    fs::write(&path, "damaged").unwrap();
    let error = Keys::open(&KeySettings::default(), folder.path()).unwrap_err();
    assert!(error.to_string().contains("personal.key"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "damaged");
}
