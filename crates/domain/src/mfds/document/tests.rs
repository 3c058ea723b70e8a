//! Sources of the feed's kind, and sources that are broken.

use super::parse_document;
use crate::catalogue::{Block, Document, DocumentKind};

fn wrapped(inner: &str) -> Document {
    let source = format!(
        "<DOC title=\"용법용량\" type=\"UD\">\r\n <SECTION title=\"\">\r\n  <ARTICLE title=\"\">\r\n{inner}\r\n  </ARTICLE>\r\n </SECTION>\r\n</DOC>"
    );
    parse_document(DocumentKind::Dosage, &source).unwrap()
}

fn paragraph(inner: &str) -> String {
    format!(
        "<PARAGRAPH tagName=\"p\" textIndent=\"\" marginLeft=\"2\"><![CDATA[{inner}]]></PARAGRAPH>"
    )
}

fn only_text(document: &Document) -> String {
    match document.sections[0].articles[0].blocks.as_slice() {
        [Block::Paragraph { text, .. }] => text.clone(),
        other => panic!("one paragraph, not {other:?}"),
    }
}

#[test]
fn text_survives_as_written() {
    for (inner, expected) in [
        (
            "흔히 ≥1/100 및 &lt;1/10, p<0.05, <1/1,000",
            "흔히 ≥1/100 및 <1/10, p<0.05, <1/1,000",
        ),
        ("만&nbsp;7 ~ 12세", "만 7 ~ 12세"),
        ("가&#8901;나&#xff65;다&middot;라", "가⋅나･다·라"),
        (
            "B<sub>1</sub>, 10<sup>3</sup>, CO<sub>2</sub>",
            "B₁, 10³, CO₂",
        ),
        ("10<sup>3", "10³"),
        ("첫 줄\r\n둘째 줄<br/>셋째", "첫 줄\n둘째 줄\n셋째"),
        ("<b>굵게</b> <span style=\"color:red\">색</span>", "굵게 색"),
        (
            "그림 <img src=\"a.png\" alt=\"구조식\"> 끝 <img src=\"b\">",
            "그림 [그림: 구조식] 끝 [그림]",
        ),
        ("a &lt;p&gt; b & c &unknown; d", "a <p> b & c &unknown; d"),
        ("a <b and c> d", "a <b and c> d"),
    ] {
        assert_eq!(only_text(&wrapped(&paragraph(inner))), expected);
    }
}

#[test]
fn structure_and_indent() {
    let document = wrapped(&paragraph("가"));
    assert!(document.complete);
    assert_eq!(document.title.as_deref(), Some("용법용량"));
    assert!(matches!(
        document.sections[0].articles[0].blocks[0],
        Block::Paragraph { indent: 2, .. }
    ));
    let titled = parse_document(
        DocumentKind::Precautions,
        "<DOC title=\"사용상의주의사항\" type=\"NB\"><SECTION title=\"가\"><ARTICLE title=\"1. 경고 &lt;1/10 &amp;nbsp;B&lt;sub&gt;1&lt;/sub&gt;\"/></SECTION></DOC>",
    )
    .unwrap();
    assert!(titled.complete);
    assert_eq!(titled.sections[0].title.as_deref(), Some("가"));
    assert_eq!(
        titled.sections[0].articles[0].title.as_deref(),
        Some("1. 경고 <1/10 B₁")
    );
}

#[test]
fn tables_keep_cells_and_spans() {
    let document = wrapped(
        "<PARAGRAPH tagName=\"table\" textIndent=\"0\" marginLeft=\"\"><![CDATA[앞<tbody> \n <tr> <th colspan=\"2\"> <p>연령</p> </th> </tr><tr><td rowspan=2><p>가</p><p>나</p></td><td>320<br>mg</td></tr></tbody>뒤]]></PARAGRAPH>",
    );
    assert!(document.complete);
    let blocks = &document.sections[0].articles[0].blocks;
    let [
        Block::Paragraph { .. },
        Block::Table { rows },
        Block::Paragraph { .. },
    ] = blocks.as_slice()
    else {
        panic!("text, table, text, not {blocks:?}");
    };
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].cells[0].column_span, 2);
    assert!(rows[0].cells[0].header);
    assert_eq!(rows[1].cells[0].row_span, 2);
    assert_eq!(rows[1].cells[0].text, "가\n나");
    assert_eq!(rows[1].cells[1].text, "320\nmg");
}

#[test]
fn an_empty_row_under_a_span_stays() {
    let document = wrapped(&paragraph(
        "<table>머리<tr><td rowspan=2>가</td></tr><tr></tr><tr><td>나</td></tr></table>",
    ));
    let [Block::Table { rows }] = document.sections[0].articles[0].blocks.as_slice() else {
        panic!("a table");
    };
    let cells: Vec<_> = rows.iter().map(|row| row.cells.len()).collect();
    assert_eq!(cells, [1, 1, 0, 1]);
    // Text that belongs to no cell is shown, but its place is a guess.
    assert!(!document.complete);
}

#[test]
fn broken_markup_costs_structure_only() {
    for source in [
        "그냥 글",
        "<DOC type=\"UD\"><SECTION><ARTICLE title=\"머리\"><PARAGRAPH><![CDATA[몸",
        "<DOC type=\"UD\"><SECTION><ARTICLE title=\"머리\"><PARAGRAPH>몸</ARTICLE></SECTION></DOC>",
        "<DOC type=\"EE\"><SECTION><ARTICLE title=\"머리\"><PARAGRAPH>몸</PARAGRAPH></ARTICLE></SECTION></DOC>",
        "<SECTION title=\"머리\">몸</SECTION>",
        "<DOC type=\"UD\"><PARAGRAPH>몸</PARAGRAPH></DOC>꼬리",
    ] {
        let document = parse_document(DocumentKind::Dosage, source).unwrap();
        assert!(!document.complete, "{source}");
        let shown = format!("{document:?}");
        for word in ["그냥 글", "머리", "몸", "꼬리"] {
            assert_eq!(
                source.contains(word),
                shown.contains(word),
                "{source}: {word}"
            );
        }
    }
}

#[test]
fn nothing_in_it_is_no_document() {
    for source in [
        "",
        " \r\n",
        "<DOC title=\"효능효과\" type=\"EE\"></DOC>",
        "<DOC title=\"효능효과\" type=\"EE\"><SECTION title=\"\"><ARTICLE title=\"\"><PARAGRAPH><![CDATA[&nbsp;]]></PARAGRAPH></ARTICLE></SECTION></DOC>",
    ] {
        assert_eq!(parse_document(DocumentKind::Efficacy, source), None);
    }
}

#[test]
fn size_and_depth_are_harmless() {
    let deep = paragraph(&format!(
        "{}끝",
        "<table><tr><td><sup><div>".repeat(100_000)
    ));
    let shown = format!("{:?}", wrapped(&deep));
    assert!(shown.contains('끝'));
    let hostile = paragraph(&"<p a=\"<p b='<!-- <".repeat(100_000));
    assert!(parse_document(DocumentKind::Dosage, &hostile).is_some());
}
