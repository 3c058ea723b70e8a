//! Test people.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Provider;

/// Somebody who has an account with each provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name by which tests know them. The providers' own ids are made from it.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Nickname.
    pub nickname: String,
    /// E-mail, where there is one and it is given to the service.
    pub email: Option<String>,
    /// Whether the provider has verified it. Naver doesn't say.
    pub email_verified: bool,
    /// Kakao only: whether the address still belongs to this account.
    pub email_valid: bool,
}

impl Person {
    /// Somebody with a verified e-mail.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            nickname: name.chars().skip(1).collect(),
            email: Some(format!("{id}@example.com")),
            email_verified: true,
            email_valid: true,
        }
    }

    /// One for each habit that matters.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        vec![
            Self::new("hong", "홍길동"),
            Self::new("lee", "이순신"),
            Self {
                email_verified: false,
                ..Self::new("unverified", "김미확인")
            },
            Self {
                email_valid: false,
                ..Self::new("taken-over", "박이전")
            },
            Self {
                email: None,
                ..Self::new("no-email", "최무편")
            },
            Self::new("markup", "<b>\"O'Neil\" & 아들</b>"),
        ]
    }

    /// Who they are to Naver: text of 43 characters.
    #[must_use]
    pub fn naver_id(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(self.digest(Provider::Naver))
    }

    /// Who they are to Google: a number of 21 digits, as text.
    #[must_use]
    pub fn google_id(&self) -> String {
        const TWENTY_DIGITS: u128 = 100_000_000_000_000_000_000;
        format!("1{:020}", self.number(Provider::Google) % TWENTY_DIGITS)
    }

    /// Who they are to Kakao: a number.
    #[must_use]
    pub fn kakao_id(&self) -> u64 {
        const FIRST: u64 = 1_000_000_000;
        let below = self.number(Provider::Kakao) % 3_000_000_000;
        u64::try_from(below).map_or(FIRST, |number| FIRST + number)
    }

    /// Who they are to a provider, as text.
    #[must_use]
    pub fn subject(&self, provider: Provider) -> String {
        match provider {
            Provider::Naver => self.naver_id(),
            Provider::Google => self.google_id(),
            Provider::Kakao => self.kakao_id().to_string(),
        }
    }

    fn digest(&self, provider: Provider) -> [u8; 32] {
        Sha256::digest(format!("{}:{}", provider.path(), self.id)).into()
    }

    fn number(&self, provider: Provider) -> u128 {
        let digest = self.digest(provider);
        let bytes = digest.first_chunk().copied().unwrap_or_default();
        u128::from_be_bytes(bytes)
    }
}
