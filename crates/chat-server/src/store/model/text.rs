//! What people write: counted, checked, and never printed by accident.

use std::fmt;
use std::str::FromStr;

use domain::chat::text::{TextError, written};
use serde::{Deserialize, Serialize};

/// Most characters of a message (chat.md, “Limits”).
pub const LONGEST_MESSAGE: usize = 2_000;
/// Most characters of a topic.
pub const LONGEST_TOPIC: usize = 100;
/// Most characters of a comment on a counselling, and of a note.
pub const LONGEST_COMMENT: usize = 1_000;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $longest:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                written(&text, $longest).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }
    };
}

text! {
    /// The text of a message: 1 to 2,000 characters.
    MessageText, LONGEST_MESSAGE
}
text! {
    /// What a counselling is about: 1 to 100 characters.
    Topic, LONGEST_TOPIC
}
text! {
    /// What somebody says about a counselling, or counsellors to each other: 1 to 1,000 characters.
    Comment, LONGEST_COMMENT
}
