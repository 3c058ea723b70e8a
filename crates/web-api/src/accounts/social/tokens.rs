//! What a token endpoint answers, as far as it is used.

use std::fmt;
use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::{Deserialize, Serialize};

/// Tokens. `expires_in`, which Naver writes as text, isn't read: nothing is kept until then.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Tokens {
    access_token: AccessToken,
    refresh_token: Option<RefreshToken>,
    pub(super) id_token: Option<IdToken>,
    #[serde(skip, default = "bearer")]
    token_type: BasicTokenType,
}

/// A signed statement of who somebody is; never printed.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct IdToken(String);

impl IdToken {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

/// All three providers give these and no others.
const fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use oauth2::TokenResponse as _;

    use super::Tokens;

    #[test]
    fn the_words_of_each_provider_are_understood_and_none_is_printed() {
        for text in [
            r#"{"access_token":"canary-a","refresh_token":"canary-r","token_type":"bearer","expires_in":"3600"}"#,
            r#"{"access_token":"canary-a","id_token":"canary-i","refresh_token":"canary-r","expires_in":3599,"scope":"openid","token_type":"Bearer"}"#,
        ] {
            let tokens: Tokens = serde_json::from_str(text).unwrap();
            assert_eq!(tokens.access_token().secret(), "canary-a");
            assert!(!format!("{tokens:?}").contains("canary"));
        }
        assert!(serde_json::from_str::<Tokens>(r#"{"error":"x"}"#).is_err());
    }
}
