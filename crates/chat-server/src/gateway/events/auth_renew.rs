//! `auth:renew {token}`: another access token of the same member prolongs the socket.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::hub;
use crate::identity::{DoorError, Identity};

pub(super) const EVENT: Event = Event {
    name: "auth:renew",
    needs: Needs::Visitor,
    run: |call| std::future::ready(renew(call)).boxed(),
};

#[derive(Deserialize)]
struct Brought {
    token: String,
}

fn renew(mut call: Call) -> Result<Reply, Failure> {
    let Brought { token } = call.parse()?;
    let claims = call.house.door.token(&token).map_err(refused)?;
    let same = call.who.claims.as_ref();
    if same.is_none_or(|known| known.user != claims.user) {
        // A guest becomes a member by connecting again, so that his room follows from who he is.
        return Err(Failure::forbidden());
    }
    let renewed = Identity::of_token(claims.clone());
    call.session.renew(renewed);
    // A statement may have come between the check and the change.
    if call.house.door.revoked.refuses(&claims) {
        call.house.hub.end_session(&claims.session);
        return Err(refused(DoorError::Revoked));
    }
    let until = hub::time(claims.expires_at.into());
    Ok(Reply::new().with("expiresAt", until))
}

/// As a handshake refuses it.
pub(super) fn refused(error: DoorError) -> Failure {
    let wait = std::time::Duration::from_secs(1);
    match error {
        DoorError::Invalid => Failure::new("token_invalid", "로그인 정보가 올바르지 않아요."),
        DoorError::Expired => Failure::new("token_expired", "로그인 시간이 끝났어요."),
        DoorError::Revoked => Failure::new("token_revoked", "로그인이 끝났어요."),
        DoorError::Unavailable => Failure::new(
            "unavailable",
            "지금은 확인할 수 없어요. 잠시 후 다시 시도해 주세요.",
        )
        .retry_after(wait),
    }
}
