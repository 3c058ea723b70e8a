//! Where the public keys of access tokens come from.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::token::{StatementRules, TokenRules, TokenRulesError};
use service_kit::settings::{Reader, Shape};
use service_kit::token::{KeyFile, KeySet, KeySetError, StatementVerifier, TokenVerifier};

/// How far the clocks of web-api and of this server may be apart, as web-api has it.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// How access tokens are checked.
#[derive(Debug, Clone)]
pub struct AccessTokenSettings {
    /// `iss` (`ACCESS_TOKEN_ISSUER`).
    pub issuer: String,
    /// `aud` (`ACCESS_TOKEN_AUDIENCE`).
    pub audience: String,
    /// The file that web-api writes (`ACCESS_KEYS_FILE`); it may come later.
    pub file: PathBuf,
    /// The keys themselves (`ACCESS_PUBLIC_KEYS`): then no file is read.
    pub keys: Option<PublicKeys>,
}

/// A JWKS that is known to hold usable public keys.
#[derive(Debug, Clone)]
pub struct PublicKeys(KeySet);

impl FromStr for PublicKeys {
    type Err = KeySetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        KeySet::parse(text).map(Self)
    }
}

impl AccessTokenSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let keys = Shape::new(
            "a JWKS of public Ed25519 keys",
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
        );
        let file = data_dir.join("keys").join("access.jwks");
        let settings = Self {
            issuer: reader.string("ACCESS_TOKEN_ISSUER", "pillnuts-web"),
            audience: reader.string("ACCESS_TOKEN_AUDIENCE", "pillnuts"),
            file: reader.path("ACCESS_KEYS_FILE", &file),
            keys: reader.optional_parsed("ACCESS_PUBLIC_KEYS", &keys),
        };
        for (name, value, example) in [
            ("ACCESS_TOKEN_ISSUER", &settings.issuer, "pillnuts-web"),
            ("ACCESS_TOKEN_AUDIENCE", &settings.audience, "pillnuts"),
        ] {
            if value.is_empty() || value.len() > 200 {
                let text = format!("expected 1 to 200 characters, for example {name}={example}");
                reader.fail(name, text);
            }
        }
        settings
    }

    /// Checks statements of the same issuer, with the same keys.
    ///
    /// # Errors
    /// When the names of the settings can't be used.
    pub(crate) fn statements(
        &self,
        keys: Arc<TokenVerifier>,
    ) -> Result<StatementVerifier, TokenRulesError> {
        let rules = StatementRules::new(&self.issuer, LEEWAY)?;
        Ok(StatementVerifier::new(rules, keys))
    }

    /// Checks tokens with the keys that there are; the file, where there is one, has to be
    /// [followed](KeyFile::follow) for those that come later.
    ///
    /// # Errors
    /// When the names of the settings can't be used.
    pub(crate) fn verifier(
        &self,
    ) -> Result<(Arc<TokenVerifier>, Option<KeyFile>), TokenRulesError> {
        let rules = TokenRules::new(&self.issuer, &self.audience, LEEWAY)?;
        let verifier = Arc::new(TokenVerifier::new(rules));
        if let Some(keys) = &self.keys {
            verifier.replace_keys(keys.0.clone());
            return Ok((verifier, None));
        }
        let mut file = KeyFile::new(&self.file, Arc::clone(&verifier));
        // At once, so that nobody is refused who comes first.
        file.reload();
        Ok((verifier, Some(file)))
    }
}
