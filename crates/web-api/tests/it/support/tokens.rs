//! Personas: tokens that say whose they are, so that a test needs no sign-in.

use std::sync::Arc;

use domain::account::Role;
use web_api::access::{Member, NotBelieved, TokenCheck};
use web_api::accounts::Revoked;

/// Nobody, then everybody who can be signed in, then somebody with a token that is none.
pub(crate) const PERSONAS: [&str; 8] = [
    "",
    "member-1",
    "member-2",
    "suspended-3",
    "counsellor-4",
    "admin-5",
    "admin_without_second_factor-6",
    "forged",
];

/// Believes `PERSONA-ID`, and what the server itself believes.
#[derive(Debug)]
pub(crate) struct TestTokens(pub(crate) Arc<Revoked>);

impl TokenCheck for TestTokens {
    fn check(&self, token: &str) -> Result<Member, NotBelieved> {
        if token.contains('.') {
            return self.0.check(token);
        }
        let (persona, id) = token.split_once('-').ok_or(NotBelieved)?;
        let (role, suspended, second_factor) = match persona {
            "member" => (Role::Member, false, false),
            "suspended" => (Role::Member, true, false),
            "counsellor" => (Role::Counsellor, false, true),
            "admin" => (Role::Admin, false, true),
            "admin_without_second_factor" => (Role::Admin, false, false),
            _ => return Err(NotBelieved),
        };
        Ok(Member {
            id: id.parse().map_err(|_| NotBelieved)?,
            session: format!("session-{id}").parse().map_err(|_| NotBelieved)?,
            role,
            suspended,
            second_factor,
        })
    }
}
