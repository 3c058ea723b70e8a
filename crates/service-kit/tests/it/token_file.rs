//! Keys from a file that somebody else writes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use service_kit::token::{KeyFile, KeyFileError, KeySetError, Reload, TokenError, TokenVerifier};
use tokio_util::sync::CancellationToken;

use crate::token::{Signer, jwks, now, verifier};

struct Place {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("access.jwks");
    Place {
        _folder: folder,
        path,
    }
}

/// As web-api does it: beside the file, then over it.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

fn takes(verifier: &TokenVerifier, signer: &Signer) -> bool {
    verifier.verify(&signer.token(), now()).is_ok()
}

#[test]
fn a_server_starts_without_the_file() {
    let place = place();
    let (a, verifier) = (Signer::new("a", 1), verifier(&[]));
    let mut file = KeyFile::new(&place.path, Arc::clone(&verifier));
    let missing = KeyFileError::Unreadable(ErrorKind::NotFound);
    assert_eq!(file.reload(), Reload::Kept(missing));
    assert_eq!(file.reload(), Reload::Unchanged);
    assert_eq!(verifier.verify(&a.token(), now()), Err(TokenError::NoKeys));
    replace(&place.path, &jwks(&[&a]));
    assert_eq!(file.reload(), Reload::Replaced { keys: 1 });
    assert_eq!(file.reload(), Reload::Unchanged);
    assert!(takes(&verifier, &a));
}

#[test]
fn a_rotation_goes_through_both_keys() {
    let place = place();
    let (a, b, verifier) = (Signer::new("a", 1), Signer::new("b", 2), verifier(&[]));
    let mut file = KeyFile::new(&place.path, Arc::clone(&verifier));
    for (signers, expected) in [
        (vec![&a], [true, false]),
        (vec![&a, &b], [true, true]),
        (vec![&b], [false, true]),
    ] {
        replace(&place.path, &jwks(&signers));
        assert_eq!(
            file.reload(),
            Reload::Replaced {
                keys: signers.len()
            }
        );
        assert_eq!([takes(&verifier, &a), takes(&verifier, &b)], expected);
    }
    // The same name with another key is another key.
    let other = Signer::new("b", 3);
    replace(&place.path, &jwks(&[&other]));
    assert_eq!(file.reload(), Reload::Replaced { keys: 1 });
    assert_eq!(
        [takes(&verifier, &b), takes(&verifier, &other)],
        [false, true]
    );
}

#[test]
fn whatever_happens_to_the_file_good_keys_stay() {
    let place = place();
    let (a, b, verifier) = (Signer::new("a", 1), Signer::new("b", 2), verifier(&[]));
    let mut file = KeyFile::new(&place.path, Arc::clone(&verifier));
    let good = jwks(&[&a]);
    replace(&place.path, &good);
    assert_eq!(file.reload(), Reload::Replaced { keys: 1 });

    // Written in place, every beginning of it seen.
    let next = jwks(&[&a, &b]);
    for length in 0..next.len() {
        std::fs::write(&place.path, &next[..length]).unwrap();
        assert_eq!(
            file.reload(),
            Reload::Kept(KeyFileError::Keys(KeySetError::Form)),
            "{length}"
        );
        assert!(!takes(&verifier, &b));
    }
    assert!(takes(&verifier, &a));
    std::fs::write(&place.path, &next).unwrap();
    assert_eq!(file.reload(), Reload::Replaced { keys: 2 });
    assert!(takes(&verifier, &b));

    std::fs::write(&place.path, [0xFF, 0xFE]).unwrap();
    let not_text = KeyFileError::Unreadable(ErrorKind::InvalidData);
    assert_eq!(file.reload(), Reload::Kept(not_text));
    std::fs::write(&place.path, vec![b' '; 10_000_000]).unwrap();
    assert_eq!(
        file.reload(),
        Reload::Kept(KeyFileError::Keys(KeySetError::TooLong))
    );
    std::fs::remove_file(&place.path).unwrap();
    let missing = KeyFileError::Unreadable(ErrorKind::NotFound);
    assert_eq!(file.reload(), Reload::Kept(missing));
    std::fs::create_dir(&place.path).unwrap();
    let no_file = KeyFileError::Unreadable(ErrorKind::InvalidInput);
    assert_eq!(file.reload(), Reload::Kept(no_file));
    assert!(takes(&verifier, &a) && takes(&verifier, &b));

    std::fs::remove_dir(&place.path).unwrap();
    replace(&place.path, &next);
    assert_eq!(file.reload(), Reload::Replaced { keys: 2 });
}

async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_running_server_follows_the_file_until_it_stops() {
    let place = place();
    let (a, b, verifier) = (Signer::new("a", 1), Signer::new("b", 2), verifier(&[]));
    let stop = CancellationToken::new();
    let file = KeyFile::new(&place.path, Arc::clone(&verifier));
    let following = tokio::spawn(file.follow(Duration::from_millis(10), stop.clone()));
    replace(&place.path, &jwks(&[&a]));
    eventually("the first key", || takes(&verifier, &a)).await;
    replace(&place.path, &jwks(&[&b]));
    eventually("the second key", || {
        takes(&verifier, &b) && !takes(&verifier, &a)
    })
    .await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(20), following)
        .await
        .unwrap()
        .unwrap();
}

/// Readers see the old keys or the new ones, never none and never a mixture.
#[test]
fn checks_go_on_while_keys_are_exchanged() {
    let place = place();
    let (a, b, verifier) = (Signer::new("a", 1), Signer::new("b", 2), verifier(&[]));
    let both = Signer::new("both", 3);
    let mut file = KeyFile::new(&place.path, Arc::clone(&verifier));
    replace(&place.path, &jwks(&[&a, &both]));
    file.reload();
    let token = both.token();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| (0..200).all(|_| verifier.verify(&token, now()).is_ok())))
            .collect();
        for turn in 0..100 {
            let one = if turn % 2 == 0 { &b } else { &a };
            replace(&place.path, &jwks(&[one, &both]));
            assert_eq!(file.reload(), Reload::Replaced { keys: 2 });
        }
        assert!(readers.into_iter().all(|reader| reader.join().unwrap()));
    });
}
