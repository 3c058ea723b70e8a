//! Nothing of a document is dropped: the text before and after, by two ways that share no code.

use domain::catalogue::{Block, Document, DocumentKind};
use domain::mfds::{RawPermitDetail, parse_document};
use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use crate::files;
use crate::hostile::config;

/// Every letter of a document in order, without white space.
fn letters_after(document: &Document) -> String {
    let mut all = String::new();
    all.push_str(document.title.as_deref().unwrap_or_default());
    for section in &document.sections {
        all.push_str(section.title.as_deref().unwrap_or_default());
        for article in &section.articles {
            all.push_str(article.title.as_deref().unwrap_or_default());
            for block in &article.blocks {
                match block {
                    Block::Paragraph { text, .. } => all.push_str(text),
                    Block::Table { rows } => rows
                        .iter()
                        .flat_map(|row| &row.cells)
                        .for_each(|cell| all.push_str(&cell.text)),
                }
            }
        }
    }
    plain(&all)
}

/// Without white space; raised and lowered digits as plain ones.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '₁' => '1',
            '₂' => '2',
            '²' => '2',
            '³' => '3',
            other => other,
        })
        .collect()
}

/// The same of the source: titles, then what stands outside `<…>`, entities replaced by hand. Tags are
/// told by a letter or a slash after `<`, which holds for the captures.
fn letters_before(source: &str) -> String {
    let mut all = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('<') {
        all.push_str(before);
        if let Some(inner) = after.strip_prefix("![CDATA[") {
            rest = inner;
        } else if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            let (tag, after) = after.split_once('>').unwrap();
            if let Some((_, title)) = tag.split_once("title=\"") {
                all.push_str(title.split_once('"').unwrap().0);
            }
            rest = after;
        } else {
            all.push('<');
            rest = after;
        }
    }
    all.push_str(rest);
    plain(
        &all.replace("]]>", "")
            .replace("&nbsp;", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[test]
fn captured_documents_keep_every_letter() {
    let Some(mut details) = files::lines::<RawPermitDetail>("items/permit_detail.jsonl") else {
        return;
    };
    for path in [
        "responses/permission_detail.json",
        "other/single-medi-product-details.json",
    ] {
        details.extend(files::items(path).unwrap());
    }
    let mut compared = 0;
    for detail in &details {
        for (kind, source) in [
            (DocumentKind::Efficacy, &detail.ee_doc_data),
            (DocumentKind::Dosage, &detail.ud_doc_data),
            (DocumentKind::Precautions, &detail.nb_doc_data),
        ] {
            let source = source.as_deref().unwrap();
            let document = parse_document(kind, source).unwrap();
            assert!(document.complete);
            assert_eq!(letters_after(&document), letters_before(source));
            compared += 1;
        }
    }
    assert_eq!(compared, 15);
}

#[test]
fn captured_tables_keep_their_shape() {
    let Some(details) = files::lines::<RawPermitDetail>("items/permit_detail.jsonl") else {
        return;
    };
    let dosage = details[0].ud_doc_data.as_deref().unwrap();
    let document = parse_document(DocumentKind::Dosage, dosage).unwrap();
    let tables: Vec<_> = document.sections[0].articles[0]
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table { rows } => Some(rows),
            Block::Paragraph { .. } => None,
        })
        .collect();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].len(), 5);
    assert!(tables[0].iter().all(|row| row.cells.len() == 4));
    assert_eq!(tables[0][4].cells[2].text, "640mg");
}

/// A piece of a paragraph: its source, and the letters that must remain.
fn piece() -> impl Strategy<Value = (String, String)> {
    let word = prop::string::string_regex("[가-힣a-z0-9.,%()~]{1,8}")
        .unwrap()
        .boxed();
    prop_oneof![
        4 => word.clone().prop_map(|word| (word.clone(), word)),
        1 => word.clone().prop_map(|word| (format!("<b>{word}</b>"), word)),
        1 => word.clone().prop_map(|word| (format!("<p style=\"a>b\">{word}</p>"), word)),
        1 => word.clone().prop_map(|word| (
            format!("<table><tr><td>{word}</td><th colspan=\"2\"> {word} </th></tr></table>"),
            format!("{word}{word}"),
        )),
        1 => word.clone().prop_map(|word| (format!("<tbody><tr><td>{word}</tbody>"), word)),
        1 => word.prop_map(|word| (format!("<DIV>{word}<br/>\r\n"), word)),
        1 => Just(("&nbsp;".to_owned(), String::new())),
        1 => Just(("&lt;1/10".to_owned(), "<1/10".to_owned())),
        1 => Just((" <1/100 ".to_owned(), "<1/100".to_owned())),
        1 => Just(("p<0.05".to_owned(), "p<0.05".to_owned())),
        1 => Just(("&amp;&#8901;".to_owned(), "&⋅".to_owned())),
        1 => Just(("&lt;p&gt;".to_owned(), "<p>".to_owned())),
        1 => Just(("<img alt='그림'>".to_owned(), "[그림:그림]".to_owned())),
        1 => Just(("x<sup>2</sup>".to_owned(), "x2".to_owned())),
        1 => Just(("& ".to_owned(), "&".to_owned())),
    ]
}

fn document() -> impl Strategy<Value = (String, String)> {
    let paragraph =
        (prop::collection::vec(piece(), 0..6), any::<bool>()).prop_map(|(pieces, cdata)| {
            let (sources, letters): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
            let inner = sources.concat();
            // Outside CDATA the same text would be XML with entities of its own.
            let inner = if cdata {
                format!("<![CDATA[{inner}]]>")
            } else {
                inner
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
            };
            (
                format!("<PARAGRAPH tagName=\"p\">{inner}</PARAGRAPH>\r\n"),
                letters.concat(),
            )
        });
    let title = prop::string::string_regex("[가-힣0-9. ]{0,6}").unwrap();
    let article =
        (title, prop::collection::vec(paragraph, 0..4)).prop_map(|(title, paragraphs)| {
            let (sources, letters): (Vec<_>, Vec<_>) = paragraphs.into_iter().unzip();
            (
                format!("<ARTICLE title=\"{title}\">{}</ARTICLE>", sources.concat()),
                format!("{title}{}", letters.concat()),
            )
        });
    prop::collection::vec(article, 0..4).prop_map(|articles| {
        let (sources, letters): (Vec<_>, Vec<_>) = articles.into_iter().unzip();
        (
            format!(
                "<DOC type=\"EE\"><SECTION title=\"\">{}</SECTION></DOC>",
                sources.concat()
            ),
            plain(&letters.concat()),
        )
    })
}

/// Whether a tag or an entity is open at the end of a source.
///
/// Outside CDATA the tags of a paragraph are written with entities, so both ways count.
fn inside_markup(source: &str) -> bool {
    let source = source.replace("&lt;", "<").replace("&gt;", ">");
    let tag = |at: usize| {
        source[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && !source[at..].contains('>')
    };
    let entity = source.rfind('&').is_some_and(|at| {
        source[at + 1..]
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '#')
    });
    entity || source.match_indices('<').any(|(at, _)| tag(at))
}

/// Whether every letter of `part` stands in `whole` in this order.
fn holds_in_order(whole: &str, part: &str) -> bool {
    let mut whole = whole.chars();
    part.chars()
        .all(|wanted| whole.any(|found| found == wanted))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn generated_documents_keep_every_letter((source, letters) in document()) {
        match parse_document(DocumentKind::Efficacy, &source) {
            Some(document) => prop_assert_eq!(letters_after(&document), letters),
            None => prop_assert_eq!(letters, ""),
        }
    }

    /// With a piece left out that neither begins nor ends inside a tag: the words that remain are
    /// still all there. (Half a tag is no longer a tag, and its attributes may be anyone's.)
    #[test]
    fn broken_documents_keep_every_word(
        (source, _) in document(),
        from in any::<prop::sample::Index>(),
        length in 0_usize..40,
    ) {
        let places: Vec<_> = source
            .char_indices()
            .map(|(at, _)| at)
            .chain([source.len()])
            .filter(|at| !inside_markup(&source[..*at]))
            .collect();
        let start = from.index(places.len());
        let end = (start + length).min(places.len() - 1);
        let broken = source.get(..places[start]).unwrap().to_owned() + source.get(places[end]..).unwrap();
        // Hangul appears in no tag's name, so that all of it is text, an attribute's value, or an alt.
        let hangul = |text: &str| -> String { text.chars().filter(|c| ('가'..='힣').contains(c)).collect() };
        let expected = hangul(&broken);
        let found = parse_document(DocumentKind::Efficacy, &broken)
            .map(|document| hangul(&letters_after(&document)))
            .unwrap_or_default();
        prop_assert!(holds_in_order(&found, &expected) , "{broken}\n{found}\n{expected}");
    }
}
