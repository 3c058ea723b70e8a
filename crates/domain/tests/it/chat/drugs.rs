//! Questions that the search page answers.

use domain::chat::drugs::{DrugQuestion, question};

#[test]
fn names_are_found() {
    for (text, name) in [
        ("타이레놀", "타이레놀"),
        ("타이레놀이랑 술 같이 먹어도 돼요?", "타이레놀"),
        ("타이레놀정 부작용", "타이레놀정"),
        ("감기약은 뭐가 좋아요", "감기약"),
        ("두통약 추천해 주세요", "두통약"),
        ("씨잘정의 부작용이 궁금해요", "씨잘정"),
        ("페니라민 복용법", "페니라민"),
        ("록소프로펜 60mg 있나요", "록소프로펜"),
        ("코푸시럽 아이한테 줘도 되나요", "코푸시럽"),
    ] {
        let about = DrugQuestion::About(name.to_owned());
        assert_eq!(question(text), Some(about), "{text}");
    }
}

#[test]
fn the_search_page_is_asked() {
    let path = question("타이레놀?").unwrap().path();
    assert_eq!(path, "/?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80");
    assert_eq!(DrugQuestion::Unnamed.path(), "/");
}

#[test]
fn questions_without_a_name_are_known() {
    for text in [
        "이 약 먹어도 돼요?",
        "부작용이 궁금해요",
        "임산부가 이 약 먹어도 되나요",
        "복용은 하루에 몇 번 하나요",
    ] {
        assert_eq!(question(text), Some(DrugQuestion::Unnamed), "{text}");
    }
}

#[test]
fn other_things_are_none() {
    for text in [
        "예약은 언제",
        "만약에요",
        "계약서 보내 주세요",
        "안녕하세요",
        "걱정이 많아요",
        "죽 먹어도 되나요",
        "밥 먹으면 졸려요",
        "",
        "치약 추천",
    ] {
        assert_eq!(question(text), None, "{text}");
    }
}
