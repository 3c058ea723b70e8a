//! Tags, and what only looks like one.

use super::{Token, Tokens};

fn shown(source: &str) -> Vec<String> {
    Tokens::html(source)
        .map(|token| match token {
            Token::Text(text) => format!("t:{text}"),
            Token::Tag(tag) => format!("{}{}", if tag.closing { "/" } else { "" }, tag.name),
            Token::Cdata(_) | Token::OpenCdata => "cdata".to_owned(),
        })
        .collect()
}

#[test]
fn text_with_less_than_is_text() {
    for text in [
        "p<0.05",
        "<1/10 및 <1/100",
        "a <b and c> d",
        "<p",
        "x<y>z",
        "<p <p <p",
        "<",
        "<!-- open",
        "<p title=\"open>",
        "<script>",
        "< p>",
        "<pfizer>",
        "<b0.05>",
    ] {
        assert_eq!(shown(text), [format!("t:{text}")]);
    }
}

#[test]
fn tags_are_tags() {
    assert_eq!(
        shown("<P style=\"a>b\">x</p><br/><!-- c --><td colspan=2 nowrap>y"),
        ["p", "t:x", "/p", "br", "td", "t:y"]
    );
    let source = "<td colspan=2 rowspan='3' Title=\"a &lt; b\">";
    let Some(Token::Tag(tag)) = Tokens::html(source).next() else {
        panic!("a tag");
    };
    assert_eq!(tag.attribute("colspan"), Some("2"));
    assert_eq!(tag.attribute("rowspan"), Some("3"));
    assert_eq!(tag.attribute("title"), Some("a &lt; b"));
    assert_eq!(tag.attribute("style"), None);
}
