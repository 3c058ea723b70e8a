//! One-time codes of an authenticator app (TOTP, RFC 6238).
//!
//! SHA-1, six digits, thirty seconds: the parameters that every app understands; several silently
//! ignore others. A code of the step before or after is taken as well (RFC 6238, 5.2). That each is
//! used once is for whoever keeps the step of the last one.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::secrets::random;

/// Whom apps name as the issuer.
const ISSUER: &str = "Pillnuts";
/// Bytes of a secret: as many as SHA-1's hash has (RFC 4226, 4, R6 recommends 160 bits).
const SECRET: usize = 20;
/// Longest text that is looked at.
const LONGEST_CODE: usize = 64;

/// A secret that isn't one, or a moment before 1970. A mistake of ours.
#[derive(Debug, thiserror::Error)]
#[error("a secret of one-time codes can't be made or read: {0}")]
pub struct TotpError(String);

fn broken(error: impl std::fmt::Display) -> TotpError {
    TotpError(error.to_string())
}

/// A secret as an app takes it over.
pub struct Enrolment {
    /// In base 32, to be typed, and to be kept sealed.
    pub secret: Zeroizing<String>,
    /// `otpauth://…`, to be opened.
    pub uri: Zeroizing<String>,
}

impl Enrolment {
    /// A new secret, which the app shows under the name `account`.
    ///
    /// # Errors
    /// [`TotpError`], for no account name that signs in here.
    pub fn new(account: &str) -> Result<Self, TotpError> {
        Self::shown(totp(&random::<SECRET>()[..], account)?)
    }

    /// A secret in base 32 that was shown before, once more.
    ///
    /// # Errors
    /// [`TotpError`], also for what is no secret.
    pub fn again(secret: &str, account: &str) -> Result<Self, TotpError> {
        let secret = Secret::try_from_base32(secret).map_err(broken)?;
        Self::shown(totp(secret.as_bytes(), account)?)
    }

    fn shown(totp: Totp) -> Result<Self, TotpError> {
        Ok(Self {
            secret: Zeroizing::new(totp.secret().to_base32()),
            uri: Zeroizing::new(totp.to_url().map_err(broken)?),
        })
    }
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// Six digits, however they were typed: blanks and hyphens don't matter.
#[must_use]
pub fn read_code(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > LONGEST_CODE {
        return None;
    }
    let bare = typed.chars().filter(|c| !matches!(c, ' ' | '-'));
    let bare: Zeroizing<String> = Zeroizing::new(bare.collect());
    let code = bare.len() == 6 && bare.bytes().all(|byte| byte.is_ascii_digit());
    code.then_some(bare)
}

/// The step whose code this is, of the present one and its neighbours; compared in constant time.
/// Whoever asks takes it only if it is later than the last step that was used.
///
/// # Errors
/// [`TotpError`] for what is no secret in base 32.
pub fn step_of(secret: &str, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, TotpError> {
    let secret = Secret::try_from_base32(secret).map_err(broken)?;
    let seconds = u64::try_from(now.timestamp()).map_err(broken)?;
    let step = totp(secret.as_bytes(), "")?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, TotpError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Enrolment, Utc, read_code, step_of};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc_one_step_off_at_most() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            for near in [seconds - 30, seconds, seconds + 30] {
                let step = step_of(secret, code, at(near.max(0))).unwrap();
                assert_eq!(step, Some(seconds / 30));
            }
            for far in [seconds + 61, seconds + 90] {
                assert_eq!(step_of(secret, code, at(far)).unwrap(), None);
            }
        }
        assert!(step_of("not base 32!", "123456", at(59)).is_err());
    }

    #[test]
    fn a_secret_is_shown_alike_each_time() {
        let first = Enrolment::new("haneul7").unwrap();
        let again = Enrolment::again(&first.secret, "haneul7").unwrap();
        assert_eq!(first.uri, again.uri);
        assert_eq!(first.secret.len(), 32);
        let begins = "otpauth://totp/Pillnuts:haneul7?secret=";
        assert!(first.uri.starts_with(begins), "{}", *first.uri);
        assert!(first.uri.contains(first.secret.as_str()));
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        assert_eq!(read_code(" 123-456 ").unwrap().as_str(), "123456");
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            "１２３４５６",
            &"1".repeat(100),
        ] {
            assert!(read_code(bad).is_none(), "{bad}");
        }
    }
}
