//! Who is at the other end of a socket.
//!
//! A handshake brings web-api's access token, a guest's token, or the cookie of a console session; all of them
//! are checked here, and nothing else that a client says of itself is believed. Without any, it is a new guest.

mod door;
mod guest;
mod keys;
mod revoked;

use chrono::{DateTime, Utc};
use domain::account::Role;
use domain::token::{AccessClaims, SessionId};

use crate::store::model::{Counsellor, Person, StaffId};

pub use door::StaffSessions;
pub(crate) use door::{Auth, Door, DoorError};
pub(crate) use guest::GuestToken;
pub use keys::{AccessTokenSettings, PublicKeys};
pub use revoked::Revoked;

/// What a counsellor by access token is called: the token holds no name.
const UNNAMED: &str = "상담사";

/// Somebody who counsels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// The name that visitors see.
    pub name: String,
    /// Whether he is a pharmacist, which visitors are told.
    pub pharmacist: bool,
    /// Whether he may administer.
    pub admin: bool,
    /// Until when this is so without another proof.
    pub until: DateTime<Utc>,
    /// The session that it stands on, web-api's or the console's: with it his sockets end.
    pub session: Option<SessionId>,
}

impl Staff {
    /// As a conversation names him.
    #[must_use]
    pub fn counsellor(&self) -> Counsellor {
        Counsellor {
            id: self.id.clone(),
            name: self.name.clone(),
            pharmacist: self.pharmacist,
        }
    }

    /// A counsellor or an admin by his role at web-api, which counts only with a second factor there.
    pub(crate) fn of_token(claims: &AccessClaims) -> Option<Self> {
        if claims.role == Role::Member || !claims.second_factor {
            return None;
        }
        Some(Self {
            id: Person::Member(claims.user.clone()).staff()?,
            name: UNNAMED.to_owned(),
            pharmacist: false,
            admin: claims.role == Role::Admin,
            until: claims.expires_at,
            session: Some(claims.session.clone()),
        })
    }
}

/// Who somebody is, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The visitor; `None` for a counsellor of this server, who has no conversation of his own.
    pub person: Option<Person>,
    /// The counsellor, where he is one.
    pub staff: Option<Staff>,
    /// What the access token says, where there is one.
    pub claims: Option<AccessClaims>,
    /// When the proof ends, and the socket with it.
    pub until: DateTime<Utc>,
    /// A guest without a token: he gets one with his conversation.
    pub new_guest: bool,
}

impl Identity {
    /// Of a believed access token.
    #[must_use]
    pub fn of_token(claims: AccessClaims) -> Self {
        Self {
            person: Some(Person::Member(claims.user.clone())),
            staff: Staff::of_token(&claims),
            until: claims.expires_at,
            claims: Some(claims),
            new_guest: false,
        }
    }

    /// The session that it stands on; `None` for a guest.
    #[must_use]
    pub fn session(&self) -> Option<&SessionId> {
        match (&self.claims, &self.staff) {
            (Some(claims), _) => Some(&claims.session),
            (None, Some(staff)) => staff.session.as_ref(),
            (None, None) => None,
        }
    }

    fn of_guest(person: Person, until: DateTime<Utc>, new_guest: bool) -> Self {
        Self {
            person: Some(person),
            staff: None,
            claims: None,
            until,
            new_guest,
        }
    }

    fn of_staff(staff: Staff) -> Self {
        Self {
            person: None,
            until: staff.until,
            staff: Some(staff),
            claims: None,
            new_guest: false,
        }
    }
}
