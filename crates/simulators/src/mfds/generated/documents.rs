//! Documents of generated products, put together from escaped pieces without another copy.

use super::{pools::Pools, random::Random};

// The pieces are JSON-escaped already: quotation marks, line ends and the slash after `<`.
const OPEN: [&str; 3] = [
    r#"<DOC title=\"효능효과\" type=\"EE\">\r\n  <SECTION title=\"\">\r\n"#,
    r#"<DOC title=\"용법용량\" type=\"UD\">\r\n  <SECTION title=\"\">\r\n"#,
    r#"<DOC title=\"사용상의주의사항\" type=\"NB\">\r\n  <SECTION title=\"\">\r\n"#,
];
const CLOSE: &str = r"  <\/SECTION>\r\n<\/DOC>";
const ARTICLE_END: &str = r"    <\/ARTICLE>\r\n";
const PARAGRAPH: &str =
    r#"      <PARAGRAPH tagName=\"p\" textIndent=\"\" marginLeft=\"\"><![CDATA["#;
const PARAGRAPH_END: &str = r"]]><\/PARAGRAPH>\r\n";
const TABLE: &str = concat!(
    r#"      <PARAGRAPH tagName=\"table\" textIndent=\"0\" marginLeft=\"\"><![CDATA["#,
    r#"<tbody> \n <tr> \n  <td style=\"width:92.18pt\"> <p>연령<\/p> <\/td> \n"#,
    r#"  <td style=\"width:92.18pt\"> <p>1회 용량<\/p> <\/td> \n <\/tr> \n"#,
    r#" <tr> \n  <td style=\"width:92.18pt\"> <p>성인<\/p> <\/td> \n"#,
    r#"  <td style=\"width:92.18pt\"> <p>설명서 참고<\/p> <\/td> \n <\/tr> \n<\/tbody>"#,
    r"]]><\/PARAGRAPH>\r\n",
);
const TITLES: [&str; 8] = [
    "1. 경고",
    "2. 다음 환자에는 투여하지 말 것",
    "3. 다음 환자에는 신중히 투여할 것",
    "4. 이상반응",
    "5. 일반적 주의",
    "6. 상호작용",
    "7. 임부 및 수유부에 대한 투여",
    "8. 보관 및 취급상의 주의사항",
];

/// 효능효과: one to four short paragraphs.
pub(crate) fn efficacy(pools: &Pools, random: &mut Random, out: &mut Vec<u8>) {
    let [open, ..] = OPEN;
    let paragraphs = random.between(1, 4);
    document(open, out, |out| article("", paragraphs, pools, random, out));
}

/// 용법용량: a few paragraphs, every fifth time with a table.
pub(crate) fn dosage(pools: &Pools, random: &mut Random, out: &mut Vec<u8>) {
    let [_, open, _] = OPEN;
    let paragraphs = random.between(2, 8);
    document(open, out, |out| {
        article("", paragraphs, pools, random, out);
        if random.percent(20) {
            article_with("용법", out, |out| push(out, TABLE));
        }
    });
}

/// 사용상의주의사항: 24 to 56 paragraphs, which makes 5,000 to 12,000 characters.
pub(crate) fn precautions(pools: &Pools, random: &mut Random, out: &mut Vec<u8>) {
    let [_, _, open] = OPEN;
    let mut left = random.between(24, 56);
    document(open, out, |out| {
        for (index, title) in (0_u32..).zip(TITLES) {
            let share = left / (8 - index).max(1);
            left -= share;
            article(title, share, pools, random, out);
        }
    });
}

/// Plain sentences of e약은요, with an empty line between them.
pub(crate) fn plain(pools: &Pools, random: &mut Random, sentences: u32, out: &mut Vec<u8>) {
    for index in 0..sentences {
        if index > 0 {
            push(out, r"\n");
        }
        if let Some(sentence) = random.pick(&pools.sentences) {
            out.extend_from_slice(sentence);
        }
        push(out, r"\n");
    }
}

fn document(open: &str, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    push(out, open);
    body(out);
    push(out, CLOSE);
}

fn article_with(title: &str, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    push(out, r#"    <ARTICLE title=\""#);
    push(out, title);
    push(out, r#"\">\r\n"#);
    body(out);
    push(out, ARTICLE_END);
}

fn article(title: &str, paragraphs: u32, pools: &Pools, random: &mut Random, out: &mut Vec<u8>) {
    article_with(title, out, |out| {
        for number in 1..=paragraphs {
            push(out, PARAGRAPH);
            if paragraphs > 1 {
                push(out, &number.to_string());
                push(out, ") ");
            }
            if let Some(sentence) = random.pick(&pools.sentences) {
                out.extend_from_slice(sentence);
            }
            push(out, PARAGRAPH_END);
        }
    });
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
