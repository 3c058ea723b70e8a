//! Enums of the domain as parts of the contract.

/// Declares an enum of answers with the variants of one of the domain. A variant that the domain
/// gets later doesn't compile here until the contract says what becomes of it.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident from $domain:path { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
        $(#[$meta])*
        #[serde(rename_all = "camelCase")]
        pub(crate) enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value {
                    $(<$domain>::$variant => Self::$variant,)+
                }
            }
        }
    };
}

pub(crate) use mirror;
