//! Names of things and of people. Nothing in them says who somebody is.

use std::fmt;
use std::str::FromStr;

use domain::token::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest name that somebody else has given.
const LONGEST: usize = 64;

/// Why a text is not the name of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a UUID.
    #[error("an id is a UUID")]
    Uuid,
    /// Empty, too long, or of other characters.
    #[error("an id is 1 to 64 letters, digits, '-', '_', '.' and ':'")]
    Text,
    /// Neither a member nor a guest.
    #[error("a person is a member or a guest")]
    Person,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// One that nobody else has, and that can't be guessed.
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// Its 128 bits.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError::Uuid)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let fits = (1..=LONGEST).contains(&text.len())
                    && text.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
                    });
                fits.then(|| Self(text.to_owned())).ok_or(IdError::Text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

uuid_id! {
    /// A conversation: one a person, for ever.
    ConversationId
}
uuid_id! {
    /// A guest: a browser that came without signing in.
    GuestId
}
uuid_id! {
    /// A message to Slack, the same however often it is tried.
    DeliveryId
}
uuid_id! {
    /// A message of a conversation.
    MessageId
}
text_id! {
    /// What a client calls a message before it has a `seq`.
    ClientMessageId
}
text_id! {
    /// A counsellor or an admin.
    StaffId
}

impl ConversationId {
    /// The number that is told outside (Slack): 40 of its random bits, so that it leads to nobody.
    #[must_use]
    pub fn number(self) -> String {
        format!("{:010X}", self.as_u128() & 0xFF_FFFF_FFFF)
    }
}

/// Whose conversation it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Person {
    /// Somebody with an account.
    Member(UserId),
    /// A browser.
    Guest(GuestId),
}

impl Person {
    /// The key that stores find a person's conversation by.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Member(id) => format!("m:{id}"),
            Self::Guest(id) => format!("g:{id}"),
        }
    }

    /// As whom a member counsels, if he has the role. Apart from the ids of accounts of this server.
    #[must_use]
    pub fn staff(&self) -> Option<StaffId> {
        match self {
            Self::Member(id) => format!("u:{id}").parse().ok(),
            Self::Guest(_) => None,
        }
    }
}

impl TryFrom<String> for Person {
    type Error = IdError;

    fn try_from(key: String) -> Result<Self, IdError> {
        match key.split_once(':') {
            Some(("m", id)) => id.parse().map(Self::Member).map_err(|_| IdError::Person),
            Some(("g", id)) => id.parse().map(Self::Guest),
            _ => Err(IdError::Person),
        }
    }
}

impl From<Person> for String {
    fn from(person: Person) -> Self {
        person.key()
    }
}
