//! The documents of a permit as the feed holds them: XML in a string.

use std::fmt::Write;

use super::table::{Product, Topic};

/// What the head of a document says about it.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Efficacy,
    Dosage,
    Precautions,
}

impl Kind {
    const fn head(self) -> (&'static str, &'static str) {
        match self {
            Self::Efficacy => ("효능효과", "EE"),
            Self::Dosage => ("용법용량", "UD"),
            Self::Precautions => ("사용상의주의사항", "NB"),
        }
    }
}

/// Writes one document. Lines end with CRLF, as in the feed.
struct Document {
    text: String,
}

impl Document {
    fn new(kind: Kind) -> Self {
        let (title, name) = kind.head();
        let text = format!("<DOC title=\"{title}\" type=\"{name}\">\r\n  <SECTION title=\"\">\r\n");
        Self { text }
    }

    fn article(&mut self, title: &str, paragraphs: &[String]) {
        self.text
            .push_str(&format!("    <ARTICLE title=\"{title}\">\r\n"));
        for paragraph in paragraphs {
            self.paragraph("p", paragraph);
        }
        self.text.push_str("    </ARTICLE>\r\n");
    }

    fn paragraph(&mut self, tag: &str, text: &str) {
        self.text.push_str(&format!(
            "      <PARAGRAPH tagName=\"{tag}\" textIndent=\"\" marginLeft=\"\"><![CDATA[{text}]]></PARAGRAPH>\r\n"
        ));
    }

    fn table(&mut self, title: &str, rows: &[[&str; 2]]) {
        self.text
            .push_str(&format!("    <ARTICLE title=\"{title}\">\r\n"));
        self.paragraph("table", &table(rows));
        self.text.push_str("    </ARTICLE>\r\n");
    }

    fn finish(mut self) -> String {
        self.text.push_str("  </SECTION>\r\n</DOC>");
        self.text
    }
}

/// The feed sends the body of a table only, without `<table>`.
fn table(rows: &[[&str; 2]]) -> String {
    let mut text = "<tbody> \n".to_owned();
    for row in rows {
        text.push_str(" <tr> \n");
        for cell in row {
            text.push_str(&format!(
                "  <td style=\"border-color:#000000; width:92.18pt\"> <p>{cell}</p> </td> \n"
            ));
        }
        text.push_str(" </tr> \n");
    }
    text + "</tbody>"
}

/// A document, or what stands in its place: `null`, nothing.
fn special(product: &Product, name: &str) -> Option<Option<String>> {
    match product.extra(name) {
        Some("null") => Some(None),
        Some("empty") => Some(Some(String::new())),
        _ => None,
    }
}

/// 효능효과.
pub(crate) fn efficacy(product: &Product, topic: &Topic) -> Option<String> {
    if let Some(special) = special(product, "ee") {
        return special;
    }
    let mut document = Document::new(Kind::Efficacy);
    if product.extra("ee") == Some("title-only") {
        document.article(topic.efficacy, &[]);
    } else {
        document.article("", &[topic.efficacy.to_owned()]);
    }
    Some(document.finish())
}

/// 용법용량. No amounts: the sample must not be taken for advice.
pub(crate) fn dosage(product: &Product) -> Option<String> {
    if let Some(special) = special(product, "ud") {
        return special;
    }
    let mut document = Document::new(Kind::Dosage);
    let who = if product.over_the_counter() {
        "제품 설명서"
    } else {
        "의사의 처방"
    };
    document.article("", &[format!("{who}에 정해진 용법과 용량을 지킨다.")]);
    if product.extra("ud") == Some("table") {
        let rows = [
            ["구분", "용량"],
            ["성인", "제품 설명서 참고"],
            ["어린이", "의사 또는 약사와 상의"],
        ];
        document.table("나이에 따른 용량", &rows);
    }
    Some(document.finish())
}

/// 사용상의주의사항.
pub(crate) fn precautions(product: &Product, topic: &Topic) -> Option<String> {
    if let Some(special) = special(product, "nb") {
        return special;
    }
    let mut document = Document::new(Kind::Precautions);
    document.article(
        "1. 다음과 같은 사람은 이 약을 사용하지 말 것",
        &numbered(&topic.never),
    );
    document.article(
        "2. 다음과 같은 사람은 의사, 약사와 상의할 것",
        &numbered(&topic.ask_first),
    );
    if product.extra("nb") == Some("entities") {
        // The feed's CDATA holds entities, some of them doubled, and inline marks.
        let text = [
            "드물게(&lt;1/10,000) 발진&nbsp;&#8901;&nbsp;가려움".to_owned(),
            "체온이 38&amp;nbsp;&#8451;를 넘거나 A&amp;lt;B인 때".to_owned(),
            "비타민 B<sub>1</sub>&#xff65;B<sub>2</sub>".to_owned(),
        ];
        document.article("3. 이상반응 &amp; 주의", &text);
    } else {
        document.article("3. 이상반응", &numbered(&topic.side_effects));
    }
    if !topic.together.is_empty() {
        document.article("4. 함께 쓸 때 주의할 약", &numbered(&topic.together));
    }
    document.article(
        "5. 보관할 때 주의할 것. 어린이의 손이 닿지 않는 곳에 둔다.",
        &[],
    );
    Some(document.finish())
}

fn numbered(items: &[&str]) -> Vec<String> {
    let lines = items.iter().enumerate();
    lines
        .map(|(index, item)| format!("{}) {item}", index + 1))
        .collect()
}

/// A sentence of e약은요; paragraphs end with a line break and are separated by an empty line.
pub(crate) fn plain(lines: &[String], with_nbsp: bool) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let separator = if index > 0 { "\n" } else { "" };
        let line = if with_nbsp {
            line.replace(' ', "\u{a0}")
        } else {
            line.clone()
        };
        // Writing to a string can't fail.
        writeln!(text, "{separator}{line}").unwrap_or_default();
    }
    text
}
