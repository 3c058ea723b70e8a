//! Keywords as people type them.

use domain::chat::answers::{AnswerError, Operator, built_in, drug_link, find};

fn first(text: &str) -> Option<String> {
    let answers = built_in(&Operator::default());
    find(&answers, text)
        .first()
        .map(|answer| answer.keywords[0].clone())
}

#[test]
fn keywords_are_found() {
    for (text, key) in [
        ("이메일은요?", "이메일"),
        ("설문 조사 어디서 해요", "설문조사"),
        ("채팅상담하고 싶어요", "채팅"),
        ("상담받을 수 있나요", "채팅"),
        ("GOOGLE로 로그인", "구글"),
        ("이벤트당첨 언제", "이벤트"),
        ("개발자에게 연락", "개발자"),
        ("인스타 상담", "인스타"),
    ] {
        assert_eq!(first(text).as_deref(), Some(key), "{text}");
    }
    for text in ["구글링", "안녕하세요", "상담실장님", "", "googley"] {
        assert_eq!(first(text), None, "{text}");
    }
}

#[test]
fn built_in_data_is_valid() {
    let operator = Operator {
        email: Some("help@example.com".into()),
        survey: Some("https://example.com/s".into()),
        instagram: None,
    };
    for mut answer in built_in(&operator)
        .into_iter()
        .chain(built_in(&Operator::default()))
    {
        assert_eq!(answer.check(), Ok(()));
        answer.keywords = vec!["?!".into()];
        assert_eq!(answer.check(), Err(AnswerError::Keywords));
    }
}

#[test]
fn drug_questions_lead_to_the_search() {
    let known = |name: &str| name == "타이레놀";
    assert_eq!(
        drug_link("타이레놀이랑 술 같이?", known).as_deref(),
        Some("/?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80")
    );
    assert!(
        drug_link("감기약은 뭐가 좋아요", known)
            .unwrap()
            .starts_with("/?query=")
    );
    assert_eq!(drug_link("이 약 먹어도 돼요?", known).as_deref(), Some("/"));
    assert_eq!(drug_link("예약은 언제", known), None);
    assert_eq!(drug_link("만약에요", known), None);
}
