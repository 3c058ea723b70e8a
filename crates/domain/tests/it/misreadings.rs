//! Texts that are easily understood as more than they say.

use std::time::{Duration, Instant};

use domain::catalogue::{Block, DocumentKind, composition_view};
use domain::mfds::{parse_composition, parse_document, parse_material};

use crate::pitfalls::row;

#[test]
fn a_counter_does_not_swallow_the_word_after_it() {
    for basis in [
        "1정중615.04밀리그램",
        "1정당",
        "1정 중(615.04mg)",
        "이 약 1정(615mg)중",
    ] {
        let material = parse_material(&row(basis, "가나", "5", "밀리그램", ""));
        assert_eq!(material.variants[0].basis.unit.label(), "정", "{basis}");
        assert!(material.complete);
    }
}

#[test]
fn what_is_missing_makes_a_composition_incomplete() {
    let row = |basis, amount, unit| row(basis, "가나", amount, unit, "");
    for material in [
        // No basis: nobody knows what the amount is counted per.
        row("", "5", "밀리그램"),
        format!(
            "{};{}",
            row("1정", "5", "밀리그램"),
            row("", "5", "밀리그램")
        ),
        // An active ingredient of which there is nothing is a missing number.
        row("1정", "0", "밀리그램"),
        row("1정", "0.00", "밀리그램"),
        row("1정", "50억", ""),
        row("1정", "1,5", "밀리그램"),
        row("1정", "5~10", "밀리그램"),
        row("1정", "5", ""),
    ] {
        let composition = parse_composition(Some(&material), None, None);
        assert!(!composition.complete, "{material}");
        let view = composition_view(&composition);
        assert!(
            view.variants.iter().all(|variant| !variant.complete
                && variant
                    .ingredients
                    .iter()
                    .all(|row| row.share_percent.is_none())),
            "{material}"
        );
    }
}

#[test]
fn an_ingredient_that_stands_twice_has_no_share() {
    // Two layers, or two strengths of which only one is in a tablet: adding them up is a guess.
    let material = [
        row("1정", "가나", "25", "밀리그램", ""),
        row("1정", "가나", "50", "밀리그램", ""),
        row("1정", "다라", "25", "밀리그램", ""),
    ]
    .join(";");
    let view = composition_view(&parse_composition(Some(&material), None, None));
    let [variant] = view.variants.as_slice() else {
        panic!("one variant");
    };
    assert_eq!(variant.ingredients.len(), 3);
    assert_eq!(variant.total_milligrams, None);
    assert!(!variant.complete);
    assert!(
        variant
            .ingredients
            .iter()
            .all(|row| row.share_percent.is_none())
    );
}

#[test]
fn shares_add_up_to_the_whole() {
    let amounts = ["300", "0.2", "49.8"];
    let material = amounts
        .map(|amount| row("1정", &format!("성분{amount}"), amount, "밀리그램", ""))
        .join(";");
    let view = composition_view(&parse_composition(Some(&material), None, None));
    let shares: Vec<_> = view.variants[0]
        .ingredients
        .iter()
        .map(|row| row.share_percent.unwrap().to_string())
        .collect();
    assert_eq!(shares, ["85.71", "0.06", "14.23"]);
}

#[test]
fn marks_of_a_variant_are_one_however_they_are_typed() {
    let material = [
        "1개(약 2.6g) 중-오렌지",
        "1개(약 2.6g) 중-오렌지 ",
        "1개(약 2.6g) 중 - 오렌지",
        "1개(약 2.6g) 중–오렌지",
        "1개(약 2.6g)중－오렌지",
    ]
    .map(|basis| row(basis, "가나", "5", "밀리그램", ""))
    .join(";");
    let material = parse_material(&material);
    assert!(material.complete, "{:?}", material.unparsed);
    assert_eq!(material.variants.len(), 1);
    assert_eq!(material.variants[0].label.as_deref(), Some("오렌지"));
}

#[test]
fn a_particle_in_brackets_is_no_part_of_a_name() {
    let material = parse_material(&row(
        "1정",
        "가나염산염",
        "5.6",
        "밀리그램",
        "가나(으)로서 5밀리그램",
    ));
    assert_eq!(material.variants[0].actives[0].active_as[0].name, "가나");
    let nothing = parse_material(&row("1정", "가", "5", "mg", "가로서 0mg"));
    assert!(!nothing.complete && nothing.variants[0].actives[0].active_as.is_empty());
}

#[test]
fn entities_doubled_thrice_are_read() {
    let source = "<DOC title=\"\" type=\"NB\"><SECTION title=\"\"><ARTICLE title=\"1. &amp;amp;lt;경고\"><PARAGRAPH tagName=\"p\"><![CDATA[p &amp;amp;lt; 0.05, 1&amp;nbsp;mg &amp;lt;b&amp;gt; R&amp;D]]></PARAGRAPH></ARTICLE></SECTION></DOC>";
    let document = parse_document(DocumentKind::Precautions, source).unwrap();
    let article = &document.sections[0].articles[0];
    assert_eq!(article.title.as_deref(), Some("1. <경고"));
    let Block::Paragraph { text, .. } = &article.blocks[0] else {
        panic!("a paragraph");
    };
    assert_eq!(text, "p < 0.05, 1 mg <b> R&D");
}

/// Looking back over the blanks at each tag took 143 seconds here.
#[test]
fn blanks_before_many_breaks_take_linear_time() {
    let source = |size: usize| {
        format!(
            "<DOC type=\"NB\"><SECTION><ARTICLE><PARAGRAPH><![CDATA[가<br>{}{}]]></PARAGRAPH></ARTICLE></SECTION></DOC>",
            " ".repeat(size),
            "<p>".repeat(size / 3)
        )
    };
    let began = Instant::now();
    parse_document(DocumentKind::Precautions, &source(100_000)).unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn names_that_look_alike_are_alike() {
    for name in [
        "가\u{200D}나",
        "가나\u{202E}",
        "가\u{2066}나",
        "\u{3164}가나",
        "\u{200E}가나",
    ] {
        assert_eq!(domain::catalogue::canonical_ingredient_name(name), "가나");
    }
}
