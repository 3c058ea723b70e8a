//! What admins write and see.

use chat_server::store::model::{ConversationId, Link};
use chat_server::store::{
    Access, AccessKind, CannedReply, Holiday, KeywordAnswer, UnknownWord, ValueError,
};
use chrono::TimeDelta;

use crate::store_kit::{Kept, at, key, on_both_stores};

on_both_stores!(
    keyword_answers_are_data,
    holidays_and_canned_replies_are_data,
    unknown_words_are_counted,
    what_staff_does_is_recorded,
    a_statement_is_noted_once,
);

fn answer(id: &str, rank: i64) -> KeywordAnswer {
    KeywordAnswer {
        id: key(id),
        keywords: vec!["이메일".to_owned(), "메일".to_owned()],
        text: "메일은 여기로".parse().unwrap(),
        links: vec![Link {
            title: "메일".to_owned(),
            url: "https://pillnuts.example/mail".to_owned(),
        }],
        quick_replies: vec!["상담".to_owned()],
        rank,
    }
}

async fn keyword_answers_are_data(kept: Kept) {
    let store = &kept.store;
    store.put_keyword(&answer("a", 1), at(0)).await.unwrap();
    store.put_keyword(&answer("b", 2), at(0)).await.unwrap();
    // Another instance sees them, without a restart.
    let other = kept.another().await;
    assert_eq!(
        other.keywords(at(0)).await.unwrap(),
        [answer("b", 2), answer("a", 1)]
    );
    other.put_keyword(&answer("a", 3), at(0)).await.unwrap();
    assert_eq!(store.keywords(at(0)).await.unwrap()[0], answer("a", 3));
    assert!(store.remove_keyword(&key("a")).await.unwrap());
    assert!(!store.remove_keyword(&key("a")).await.unwrap());
    assert_eq!(store.keywords(at(0)).await.unwrap(), [answer("b", 2)]);

    let mut bad = answer("c", 0);
    bad.links[0].url = "javascript:alert(1)".to_owned();
    let error = store.put_keyword(&bad, at(0)).await.unwrap_err();
    assert!(matches!(error, ValueError::Field("links", _)));
    let mut bad = answer("c", 0);
    bad.keywords.clear();
    let error = store.put_keyword(&bad, at(0)).await.unwrap_err();
    assert!(error.to_string().starts_with("keywords: expected"));
}

async fn holidays_and_canned_replies_are_data(kept: Kept) {
    let store = &kept.store;
    let day = |date: &str| Holiday {
        date: date.parse().unwrap(),
        name: "임시공휴일".to_owned(),
    };
    for date in ["2027-01-27", "2026-10-02", "1969-12-31"] {
        store.put_holiday(&day(date), at(0)).await.unwrap();
    }
    let days = store.holidays(at(0)).await.unwrap();
    assert_eq!(
        days,
        [day("2027-01-27"), day("2026-10-02"), day("1969-12-31")]
    );
    assert!(store.remove_holiday(days[0].date).await.unwrap());
    assert_eq!(store.holidays(at(0)).await.unwrap().len(), 2);

    let reply = CannedReply {
        id: key("hello"),
        title: "인사".to_owned(),
        text: "안녕하세요, 상담사입니다.".parse().unwrap(),
    };
    store.put_canned(&reply, at(0)).await.unwrap();
    assert_eq!(store.canned(at(0)).await.unwrap(), [reply]);
    assert!(store.remove_canned(&key("hello")).await.unwrap());
}

async fn unknown_words_are_counted(kept: Kept) {
    let store = &kept.store;
    let mut counting = tokio::task::JoinSet::new();
    for n in 0..20 {
        let store = store.clone();
        let word = if n % 4 == 0 {
            " 타이레놀"
        } else {
            "Zyrtec"
        };
        counting.spawn(async move { store.count_unknown(word, at(0)).await.unwrap() });
    }
    assert!(counting.join_all().await.into_iter().all(|kept| kept));
    let word = |word: &str, times| UnknownWord {
        word: word.to_owned(),
        times,
    };
    assert_eq!(
        store.unknown_words(9, at(0)).await.unwrap(),
        [word("zyrtec", 15), word("타이레놀", 5)]
    );
    for private in [
        "me@pillnuts.example",
        "010-1234-5678",
        "  ",
        &"가".repeat(41),
    ] {
        assert!(!store.count_unknown(private, at(0)).await.unwrap());
    }
    assert!(store.forget_word("zyrtec").await.unwrap());
    assert_eq!(store.unknown_words(9, at(0)).await.unwrap().len(), 1);
    let late = at(0).plus(TimeDelta::days(30));
    assert!(store.unknown_words(9, late).await.unwrap().is_empty());
}

async fn what_staff_does_is_recorded(kept: Kept) {
    let store = &kept.store;
    let did = |staff: &str, seconds| Access {
        staff: staff.parse().unwrap(),
        kind: AccessKind::Opened,
        conversation: Some(ConversationId::random()),
        at: at(seconds),
    };
    let done = [did("kim", 1), did("lee", 2), did("kim", 3)];
    for one in &done {
        store.record_access(one).await.unwrap();
    }
    let log = store.access_log(None, None, 9, at(9)).await.unwrap();
    assert_eq!(log, [done[2].clone(), done[1].clone(), done[0].clone()]);
    let kim = "kim".parse().unwrap();
    let log = store.access_log(Some(&kim), Some(at(3)), 9, at(9)).await;
    assert_eq!(log.unwrap(), [done[0].clone()]);
    let year = at(9).plus(TimeDelta::days(365));
    assert_eq!(
        store.access_log(None, None, 9, year).await.unwrap().len(),
        3
    );
    let later = at(9).plus(TimeDelta::days(367));
    assert!(
        store
            .access_log(None, None, 9, later)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_statement_is_noted_once(kept: Kept) {
    let store = &kept.store;
    assert!(!store.statement_done("j1", at(0)).await.unwrap());
    assert!(store.note_statement("j1", at(60)).await.unwrap());
    assert!(!store.note_statement("j1", at(60)).await.unwrap());
    assert!(store.statement_done("j1", at(59)).await.unwrap());
    assert!(!store.statement_done("j2", at(0)).await.unwrap());
}
