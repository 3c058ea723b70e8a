//! The answers of the first start.

use super::{CONNECT, HELP, Operator};
use crate::store::KeywordAnswer;
use crate::store::model::Link;

const PENDING: &str = "아직 준비 중이에요. 궁금한 점은 상담사에게 물어봐 주세요.";

/// Name, keywords (by blanks), text, choices (by commas).
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Answers with a link that an operator gives.
const LINKED: [Row; 4] = [
    (
        "email",
        "이메일 메일 e메일 email",
        "이메일로 문의하실 수 있어요.",
        CONNECT,
    ),
    (
        "developer",
        "개발자 개발팀",
        "개발자에게는 이메일로 연락해 주세요.",
        CONNECT,
    ),
    (
        "survey",
        "설문조사 설문",
        "설문조사에 참여해 주셔서 고마워요.",
        "",
    ),
    (
        "instagram",
        "인스타 인스타그램 instagram",
        "인스타그램에서 소식을 볼 수 있어요.",
        "",
    ),
];

const PLAIN: [Row; 6] = [
    (
        "event",
        "이벤트",
        "진행 중인 이벤트는 공지에서 알려 드려요.",
        CONNECT,
    ),
    (
        "google",
        "구글 google",
        "구글 계정으로 로그인할 수 있는지는 로그인 화면에서 볼 수 있어요.",
        CONNECT,
    ),
    (
        "keywords",
        "키워드 도움말",
        "약 이름을 적어 주시거나, 이런 말을 골라 주세요.",
        "이메일,개발자,설문조사,인스타,이벤트,구글,채팅,상담",
    ),
    (
        "counselling",
        "채팅 상담 상담사 상담원",
        "상담사와 이야기하시겠어요?",
        CONNECT,
    ),
    (
        "hello",
        "안녕 안녕하세요 안녕하십니까 반갑습니다 hello",
        "안녕하세요. 무엇을 도와 드릴까요?",
        HELP,
    ),
    (
        "thanks",
        "감사합니다 감사해요 고마워요 고맙습니다",
        "도움이 되었다니 다행이에요. 더 궁금한 점이 있으면 언제든 적어 주세요.",
        "",
    ),
];

/// The answers of the first start; all ranks are 0.
#[must_use]
pub fn built_in(operator: &Operator) -> Vec<KeywordAnswer> {
    let mail = operator
        .email
        .as_ref()
        .map(|address| format!("mailto:{address}"));
    let urls = [
        mail.clone(),
        mail,
        operator.survey.clone(),
        operator.instagram.clone(),
    ];
    let linked = LINKED.iter().zip(urls).map(|(row, url)| match url {
        Some(url) => answer(row, row.2, Some(url)),
        None => answer(row, PENDING, None),
    });
    linked
        .chain(PLAIN.iter().map(|row| answer(row, row.2, None)))
        .flatten()
        .collect()
}

/// `None` never comes: the rows are constants, which a test reads.
fn answer(row: &Row, text: &str, url: Option<String>) -> Option<KeywordAnswer> {
    let (id, keywords, _, choices) = row;
    let link = url.map(|url| Link {
        title: "바로 가기".to_owned(),
        url,
    });
    let choices = choices.split(',').filter(|one| !one.is_empty());
    Some(KeywordAnswer {
        id: id.parse().ok()?,
        keywords: keywords.split_whitespace().map(str::to_owned).collect(),
        text: text.parse().ok()?,
        links: link.into_iter().collect(),
        quick_replies: choices.map(str::to_owned).collect(),
        rank: 0,
    })
}
