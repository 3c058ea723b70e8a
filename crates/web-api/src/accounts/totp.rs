//! Second factors: time-based codes (TOTP, RFC 6238) of an authenticator app, and codes on paper for
//! when the phone is lost.
//!
//! The codes are [`service_kit::totp`]'s; here each is taken once.

use chrono::{DateTime, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use service_kit::totp::{Enrolment, read_code, step_of};
use zeroize::Zeroizing;

use super::keys::{BlindIndex, Sealer, What, random};
use super::store::security::{Factor, Proof};

/// Recovery codes that are given out.
const RECOVERY_CODES: usize = 10;
/// Characters of one, of five bits each.
const RECOVERY_LENGTH: usize = 10;
/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Least width of the picture of the code, in pixels.
const PICTURE: u32 = 240;

/// Why there is no second factor to be had. A mistake of ours.
#[derive(Debug, thiserror::Error)]
#[error("a second factor can't be made or read")]
pub(crate) struct FactorError(#[source] Box<dyn std::error::Error + Send + Sync>);

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> FactorError {
    FactorError(error.into())
}

/// What somebody enters as his second factor.
pub(crate) enum Entered {
    /// Six digits of an app.
    Code(Zeroizing<String>),
    /// A recovery code, in its one spelling.
    Recovery(Zeroizing<String>),
}

impl Entered {
    /// Reads what was typed: blanks and hyphens, capitals and the usual confusions don't matter.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        if let Some(code) = read_code(typed) {
            return Some(Self::Code(code));
        }
        let bare = typed.chars().filter(|c| !matches!(c, ' ' | '-'));
        let bare: Zeroizing<String> = Zeroizing::new(bare.collect());
        let spelt = bare.chars().map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        });
        let spelt: Zeroizing<String> = Zeroizing::new(spelt.collect());
        let fits =
            spelt.len() == RECOVERY_LENGTH && spelt.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then_some(Self::Recovery(spelt))
    }
}

/// A secret that is shown once, to be taken over by an app.
pub(crate) struct Proposal {
    /// In base 32, to be typed.
    pub(crate) secret: Zeroizing<String>,
    /// `otpauth://…`, to be opened.
    pub(crate) uri: Zeroizing<String>,
    /// The same as a picture, to be photographed: SVG.
    pub(crate) picture: Zeroizing<String>,
    /// To be stored.
    pub(crate) sealed: Vec<u8>,
}

/// Where a secret stands: with another member it can't be opened.
fn place(user: &str) -> String {
    format!("account_security.factor_secret:{user}")
}

/// A new secret for a member, whose account the app shows as `account`.
pub(crate) fn propose(sealer: &Sealer, user: &str, account: &str) -> Result<Proposal, FactorError> {
    let Enrolment { secret, uri } = Enrolment::new(account).map_err(broken)?;
    let picture = QrCode::new(uri.as_bytes()).map_err(broken)?;
    let picture = picture
        .render::<svg::Color<'_>>()
        .min_dimensions(PICTURE, PICTURE)
        .build();
    Ok(Proposal {
        sealed: sealer.seal(&place(user), &secret).map_err(broken)?,
        picture: Zeroizing::new(picture),
        secret,
        uri,
    })
}

/// What an entered code proves, if it is right and wasn't used.
pub(crate) fn prove(
    sealer: &Sealer,
    index: &BlindIndex,
    user: &str,
    factor: &Factor,
    entered: &Entered,
    now: DateTime<Utc>,
) -> Result<Option<Proof>, FactorError> {
    match entered {
        Entered::Code(code) => {
            let secret = sealer.open(&place(user), &factor.secret).map_err(broken)?;
            let step = step_of(&secret, code, now).map_err(broken)?;
            Ok(step
                .filter(|step| *step > factor.last_step)
                .map(Proof::Step))
        }
        Entered::Recovery(code) => {
            let hash = index.of(What::RecoveryCode(user, code));
            let same =
                |one: &[u8; 32]| bool::from(subtle::ConstantTimeEq::ct_eq(&one[..], &hash[..]));
            let mut after = factor.recovery.clone();
            after.retain(|one| !same(one));
            let used = after.len() < factor.recovery.len();
            Ok(used.then(|| Proof::Recovery {
                before: factor.recovery.clone(),
                after,
            }))
        }
    }
}

/// Recovery codes, to be shown once, and their hashes, to be stored.
pub(crate) fn recovery_codes(
    index: &BlindIndex,
    user: &str,
) -> (Vec<Zeroizing<String>>, Vec<[u8; 32]>) {
    let code = || {
        let letter = |byte: &u8| {
            let letter = ALPHABET.get(usize::from(*byte % 32)).copied();
            char::from(letter.unwrap_or(b'0'))
        };
        let code: String = random::<RECOVERY_LENGTH>().iter().map(letter).collect();
        Zeroizing::new(code)
    };
    let codes: Vec<_> = std::iter::repeat_with(code).take(RECOVERY_CODES).collect();
    let hash = |code: &Zeroizing<String>| index.of(What::RecoveryCode(user, code));
    let hashes = codes.iter().map(hash).collect();
    let shown = |code: Zeroizing<String>| {
        let (left, right) = code
            .split_at_checked(RECOVERY_LENGTH / 2)
            .unwrap_or((&code, ""));
        Zeroizing::new(format!("{left}-{right}"))
    };
    (codes.into_iter().map(shown).collect(), hashes)
}

#[cfg(test)]
mod tests {
    use super::{BlindIndex, Entered, Factor, Proof, Sealer, propose, prove, recovery_codes};
    use crate::accounts::keys::Key32;
    use chrono::{DateTime, Utc};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn keys() -> (Sealer, BlindIndex) {
        let key = || Key32::new([7; 32]);
        (Sealer::new(&key(), &[]), BlindIndex::new(key()))
    }

    /// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc_each_once_and_one_step_off_at_most() {
        let (sealer, index) = keys();
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let mut factor = Factor {
            secret: sealer
                .seal("account_security.factor_secret:u1", secret)
                .unwrap(),
            confirmed: true,
            last_step: 0,
            recovery: Vec::new(),
        };
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let says = |user: &str, factor: &Factor, now: i64| {
                let entered = Entered::read(code).unwrap();
                prove(&sealer, &index, user, factor, &entered, at(now))
            };
            for near in [seconds - 30, seconds, seconds + 30] {
                let proof = says("u1", &factor, near.max(0)).unwrap();
                assert!(matches!(proof, Some(Proof::Step(step)) if step == seconds / 30));
            }
            for far in [seconds + 61, seconds + 90] {
                assert!(says("u1", &factor, far).unwrap().is_none());
            }
            assert!(says("u2", &factor, seconds).is_err(), "another's");
            factor.last_step = seconds / 30;
            assert!(says("u1", &factor, seconds).unwrap().is_none(), "replayed");
        }
    }

    #[test]
    fn what_is_proposed_is_taken_over_whole() {
        let (sealer, _) = keys();
        let proposal = propose(&sealer, "u1", "haneul7").unwrap();
        let uri = proposal.uri.as_str();
        assert!(
            uri.starts_with("otpauth://totp/Pillnuts:haneul7?secret="),
            "{uri}"
        );
        assert!(uri.contains(proposal.secret.as_str()));
        assert_eq!(proposal.secret.len(), 32);
        assert!(proposal.picture.contains("<svg"));
        assert!(proposal.sealed.len() <= 200);
    }

    #[test]
    fn a_recovery_code_is_good_once_however_it_is_spelt() {
        let (sealer, index) = keys();
        let (codes, hashes) = recovery_codes(&index, "u1");
        assert_eq!((codes.len(), hashes.len()), (10, 10));
        let factor = Factor {
            secret: Vec::new(),
            confirmed: true,
            last_step: 0,
            recovery: hashes,
        };
        let code = codes.first().unwrap().to_uppercase().replace('0', "O");
        let entered = Entered::read(&code).unwrap();
        let proof = prove(&sealer, &index, "u1", &factor, &entered, at(0)).unwrap();
        let Some(Proof::Recovery { after, .. }) = proof else {
            panic!("not taken");
        };
        assert_eq!(after.len(), 9);
        let left = Factor {
            recovery: after,
            ..factor
        };
        assert!(
            prove(&sealer, &index, "u1", &left, &entered, at(0))
                .unwrap()
                .is_none()
        );
        assert!(
            prove(&sealer, &index, "u2", &left, &entered, at(0))
                .unwrap()
                .is_none()
        );
        for text in ["", "12345", "1234567", "uuuuu-uuuuu", &"1".repeat(100)] {
            assert!(Entered::read(text).is_none(), "{text}");
        }
    }
}
