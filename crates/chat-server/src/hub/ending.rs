//! Ending sockets: those that may be here no longer, and those that take nothing.

use domain::token::{SessionId, UserId};
use serde_json::json;
use socketioxide::extract::SocketRef;

use super::Hub;
use super::registry::Connected;
use super::session::{Session, SessionKey};
use crate::store::model::{Conversation, Person, StaffId};

/// Why a socket is ended. The code is in the `notice` that it gets last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Its proof is over.
    Expired,
    /// Its session has ended, or the member is suspended or gone.
    Revoked,
    /// The guest's history has moved or was forgotten.
    Forgotten,
}

impl End {
    const fn code(self) -> &'static str {
        match self {
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
            Self::Forgotten => "guest_ended",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Expired => "로그인 시간이 끝났어요. 다시 연결해 주세요.",
            Self::Revoked => "로그인이 끝났어요. 다시 로그인해 주세요.",
            Self::Forgotten => "비회원 대화가 끝났어요.",
        }
    }
}

impl Hub {
    /// Ends the sockets of a session of web-api, or of the console, at once; gives how many.
    pub fn end_session(&self, session: &SessionId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| who.session() == Some(session))
        })
    }

    /// Ends the sockets of a user at once; gives how many.
    pub fn end_user(&self, user: &UserId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| {
                who.claims
                    .as_ref()
                    .is_some_and(|claims| claims.user == *user)
            })
        })
    }

    /// Ends the sockets of a counsellor at once; gives how many.
    pub fn end_staff(&self, staff: &StaffId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| who.staff.as_ref().is_some_and(|own| own.id == *staff))
        })
    }

    /// Ends the sockets of a person at once; gives how many.
    pub(crate) fn end_person(&self, person: &Person, end: End) -> usize {
        self.end_where(end, |one| {
            one.read(|who| who.person.as_ref() == Some(person))
        })
    }

    /// Ends the sockets of a guest whose conversation moved or was forgotten, and lets its counsellor go. Whoever
    /// carried it out has told his own; this is for the other instances.
    pub(super) fn sealed(&self, head: &Conversation) {
        self.with(|registry| registry.keep_holder(head));
        self.end_where(End::Forgotten, |one| {
            one.conversation() == Some(head.id)
                && one.read(|who| matches!(who.person, Some(Person::Guest(_))))
        });
    }

    fn end_where(&self, end: End, wanted: impl Fn(&Session) -> bool) -> usize {
        let gone: Vec<Connected> = self.with(|registry| {
            let all = registry.connected.values();
            let keys: Vec<SessionKey> = all
                .filter(|one| wanted(&one.session))
                .map(|one| one.session.key)
                .collect();
            keys.iter()
                .filter_map(|key| registry.remove(*key))
                .collect()
        });
        for one in &gone {
            finish(one, end);
        }
        gone.len()
    }
}

pub(super) fn finish(one: &Connected, end: End) {
    one.session.ended.cancel();
    metrics::counter!("chat_sockets_ended_total", "reason" => end.code()).increment(1);
    let notice = json!({"code": end.code(), "message": end.message()});
    if let Err(error) = one.socket.emit("notice", &notice) {
        tracing::debug!(%error, "a socket ends without a word");
    }
    if let Err(error) = one.socket.clone().disconnect() {
        tracing::debug!(%error, "a socket can't be told that it ends");
        cut(&one.session, &one.socket);
    }
}

pub(super) fn cut(session: &Session, socket: &SocketRef) {
    session.ended.cancel();
    metrics::counter!("chat_sockets_cut_total").increment(1);
    if let Some(wire) = &session.wire {
        wire.cut_session(socket.id.as_str());
    }
}
