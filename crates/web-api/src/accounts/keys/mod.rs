//! The secrets of accounts: what seals personal data, finds it again, and makes and signs tokens.

mod index;
mod signing;
#[cfg(test)]
mod tests;
mod trail;

use std::path::Path;
use std::sync::Arc;

use domain::account::{HmacSecret, RefreshKeys};
use service_kit::secrets;
use service_kit::settings::{AppEnv, Reader, Shape};

pub(crate) use service_kit::secrets::random;
pub use service_kit::secrets::{Key32, KeyError, KeyFileError, KeyList, Sealer, UnsealError};

pub use index::{BlindIndex, What};
pub use signing::{SigningKey, SigningKeyError, TokenSigner};
pub use trail::Trail;

/// What the settings give; what they don't is made in the data folder.
#[derive(Debug, Clone, Default)]
pub struct KeySettings {
    /// Seals personal data (`PERSONAL_DATA_KEY`).
    pub personal: Option<Key32>,
    /// Those that it replaced (`PERSONAL_DATA_FORMER_KEYS`).
    pub personal_former: KeyList,
    /// Finds personal data (`PERSONAL_INDEX_KEY`).
    pub index: Option<Key32>,
    /// Makes codes and refresh tokens (`TOKEN_KEY`).
    pub token: Option<Key32>,
    /// Those that it replaced (`TOKEN_FORMER_KEYS`).
    pub token_former: KeyList,
    /// Signs access tokens (`ACCESS_TOKEN_KEY`).
    pub access: Option<SigningKey>,
    /// Published beside it while one replaces the other (`ACCESS_TOKEN_OTHER_KEY`).
    pub access_other: Option<SigningKey>,
}

impl KeySettings {
    /// Reads the settings. In production every key has to be given: instances that each made their
    /// own could not read each other's data, and a lost folder would lose all of it.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Self {
        let key = Shape::new(
            "32 random bytes in base64, for example the output of openssl rand -base64 32",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        );
        let keys = Shape::new("at most 3 such keys, separated by commas", "(secret)");
        let pem = Shape::new(
            "32 random bytes in base64, or a PEM as openssl genpkey -algorithm ed25519 writes it",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        );
        if env.is_production() {
            for name in [
                "PERSONAL_DATA_KEY",
                "PERSONAL_INDEX_KEY",
                "TOKEN_KEY",
                "ACCESS_TOKEN_KEY",
            ] {
                if !reader.is_set(name) {
                    reader.fail(
                        name,
                        format!(
                            "is required with APP_ENV=production, for example \
                             {name}_FILE=/run/secrets/{}",
                            name.to_ascii_lowercase()
                        ),
                    );
                }
            }
        }
        Self {
            personal: reader.secret_parsed("PERSONAL_DATA_KEY", &key),
            personal_former: reader
                .secret_parsed("PERSONAL_DATA_FORMER_KEYS", &keys)
                .unwrap_or_default(),
            index: reader.secret_parsed("PERSONAL_INDEX_KEY", &key),
            token: reader.secret_parsed("TOKEN_KEY", &key),
            token_former: reader
                .secret_parsed("TOKEN_FORMER_KEYS", &keys)
                .unwrap_or_default(),
            access: reader.secret_parsed("ACCESS_TOKEN_KEY", &pem),
            access_other: reader.secret_parsed("ACCESS_TOKEN_OTHER_KEY", &pem),
        }
    }
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file of the data folder.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// What is in a file, or in the settings.
    #[error("a key of accounts can't be used")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Every secret of accounts.
#[derive(Debug)]
pub struct Keys {
    /// Seals personal data.
    pub sealer: Sealer,
    /// Seals addresses in the audit.
    pub trail: Arc<Trail>,
    /// Finds it again.
    pub index: BlindIndex,
    /// Hashes codes of verifications.
    pub codes: HmacSecret,
    /// Makes them.
    pub code_source: BlindIndex,
    /// Refresh tokens.
    pub refresh: RefreshKeys,
    /// Access tokens.
    pub signer: TokenSigner,
}

impl Keys {
    /// Takes the keys of the settings, and makes those that are missing in `folder`, once; then
    /// publishes the public keys there. Blocking.
    ///
    /// # Errors
    /// A file that can't be read or written, or holds no key: a key that is there is never replaced.
    pub fn open(settings: &KeySettings, folder: &Path) -> Result<Self, KeysError> {
        let key = |given: &Option<Key32>, name: &str| match given {
            Some(key) => Ok(key.clone()),
            None => secrets::key_file(&folder.join(name)),
        };
        let personal = key(&settings.personal, "personal.key")?;
        let index = key(&settings.index, "index.key")?;
        let token = key(&settings.token, "token.key")?;
        let access = match &settings.access {
            Some(key) => key.clone(),
            None => secrets::read_or_make(&folder.join("access.pem"), SigningKey::generate)?,
        };
        let secret = |key: &Key32| HmacSecret::new(key.expose()).map_err(other);
        let former: Result<Vec<_>, _> = settings
            .token_former
            .as_slice()
            .iter()
            .map(secret)
            .collect();
        let signer = TokenSigner::new(access, settings.access_other.clone()).map_err(other)?;
        secrets::publish(&folder.join("access.jwks"), &signer.key_set())?;
        Ok(Self {
            sealer: Sealer::new(&personal, settings.personal_former.as_slice()),
            trail: Arc::new(Trail::new(&personal, settings.personal_former.as_slice())),
            index: BlindIndex::new(index),
            codes: secret(&token)?,
            code_source: BlindIndex::new(token.clone()),
            refresh: RefreshKeys::new(secret(&token)?, former?).map_err(other)?,
            signer,
        })
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> KeysError {
    KeysError::Key(Box::new(error))
}
