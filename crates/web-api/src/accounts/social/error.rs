//! What can go wrong with a provider, and what of it somebody may know.

use super::http::CallError;
use super::id_token::IdTokenError;

/// What isn't done with a provider's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SocialError {
    /// Nobody can sign in by it here.
    #[error("a provider that isn't offered")]
    NotOffered,
    /// The person is linked to another member.
    #[error("linked to another member")]
    Taken,
    /// The member is linked to another person at this provider.
    #[error("another person of this provider is linked")]
    OtherLinked,
    /// There would be no way left to sign in.
    #[error("the last way to sign in")]
    LastWay,
    /// Only after proving oneself anew.
    #[error("needs a new proof of who is there")]
    Stale,
}

/// The rule that a field breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocialRule {
    /// No code of this browser, or one that is over.
    Code,
    /// No token to sign up with, or one that is over.
    SignUpToken,
    /// The code is another person's than the one who is signed in.
    OtherPerson,
    /// The code is of another provider.
    OtherProvider,
    /// Not one of the places that people are sent back to.
    ReturnTo,
    /// It goes without, or has to.
    NotHere,
    /// No number of a person at Kakao.
    KakaoUser,
}

impl SocialRule {
    /// Stable name.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Code => "unknown_code",
            Self::SignUpToken => "unknown_token",
            Self::OtherPerson => "other_person",
            Self::OtherProvider => "other_provider",
            Self::ReturnTo => "not_allowed",
            Self::NotHere => "not_with_sign_up_token",
            Self::KakaoUser => "malformed_id",
        }
    }

    pub(crate) const fn korean(self) -> &'static str {
        match self {
            Self::Code => "시간이 지났거나 이미 쓴 코드입니다. 처음부터 다시 로그인해 주세요.",
            Self::SignUpToken => "가입할 수 있는 시간이 지났습니다. 처음부터 다시 로그인해 주세요.",
            Self::OtherPerson => "지금 로그인한 계정에 연결된 사람이 아닙니다.",
            Self::OtherProvider => "다른 서비스에서 받은 코드입니다.",
            Self::ReturnTo => "돌아갈 수 있는 주소가 아닙니다.",
            Self::NotHere => "다른 서비스로 가입할 때는 쓸 수 없습니다.",
            Self::KakaoUser => "카카오 회원번호(숫자)가 있어야 합니다.",
        }
    }

    pub(crate) const fn english(self) -> &'static str {
        match self {
            Self::Code => "The code is over or was used. Please sign in from the beginning.",
            Self::SignUpToken => "The time to sign up is over. Please sign in from the beginning.",
            Self::OtherPerson => "This is not the person who is linked to your account.",
            Self::OtherProvider => "The code is another provider's.",
            Self::ReturnTo => "This is no address that one is sent back to.",
            Self::NotHere => "This does not go with signUpToken.",
            Self::KakaoUser => "Expected the number of somebody at Kakao.",
        }
    }
}

/// Why a way to a provider and back ended without a code: what stands behind `error=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The person didn't agree.
    Denied,
    /// It took too long.
    Expired,
    /// Nobody began it, or it has been used.
    InvalidState,
    /// It began in another browser, or that one keeps no cookies.
    OtherBrowser,
    /// The provider can't be reached, is slow or out of order.
    ProviderUnavailable,
    /// The provider refuses its own code.
    ProviderRefused,
    /// What the provider's answer says isn't to be believed.
    NotBelieved,
    /// He signed in at the provider too long ago for a proof of who is there: he signs out there and comes
    /// again.
    SignedInLongAgo,
    /// The provider is just being told that an earlier link ended; in a moment it can begin anew.
    StillUnlinking,
    /// A fault of ours.
    ServerError,
}

impl Failure {
    /// Stable name.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::InvalidState => "invalid_state",
            Self::OtherBrowser => "other_browser",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::ProviderRefused => "provider_refused",
            Self::NotBelieved => "not_believed",
            Self::SignedInLongAgo => "signed_in_long_ago",
            Self::StillUnlinking => "still_unlinking",
            Self::ServerError => "server_error",
        }
    }
}

/// An error with everything that caused it.
pub(crate) fn causes(error: &ProviderError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Why a provider named nobody. Never with a code, a token or a person in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// Not in the settings.
    #[error("the provider isn't in the settings")]
    NotOffered,
    /// Many people wait already.
    #[error("too many people wait for providers")]
    Busy,
    /// Its answers together took too long.
    #[error("the provider didn't answer in time")]
    TooSlow,
    /// A call.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It refuses us, not the person: a wrong id or secret in the settings.
    #[error("the provider refuses the client id or its secret")]
    Client,
    /// It refuses the code, by this name of RFC 6749 (5.2) or its own.
    #[error("the provider refuses the code: {0}")]
    Refused(String),
    /// The ID token.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// An id that nobody can have.
    #[error("the provider's id of the person is empty or too long")]
    Subject,
}

impl ProviderError {
    /// Whether it is for whoever runs this service to mend.
    pub(crate) const fn is_of_the_settings(&self) -> bool {
        matches!(self, Self::Client | Self::IdToken(IdTokenError::NoAuthTime))
    }

    /// What somebody may know of it.
    pub(crate) const fn failure(&self) -> Failure {
        match self {
            Self::Refused(_) => Failure::ProviderRefused,
            Self::IdToken(IdTokenError::Keys(_)) => Failure::ProviderUnavailable,
            Self::IdToken(IdTokenError::SignedInLongAgo) => Failure::SignedInLongAgo,
            Self::IdToken(_) | Self::Subject => Failure::NotBelieved,
            Self::NotOffered | Self::Busy | Self::TooSlow | Self::Call(_) | Self::Client => {
                Failure::ProviderUnavailable
            }
        }
    }
}
