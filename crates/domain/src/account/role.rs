//! What an account may do at all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that names none of a fixed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {0}")]
pub struct UnknownName(pub(crate) &'static str);

/// Gives an enum its names, once, for the store, for JSON and for messages.
macro_rules! named {
    ($name:ident, $all:literal, $($variant:ident = $text:literal),+) => {
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in JSON and in the store.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownName($all)),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use named;

/// Who somebody is to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// 회원: anybody who signed up.
    Member,
    /// 상담사: answers in the chat.
    Counsellor,
    /// 관리자: runs the service.
    Admin,
}

named!(
    Role,
    "member, counsellor, admin",
    Member = "member",
    Counsellor = "counsellor",
    Admin = "admin"
);

impl Role {
    /// Whether a sign-in needs a second factor: these roles read what others wrote in confidence.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Counsellor | Self::Admin)
    }
}

/// Where an account is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserState {
    /// Nothing is held against it.
    Active,
    /// 이용 정지: restricted by an admin, until an admin lets it in again or the time is over, to what
    /// is its owner's by law.
    Suspended,
    /// 탈퇴: ended by its owner, with everything that told who it was erased. Final.
    Withdrawn,
}

named!(
    UserState,
    "active, suspended, withdrawn",
    Active = "active",
    Suspended = "suspended",
    Withdrawn = "withdrawn"
);

impl UserState {
    /// Whether sign-in and refresh work. For suspended members, too, else they could neither read their
    /// data nor have it erased (개인정보 보호법 제35조, 제36조): their session is
    /// [restricted](Self::is_restricted).
    #[must_use]
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Active | Self::Suspended)
    }

    /// Whether sessions are good for nothing but what is their owner's by law.
    #[must_use]
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Suspended)
    }

    /// Whether an account may go from here to there. Staying is no change and allowed, so that doing
    /// it twice is doing it once. A suspended member may still withdraw: erasure is a right (개인정보
    /// 보호법 제36조) and no favour.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Active | Self::Suspended => true,
            Self::Withdrawn => matches!(next, Self::Withdrawn),
        }
    }
}
