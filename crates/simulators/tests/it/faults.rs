//! Each fault over a real connection.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use simulators::mfds::{Catalogue, Effect, Fault, Faults, Operation, Running, TruncatedLength};

use crate::support::{Answer, ask, ask_briefly, chain, sample_with};

const DETAIL: Operation = Operation::PermitDetail;

async fn with(fault: Fault) -> Running {
    sample_with(Faults::none().with(fault)).await
}

async fn page(running: &Running, page: u64) -> Answer {
    ask(running, DETAIL, &format!("numOfRows=50&pageNo={page}"))
        .await
        .unwrap()
}

/// All numbers that a client sees that reads page after page.
async fn all(running: &Running, pages: u64) -> Vec<String> {
    let mut seqs = Vec::new();
    for number in 1..=pages {
        let answer = page(running, number).await;
        if answer.json()["body"]["items"].is_array() {
            seqs.extend(answer.seqs(DETAIL));
        }
    }
    seqs
}

fn total() -> u64 {
    u64::try_from(Catalogue::sample().total(DETAIL)).unwrap()
}

#[tokio::test]
async fn quota_answers_xml_22_after_n_requests() {
    let running = with(Fault::new(Effect::Quota { after: 2 })).await;
    for number in 1..=2 {
        assert_eq!(page(&running, number).await.items().len(), 50);
    }
    for number in [3, 1] {
        let answer = page(&running, number).await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        assert!(
            text.contains("<returnReasonCode>22</returnReasonCode>"),
            "{text}"
        );
        assert!(
            text.contains("LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"),
            "{text}"
        );
    }
    running.handle.reset_quota();
    assert_eq!(page(&running, 3).await.items().len(), 50);
}

#[tokio::test]
async fn errors_with_status_200_come_in_three_forms() {
    let running = with(Fault::new(Effect::XmlError { code: 5 }).times(1)).await;
    assert!(
        page(&running, 1)
            .await
            .text()
            .contains("<returnReasonCode>05</returnReasonCode>")
    );
    assert_eq!(page(&running, 1).await.items().len(), 50, "only once");
    running
        .handle
        .set_faults(Faults::none().with(Fault::new(Effect::JsonError { code: 3 })));
    let answer = page(&running, 1).await;
    assert_eq!(answer.json()["header"]["resultCode"], "03");
    running
        .handle
        .set_faults(Faults::none().with(Fault::new(Effect::ResultError { code: 11 })));
    assert_eq!(
        page(&running, 1).await.text(),
        r#"{"result":{"resultCode":"11"}}"#
    );
}

#[tokio::test]
async fn http_errors_and_html_come_from_the_gateway() {
    let running = sample_with(Faults::none()).await;
    for status in [400, 403, 500, 502, 503] {
        let id = running
            .handle
            .add_fault(Fault::new(Effect::HttpStatus { status }));
        assert_eq!(page(&running, 1).await.status, status);
        assert!(running.handle.remove_fault(id));
    }
    running.handle.add_fault(Fault::new(Effect::Html));
    let answer = page(&running, 1).await;
    assert_eq!(
        (answer.status.as_u16(), answer.kind.as_str()),
        (200, "text/html;charset=UTF-8")
    );
    assert!(answer.text().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_connection_is_reset() {
    let running = with(Fault::new(Effect::Reset).pages(2..=2).times(1)).await;
    assert_eq!(page(&running, 1).await.items().len(), 50);
    let error = ask(&running, DETAIL, "pageNo=2").await.unwrap_err();
    assert!(chain(&error).contains("reset"), "{}", chain(&error));
    assert_eq!(page(&running, 2).await.items().len(), 50);
}

#[tokio::test]
async fn an_answer_comes_late_or_never() {
    let running = with(Fault::delay(Duration::from_millis(300))).await;
    let start = Instant::now();
    assert_eq!(page(&running, 1).await.items().len(), 50);
    assert!(start.elapsed() >= Duration::from_millis(300));
    for effect in [Effect::Stall, Effect::StallHalfway] {
        running
            .handle
            .set_faults(Faults::none().with(Fault::new(effect)));
        let error = ask_briefly(&running, DETAIL).await.unwrap_err();
        assert!(error.is_timeout(), "{}", chain(&error));
    }
    running.handle.clear_faults();
    assert_eq!(page(&running, 1).await.items().len(), 50);
    // A stall must not keep it from stopping.
    tokio::time::timeout(Duration::from_secs(30), running.stop())
        .await
        .unwrap();
}

#[tokio::test]
async fn half_a_page_comes_with_either_length() {
    let whole = page(&sample_with(Faults::none()).await, 1).await.body;
    let running = with(Fault::new(Effect::Truncate {
        length: TruncatedLength::Half,
    }))
    .await;
    let half = page(&running, 1).await;
    assert_eq!(half.body, whole[..whole.len() / 2]);
    assert!(serde_json::from_slice::<serde_json::Value>(&half.body).is_err());
    let wrong = Fault::new(Effect::Truncate {
        length: TruncatedLength::Whole,
    });
    running.handle.set_faults(Faults::none().with(wrong));
    let error = ask(&running, DETAIL, "numOfRows=50").await.unwrap_err();
    assert!(
        !error.is_timeout() && (error.is_body() || error.is_decode()),
        "{}",
        chain(&error)
    );
}

#[tokio::test]
async fn a_total_shrinks_and_rows_slip_through() {
    let running = with(Fault::new(Effect::ShrinkTotal { by: 3 }).from_page(2)).await;
    assert_eq!(page(&running, 1).await.total(), total());
    assert_eq!(page(&running, 2).await.total(), total() - 3);
    let seen = all(&running, 7).await;
    assert_eq!(
        u64::try_from(seen.len()).unwrap(),
        total() - 3,
        "three rows are never seen"
    );
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), seen.len());
}

#[tokio::test]
async fn a_total_grows_and_rows_come_twice() {
    let running = with(Fault::new(Effect::GrowTotal { by: 3 }).from_page(2)).await;
    assert_eq!(page(&running, 2).await.total(), total() + 3);
    let seen = all(&running, 7).await;
    assert_eq!(u64::try_from(seen.len()).unwrap(), total() + 3);
    let known: HashSet<_> = Catalogue::sample().item_seqs(DETAIL).collect();
    assert_eq!(
        seen.iter().collect::<HashSet<_>>(),
        known.iter().collect(),
        "three came twice"
    );
    running
        .handle
        .set_faults(Faults::none().with(Fault::new(Effect::GrowTotal { by: 2 })));
    let first = page(&running, 1).await.seqs(DETAIL);
    assert_eq!(
        first.iter().filter(|seq| !known.contains(*seq)).count(),
        2,
        "two are new"
    );
}

#[tokio::test]
async fn a_page_in_the_middle_is_empty() {
    let running = with(Fault::new(Effect::EmptyPage).pages(2..=2)).await;
    let answer = page(&running, 2).await;
    assert_eq!((answer.items().len(), answer.total()), (0, total()));
    assert_eq!(page(&running, 3).await.items().len(), 50);
}

#[tokio::test]
async fn rows_of_the_page_before_come_again() {
    let running = with(Fault::new(Effect::DuplicateRows { rows: 4 }).pages(2..=2)).await;
    let first = page(&running, 1).await.seqs(DETAIL);
    let second = page(&running, 2).await.seqs(DETAIL);
    assert_eq!(second[..4], first[46..]);
    assert!(!first.contains(&second[4]));
}

#[tokio::test]
async fn filters_are_ignored_and_numbers_are_wrong() {
    let running = with(Fault::new(Effect::IgnoreFilters)).await;
    let answer = ask(&running, DETAIL, "item_seq=202106092").await.unwrap();
    assert_eq!(answer.total(), total());
    let wrong = Fault::new(Effect::WrongItemSeq { every: 2 });
    running.handle.set_faults(Faults::none().with(wrong));
    let known: HashSet<_> = Catalogue::sample().item_seqs(DETAIL).collect();
    let seqs = page(&running, 1).await.seqs(DETAIL);
    let wrong: Vec<_> = seqs.iter().map(|seq| !known.contains(seq)).collect();
    let expected: Vec<_> = (0..50).map(|index| index % 2 == 0).collect();
    assert_eq!(wrong, expected);
}

#[tokio::test]
async fn rows_lack_a_required_field() {
    let missing = Effect::MissingField {
        field: "ITEM_NAME".to_owned(),
        every: 10,
    };
    let running = with(Fault::new(missing)).await;
    let items = page(&running, 1).await.items();
    let without = items
        .iter()
        .filter(|item| item.get("ITEM_NAME").is_none())
        .count();
    assert_eq!((items.len(), without), (50, 5));
}

#[tokio::test]
async fn a_share_of_the_rows_is_dropped_consistently() {
    let running = with(Fault::new(Effect::DropRows { percent: 20 })).await;
    let first = page(&running, 1).await.total();
    assert!(
        (total() * 70 / 100..total() * 90 / 100).contains(&first),
        "{first}"
    );
    let seen = all(&running, 7).await;
    assert_eq!(u64::try_from(seen.len()).unwrap(), first);
    running
        .handle
        .set_faults(Faults::none().with(Fault::new(Effect::DropRows { percent: 100 })));
    assert_eq!(page(&running, 1).await.total(), 0);
}

#[tokio::test]
async fn bytes_are_no_utf8() {
    let running = with(Fault::new(Effect::InvalidUtf8)).await;
    for operation in Operation::ALL {
        let answer = ask(&running, operation, "").await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(String::from_utf8(answer.body).is_err(), "{operation}");
    }
}

#[tokio::test]
async fn a_record_is_huge() {
    let running = with(Fault::new(Effect::HugeRecord { bytes: 3_000_000 })).await;
    for operation in Operation::ALL {
        let answer = ask(&running, operation, "numOfRows=1").await.unwrap();
        assert!(answer.body.len() > 3_000_000, "{operation}");
        assert_eq!(answer.items().len(), 1);
    }
}

#[tokio::test]
async fn the_client_that_gives_up_is_no_longer_in_flight() {
    let running = with(Fault::new(Effect::Stall).times(1)).await;
    assert!(
        ask_briefly(&running, DETAIL)
            .await
            .unwrap_err()
            .is_timeout()
    );
    let gone = async {
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        while running.handle.counters().in_flight > 0 {
            tick.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone)
        .await
        .unwrap();
    assert_eq!(running.handle.counters().peak_in_flight, 1);
}
