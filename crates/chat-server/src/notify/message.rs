//! What is said in the channel: to counsellors, in Korean, and about nobody in particular.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::store::model::{Conversation, Delivery, Moment, State, Subject, Topic};

/// Topics that are told. Clients offer these; any other one is told as [`OTHER`].
pub const TOPICS: [&str; 8] = [
    "복용 방법",
    "부작용",
    "함께 먹는 약",
    "성분",
    "임신·수유",
    "보관 방법",
    "서비스 이용",
    "기타",
];

/// For what the visitor has typed himself.
const OTHER: &str = "직접 입력 (상담 창에서 확인)";
const NONE: &str = "선택하지 않음";

/// The body of the request to the webhook.
pub(super) fn payload(conversation: &Conversation, delivery: &Delivery, now: Moment) -> Value {
    let number = conversation.id.number();
    let headline = match delivery.subject {
        Subject::Requested => "새 상담 요청이 있습니다",
        Subject::Left => "상담 시간이 아닐 때 남긴 문의가 있습니다",
        Subject::Escalated => "오래 기다리는 상담이 있습니다",
    };
    let topic = escape(topic(delivery.topic.as_ref()));
    let waited = waited(conversation, delivery, now);
    let state = state(conversation, delivery);
    let lines = format!(
        "*{headline}*\n상담 번호: `{number}`\n주제: {topic}\n기다린 시간: {waited}\n상태: {state}"
    );
    json!({
        "text": format!("{headline} (상담 번호 {number}, {waited}, {state})"),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": lines}},
            {"type": "context", "elements": [
                {"type": "mrkdwn", "text": format!("알림 번호 {}", delivery.id)},
            ]},
        ],
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn topic(topic: Option<&Topic>) -> &'static str {
    let Some(topic) = topic else { return NONE };
    let typed = topic.as_str().trim();
    let known = TOPICS.into_iter().find(|known| *known == typed);
    known.unwrap_or(OTHER)
}

/// Since the visitor joined the queue, or left his message.
fn waited(conversation: &Conversation, delivery: &Delivery, now: Moment) -> String {
    let queued = conversation
        .queued_at
        .filter(|_| delivery.subject == Subject::Escalated && is_of_now(conversation, delivery));
    let since = queued.unwrap_or(delivery.created_at);
    let minutes = now.millis().saturating_sub(since.millis()).max(0) / 60_000;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "1분 미만".to_owned(),
        (0, minutes) => format!("{minutes}분"),
        (hours, minutes) => format!("{hours}시간 {minutes}분"),
    }
}

/// How it is by now: a message may come late.
fn state(conversation: &Conversation, delivery: &Delivery) -> &'static str {
    match (delivery.subject, conversation.state) {
        (_, State::Live) => "상담사가 이미 맡았습니다",
        (Subject::Left, _) if conversation.unanswered => "답변을 기다립니다",
        (Subject::Left, _) => "이미 답변했습니다",
        (_, State::Waiting) if is_of_now(conversation, delivery) => "상담사를 기다립니다",
        (_, State::Waiting) => "그 뒤에 다시 요청했습니다",
        (_, State::Bot | State::Closed) => "지금은 기다리지 않습니다",
    }
}

/// Whether it is about the present counselling and not about an earlier one.
fn is_of_now(conversation: &Conversation, delivery: &Delivery) -> bool {
    conversation
        .queued_at
        .is_some_and(|since| since <= delivery.created_at)
}

/// The three characters that mean something to Slack.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The pause before the next attempt, after so many: twice as long each time up to a limit, times
/// `share` thousandths, which are drawn, so that what failed together isn't tried together.
pub(super) fn pause(attempts: u32, first: TimeDelta, longest: TimeDelta, share: i64) -> TimeDelta {
    let doublings = attempts.saturating_sub(1).min(20);
    let factor = 1_i32.checked_shl(doublings).unwrap_or(i32::MAX);
    let pause = first.checked_mul(factor).unwrap_or(longest).min(longest);
    TimeDelta::milliseconds(pause.num_milliseconds().saturating_mul(share) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::model::{DeliveryId, GuestId, Person};

    fn at(minutes: i64) -> Moment {
        Moment::from_millis(minutes * 60_000)
    }

    fn waiting(since: i64) -> Conversation {
        let mut head = Conversation::new(Person::Guest(GuestId::random()), at(0));
        head.state = State::Waiting;
        head.queued_at = Some(at(since));
        head
    }

    fn delivery(subject: Subject, topic: Option<&str>, since: i64) -> Delivery {
        let topic = topic.map(|topic| topic.parse().expect("a topic"));
        Delivery::new(DeliveryId::random(), subject, topic, at(since))
    }

    fn said(head: &Conversation, one: &Delivery, now: i64) -> String {
        payload(head, one, at(now)).to_string()
    }

    #[test]
    fn it_tells_number_topic_time_state_and_its_id() {
        let head = waiting(10);
        let one = delivery(Subject::Requested, Some("부작용"), 10);
        let text = said(&head, &one, 13);
        for part in [
            &head.id.number(),
            &one.id.to_string(),
            "부작용",
            "3분",
            "상담사를 기다립니다",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        let whole_id = head.id.to_string();
        let person = head.person.as_ref().map(Person::key).expect("a guest");
        assert!(!text.contains(&whole_id) && !text.contains(&person));
    }

    #[test]
    fn typed_topics_never_leave() {
        let head = waiting(0);
        for typed in [
            "홍길동 010-1234-5678",
            "<!channel> 도와주세요",
            "<https://bad.example|부작용>",
            "부작용 & 임신",
        ] {
            let text = said(&head, &delivery(Subject::Requested, Some(typed), 0), 0);
            assert!(text.contains(OTHER), "{text}");
            for part in typed.split(' ').filter(|part| !TOPICS.contains(part)) {
                assert!(part == "&" || !text.contains(part), "{part} in {text}");
            }
        }
        for known in TOPICS {
            let one = delivery(Subject::Requested, Some(known), 0);
            assert!(said(&head, &one, 0).contains(known));
        }
        assert!(said(&head, &delivery(Subject::Left, None, 0), 0).contains(NONE));
    }

    #[test]
    fn a_late_message_says_how_it_is_by_now() {
        let requested = delivery(Subject::Requested, None, 0);
        let mut head = waiting(0);
        assert!(said(&head, &requested, 125).contains("2시간 5분"));
        head.queued_at = Some(at(100));
        assert!(said(&head, &requested, 125).contains("다시 요청했습니다"));
        head.state = State::Live;
        assert!(said(&head, &requested, 125).contains("이미 맡았습니다"));
        head.state = State::Closed;
        assert!(said(&head, &requested, 125).contains("기다리지 않습니다"));
        let left = delivery(Subject::Left, None, 0);
        head.unanswered = true;
        assert!(said(&head, &left, 1).contains("답변을 기다립니다"));
        head.unanswered = false;
        assert!(said(&head, &left, 1).contains("이미 답변했습니다"));
        // Escalations count from when the queue was joined.
        let head = waiting(0);
        let escalated = delivery(Subject::Escalated, None, 7);
        let text = said(&head, &escalated, 8);
        assert!(text.contains("8분") && text.contains("오래 기다리는"));
    }

    #[test]
    fn slacks_signs_are_escaped() {
        assert_eq!(escape("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
    }

    #[test]
    fn pauses_double_up_to_the_limit_with_a_little_chance() {
        let after = |attempts, share| {
            let (first, longest) = (TimeDelta::seconds(2), TimeDelta::minutes(5));
            pause(attempts, first, longest, share).num_milliseconds()
        };
        let middle: Vec<_> = [1, 2, 3, 8, 9, 99, u32::MAX]
            .into_iter()
            .map(|attempts| after(attempts, 1_000))
            .collect();
        let longest = 300_000;
        let expected = [2_000, 4_000, 8_000, 256_000, longest, longest, longest];
        assert_eq!(middle, expected);
        assert_eq!((after(1, 750), after(1, 1_250)), (1_500, 2_500));
    }
}
