//! Why an event isn't carried out, as its acknowledgement says it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::store::model::{Refusal, State};
use crate::store::{ChangeError, StoreError};

/// Pause before a client tries again what failed for no fault of its own.
const AGAIN: Duration = Duration::from_secs(1);

/// A refusal: a stable code for programs, a text for people, and what else there is to know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    code: &'static str,
    message: &'static str,
    retry_after: Option<Duration>,
    more: Map<String, Value>,
}

impl Failure {
    /// A refusal.
    pub(crate) fn new(code: &'static str, message: &'static str) -> Self {
        Self {
            code,
            message,
            retry_after: None,
            more: Map::new(),
        }
    }

    /// The same may succeed after this time.
    pub(crate) fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// With another field.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// A payload that isn't what the event takes; `field` where one is to blame.
    pub(crate) fn invalid(field: Option<&str>) -> Self {
        let failure = Self::new("invalid_payload", "요청 형식이 올바르지 않아요.");
        match field {
            Some(field) => failure.with("field", field),
            None => failure,
        }
    }

    /// Too much in too little time.
    pub(crate) fn rate_limited(retry_after: Duration) -> Self {
        Self::new(
            "rate_limited",
            "메시지를 너무 빨리 보내고 있어요. 잠시 후 다시 시도해 주세요.",
        )
        .retry_after(retry_after)
    }

    /// More at once than the server takes from one socket.
    pub(crate) fn busy() -> Self {
        Self::new("busy", "요청이 밀려 있어요. 잠시 후 다시 시도해 주세요.").retry_after(AGAIN)
    }

    /// Not for him.
    pub(crate) fn forbidden() -> Self {
        Self::new("forbidden", "이 작업을 할 권한이 없어요.")
    }

    /// A fault of the server; the cause is in the log.
    pub(crate) fn internal() -> Self {
        Self::new(
            "internal",
            "서버에 문제가 생겼어요. 잠시 후 다시 시도해 주세요.",
        )
        .retry_after(AGAIN)
    }

    /// Nobody handles it.
    pub(crate) fn unknown_event() -> Self {
        Self::new("unknown_event", "알 수 없는 요청입니다.")
    }

    /// The code, for metrics.
    pub(crate) const fn code(&self) -> &'static str {
        self.code
    }

    /// As it is acknowledged.
    pub(crate) fn into_ack(self) -> Value {
        let mut ack = self.more;
        ack.insert("ok".to_owned(), false.into());
        ack.insert("code".to_owned(), self.code.into());
        ack.insert("message".to_owned(), self.message.into());
        if let Some(after) = self.retry_after {
            let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            ack.insert("retryAfterMs".to_owned(), millis.max(1).into());
        }
        Value::Object(ack)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        // The store's watch tells of outages once; this line is for one conversation.
        tracing::debug!(%error, "the store refused a step");
        match error {
            StoreError::Contended => Self::busy(),
            _ => Self::new(
                "store_unavailable",
                "지금은 메시지를 저장할 수 없어요. 잠시 후 다시 시도해 주세요.",
            )
            .retry_after(AGAIN),
        }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refusal) => refusal.into(),
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoConversation => {
                Self::new("no_conversation", "대화가 없어요. 대화를 다시 열어 주세요.")
            }
            Refusal::Moved(_) => Self::new(
                "moved",
                "대화가 회원 계정으로 옮겨졌어요. 다시 연결해 주세요.",
            ),
            Refusal::State(state) => wrong_state(state),
            Refusal::AlreadyClaimed(by) => {
                // Only counsellors claim.
                let by = json!({"id": by.id, "name": by.name, "pharmacist": by.pharmacist});
                Self::new("already_claimed", "다른 상담사가 이미 맡은 상담이에요.").with("by", by)
            }
            Refusal::NotYours => Self::new("not_yours", "다른 상담사가 맡은 상담이에요."),
            Refusal::BotSilenced | Refusal::Overtaken | Refusal::LeaseRuns => Self::new(
                "overtaken",
                "그 사이에 대화가 바뀌었어요. 다시 확인해 주세요.",
            ),
            Refusal::AlreadyRated => Self::new("already_rated", "이미 평가한 상담이에요."),
            Refusal::NothingThere => Self::new("nothing_there", "해당하는 항목이 없어요."),
            Refusal::Score => Self::invalid(Some("score")),
            Refusal::TooMany => Self::new("too_many", "더 이상 추가할 수 없어요."),
        }
    }
}

fn wrong_state(state: State) -> Failure {
    let message = match state {
        State::Waiting => "상담사를 기다리는 중이에요.",
        State::Live => "상담이 진행 중이에요.",
        State::Bot | State::Closed => "지금은 상담 중이 아니에요.",
    };
    Failure::new("wrong_state", message).with("state", state.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_an_acknowledgement() {
        let ack = Failure::rate_limited(Duration::from_micros(10)).into_ack();
        assert_eq!(ack["ok"], false);
        assert_eq!(ack["code"], "rate_limited");
        assert_eq!(ack["retryAfterMs"], 1, "never at once");
        let ack = Failure::from(Refusal::State(State::Live)).into_ack();
        assert_eq!(ack["state"], "live");
        assert!(ack.get("retryAfterMs").is_none());
    }
}
