//! Whole records.

use crate::catalogue::{DocumentKind, EasyGuide, MedicineId, Pill};

use super::{
    ParsedPill, PermitDetail, PermitListing, RawEasyGuide, RawPermitDetail, RawPermitListing,
    RawPill, Rejection, parse_cancellation, parse_class, parse_composition, parse_date,
    parse_decimal, parse_dispensing, parse_document,
    text::{line, lines, shorten, url},
};

fn identity(field: &'static str, value: Option<&String>) -> Result<MedicineId, Rejection> {
    let text = required(field, value)?;
    text.parse().map_err(|error| Rejection {
        field,
        code: "malformed",
        reason: format!("{error}; found {:?}", shorten(&text)),
    })
}

fn required(field: &'static str, value: Option<&String>) -> Result<String, Rejection> {
    line(value).ok_or_else(|| Rejection {
        field,
        code: "missing",
        reason: "expected a text, found none".to_owned(),
    })
}

fn date(value: Option<&String>) -> Option<chrono::NaiveDate> {
    value.and_then(|text| parse_date(text))
}

/// Reads an item of permit detail.
///
/// # Errors
/// Without a valid `ITEM_SEQ`, an `ITEM_NAME` or an `ENTP_NAME`; everything else may be missing.
pub fn parse_permit_detail(raw: &RawPermitDetail) -> Result<PermitDetail, Rejection> {
    let document =
        |kind, text: &Option<String>| text.as_deref().and_then(|text| parse_document(kind, text));
    Ok(PermitDetail {
        id: identity("ITEM_SEQ", raw.item_seq.as_ref())?,
        name: required("ITEM_NAME", raw.item_name.as_ref())?,
        english_name: line(raw.item_eng_name.as_ref()),
        maker: required("ENTP_NAME", raw.entp_name.as_ref())?,
        maker_english: line(raw.entp_eng_name.as_ref()),
        dispensing: parse_dispensing(raw.etc_otc_code.as_deref()),
        permitted_on: date(raw.item_permit_date.as_ref()),
        changed_on: date(raw.change_date.as_ref()),
        cancellation: parse_cancellation(raw.cancel_name.as_deref(), raw.cancel_date.as_deref()),
        appearance: lines(raw.chart.as_ref()),
        storage: lines(raw.storage_method.as_ref()),
        valid_term: valid_term(raw.valid_term.as_ref()),
        pack_unit: lines(raw.pack_unit.as_ref()),
        atc_code: line(raw.atc_code.as_ref()),
        ingredients_english: line(raw.main_ingr_eng.as_ref()),
        composition: parse_composition(
            raw.material_name.as_deref(),
            raw.ingr_name.as_deref(),
            raw.main_item_ingr.as_deref(),
        ),
        efficacy: document(DocumentKind::Efficacy, &raw.ee_doc_data),
        dosage: document(DocumentKind::Dosage, &raw.ud_doc_data),
        precautions: document(DocumentKind::Precautions, &raw.nb_doc_data),
    })
}

/// `제조일로부터 36 개월,제조일로부터 18 개월` → `제조일로부터 36개월, 제조일로부터 18개월`: no space
/// between a number and the unit of time after it, one after a comma.
fn valid_term(field: Option<&String>) -> Option<String> {
    let text = line(field)?;
    let mut even = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after_digit = even.ends_with(|last: char| last.is_ascii_digit());
        if c == ' '
            && after_digit
            && rest
                .peek()
                .is_some_and(|next| "개년월일주시".contains(*next))
        {
            continue;
        }
        even.push(c);
        // A comma between digits may belong to a number.
        if c == ','
            && rest
                .peek()
                .is_some_and(|next| *next != ' ' && !next.is_ascii_digit())
        {
            even.push(' ');
        }
    }
    Some(even)
}

/// Reads an item of the permit list.
///
/// # Errors
/// Without a valid `ITEM_SEQ`.
pub fn parse_permit_listing(raw: &RawPermitListing) -> Result<PermitListing, Rejection> {
    Ok(PermitListing {
        id: identity("ITEM_SEQ", raw.item_seq.as_ref())?,
        english_name: line(raw.item_eng_name.as_ref()),
        class: raw
            .prduct_type
            .as_deref()
            .and_then(|text| parse_class(None, text)),
        dispensing: parse_dispensing(raw.spclty_pblc.as_deref()),
        image_url: url(raw.big_prdt_img_url.as_ref()),
        cancellation: parse_cancellation(raw.cancel_name.as_deref(), raw.cancel_date.as_deref()),
    })
}

/// Reads an item of the pill identification.
///
/// # Errors
/// Without a valid `ITEM_SEQ`.
pub fn parse_pill(raw: &RawPill) -> Result<ParsedPill, Rejection> {
    Ok(ParsedPill {
        id: identity("ITEM_SEQ", raw.item_seq.as_ref())?,
        class: raw
            .class_name
            .as_deref()
            .and_then(|name| parse_class(raw.class_no.as_deref(), name)),
        dispensing: parse_dispensing(raw.etc_otc_name.as_deref()),
        pill: Pill {
            appearance: lines(raw.chart.as_ref()),
            image_url: url(raw.item_image.as_ref()),
            shape: line(raw.drug_shape.as_ref()),
            form: line(raw.form_code_name.as_ref()),
            color_front: line(raw.color_class1.as_ref()),
            color_back: line(raw.color_class2.as_ref()),
            imprint_front: imprint(raw.print_front.as_ref()),
            imprint_back: imprint(raw.print_back.as_ref()),
            line_front: line(raw.line_front.as_ref()),
            line_back: line(raw.line_back.as_ref()),
            length_long: size(raw.leng_long.as_ref()),
            length_short: size(raw.leng_short.as_ref()),
            thickness: size(raw.thick.as_ref()),
        },
    })
}

/// An imprint without its placeholders: 마크 stands for a logo, 분할선 for the score line.
fn imprint(field: Option<&String>) -> Option<String> {
    let text = line(field)?.replace("마크", " ").replace("분할선", " ");
    line(Some(&text))
}

/// A size in millimetres as canonical decimal text; what is no number stays as it is.
fn size(field: Option<&String>) -> Option<String> {
    let text = line(field)?;
    Some(parse_decimal(&text).map_or(text, |number| number.to_string()))
}

/// Reads an item of e약은요.
///
/// # Errors
/// Without a valid `itemSeq`.
pub fn parse_easy_guide(raw: &RawEasyGuide) -> Result<(MedicineId, EasyGuide), Rejection> {
    let guide = EasyGuide {
        efficacy: lines(raw.efcy_qesitm.as_ref()),
        usage: lines(raw.use_method_qesitm.as_ref()),
        warning: lines(raw.atpn_warn_qesitm.as_ref()),
        cautions: lines(raw.atpn_qesitm.as_ref()),
        interactions: lines(raw.intrc_qesitm.as_ref()),
        side_effects: lines(raw.se_qesitm.as_ref()),
        storage: lines(raw.deposit_method_qesitm.as_ref()),
        image_url: url(raw.item_image.as_ref()),
        published_on: date(raw.open_de.as_ref()),
        updated_on: date(raw.update_de.as_ref()),
    };
    Ok((identity("itemSeq", raw.item_seq.as_ref())?, guide))
}

#[cfg(test)]
mod tests {
    use super::{imprint, size, valid_term};

    #[test]
    fn evens_terms() {
        assert_eq!(
            valid_term(Some(
                &"제조일로부터 36 개월,제조일로부터 18 개월".to_owned()
            ))
            .as_deref(),
            Some("제조일로부터 36개월, 제조일로부터 18개월")
        );
        assert_eq!(
            valid_term(Some(&"제조일로부터 36개월".to_owned())).as_deref(),
            Some("제조일로부터 36개월")
        );
    }

    #[test]
    fn placeholders_are_no_imprint() {
        for (text, expected) in [
            ("마크", None),
            ("V분할선16", Some("V 16")),
            ("마크분할선C8", Some("C8")),
            ("ΛUK", Some("ΛUK")),
            ("2½", Some("2½")),
        ] {
            assert_eq!(
                imprint(Some(&text.to_owned())).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn sizes_stay_texts_when_they_are_none() {
        for (text, expected) in [
            ("7.50", "7.5"),
            ("9..5", "9..5"),
            ("4호", "4호"),
            ("3.2±2", "3.2±2"),
        ] {
            assert_eq!(size(Some(&text.to_owned())).as_deref(), Some(expected));
        }
    }
}
