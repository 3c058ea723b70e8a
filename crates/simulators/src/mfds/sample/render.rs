//! Turns a product of the table into the rows of the feed.

use super::{
    super::wire::Row,
    documents,
    table::{Pill, Product, Topic, Variant},
};

/// Where the ministry's portal keeps documents.
const DOCUMENTS: &str = "https://nedrug.mfds.go.kr/pbp/cmn/pdfDownload";

/// `null` for a field that the table leaves out.
fn null_if_empty(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}

/// A row of permit detail, the fields in the order of the wire.
pub(crate) fn permit_detail(product: &Product, topic: &Topic) -> Row {
    let extra = |name| product.extra(name);
    let document = |kind: &str| {
        let url = format!("{DOCUMENTS}/{}/{kind}", product.number);
        if extra("urls") == Some("caps") {
            url.to_uppercase()
        } else {
            url
        }
    };
    let row = Row::new()
        .text("ITEM_SEQ", product.number)
        .text("ITEM_NAME", product.name)
        .text("ENTP_NAME", product.maker)
        .maybe("ITEM_PERMIT_DATE", null_if_empty(product.permit_date))
        .maybe("CNSGN_MANUF", extra("cnsgn"))
        .text("ETC_OTC_CODE", permit_otc(product.otc))
        .text("CHART", format!("{} 제형의 의약품", product.form))
        .maybe("BAR_CODE", extra("bar"))
        .maybe("MATERIAL_NAME", materials(product))
        .text("EE_DOC_ID", document("EE"))
        .text("UD_DOC_ID", document("UD"))
        .text("NB_DOC_ID", document("NB"))
        .text("INSERT_FILE", "")
        .text(
            "STORAGE_METHOD",
            extra("storage").unwrap_or("기밀용기, 실온(1～30℃)보관"),
        )
        .text(
            "VALID_TERM",
            extra("valid").unwrap_or("제조일로부터 36 개월"),
        )
        .null("REEXAM_TARGET")
        .null("REEXAM_DATE")
        .maybe("PACK_UNIT", extra("pack"))
        .maybe("EDI_CODE", extra("edi"))
        .text("PERMIT_KIND_NAME", extra("kind").unwrap_or("허가"))
        .maybe("ENTP_NO", extra("entp_no"))
        .text("MAKE_MATERIAL_FLAG", "완제의약품")
        .text("NEWDRUG_CLASS_NAME", "")
        .text("INDUTY_TYPE", "의약품");
    permit_detail_state(row, product)
        .maybe("EE_DOC_DATA", documents::efficacy(product, topic))
        .maybe("UD_DOC_DATA", documents::dosage(product))
        .maybe("NB_DOC_DATA", documents::precautions(product, topic))
        .null("PN_DOC_DATA")
        .text("MAIN_ITEM_INGR", main_ingredients(product))
        .maybe("INGR_NAME", additives(product))
        .maybe("ATC_CODE", extra("atc"))
        .maybe("ITEM_ENG_NAME", extra("eng"))
        .maybe("ENTP_ENG_NAME", extra("entp_eng"))
        .null("MAIN_INGR_ENG")
        .maybe("BIZRNO", extra("bizrno"))
        .maybe(
            "RARE_DRUG_YN",
            extra("rare").or(null_if_empty(rare(product))),
        )
}

/// Permits know two states; the pill list adds remarks to them.
fn permit_otc(otc: &'static str) -> &'static str {
    if otc.starts_with("일반") {
        "일반의약품"
    } else {
        "전문의약품"
    }
}

/// The flag is `N` for consumer products and `null` for the rest, as far as captures show.
fn rare(product: &Product) -> &'static str {
    if product.over_the_counter() { "N" } else { "" }
}

fn permit_detail_state(row: Row, product: &Product) -> Row {
    let changed = product.extra("change");
    let history = changed
        .and_then(dashed)
        .map(|day| format!("사용상주의사항변경(부작용포함), {day}"));
    let totals: Vec<_> = product
        .variants
        .iter()
        .map(|variant| variant.total)
        .collect();
    row.maybe(
        "CANCEL_DATE",
        product.extra("cancel_date").and_then(null_if_empty),
    )
    .text("CANCEL_NAME", product.extra("cancel").unwrap_or("정상"))
    .maybe("CHANGE_DATE", changed)
    .maybe("NARCOTIC_KIND_CODE", product.extra("narcotic"))
    .text("GBN_NAME", history.unwrap_or_default())
    .text("TOTAL_CONTENT", totals.join("/"))
}

/// `20250324` as `2025-03-24`.
fn dashed(date: &str) -> Option<String> {
    let (year, rest) = date.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Some(format!("{year}-{month}-{day}"))
}

/// `MATERIAL_NAME` in its usual form, in the older pipe form, empty or `null`.
fn materials(product: &Product) -> Option<String> {
    match product.extra("mat") {
        Some("null") => return None,
        Some("pipe") => return Some(product.variants.iter().flat_map(older_form).collect()),
        _ => {}
    }
    let groups: Vec<_> = product.variants.iter().flat_map(usual_form).collect();
    Some(groups.join(" ;"))
}

fn usual_form(variant: &Variant) -> impl Iterator<Item = String> + '_ {
    variant.ingredients.iter().map(|ingredient| {
        format!(
            "총량 : {}|성분명 : {}|분량 : {}|단위 : {}|규격 : {}|성분정보 : {}|비고 :",
            variant.total,
            ingredient.name,
            ingredient.amount,
            ingredient.unit,
            ingredient.standard,
            ingredient.info
        )
    })
}

fn older_form(variant: &Variant) -> impl Iterator<Item = String> + '_ {
    variant.ingredients.iter().map(|ingredient| {
        format!(
            "{}|{}|{}|{}|{}|;",
            variant.total, ingredient.name, ingredient.standard, ingredient.amount, ingredient.unit
        )
    })
}

/// `[code]name|…`; a code only where it is known.
fn main_ingredients(product: &Product) -> String {
    let mut codes = product.extra("codes").unwrap_or_default().split(',');
    let names = product
        .variants
        .iter()
        .flat_map(|variant| &variant.ingredients);
    let listed: Vec<_> = names
        .map(
            |ingredient| match codes.next().filter(|code| !code.is_empty()) {
                Some(code) => format!("[{code}]{}", ingredient.name),
                None => ingredient.name.to_owned(),
            },
        )
        .collect();
    listed.join("|")
}

/// `[code]name|…`, or `null` where the additives aren't known.
fn additives(product: &Product) -> Option<String> {
    let listed = product.extra("additives")?.split(',').map(|additive| {
        // Names hold spaces too, so only what looks like a code is one.
        match additive.split_once(' ').filter(|(code, _)| is_code(code)) {
            Some((code, name)) => format!("[{code}]{name}"),
            None => additive.to_owned(),
        }
    });
    Some(listed.collect::<Vec<_>>().join("|"))
}

/// `M` and six digits.
fn is_code(text: &str) -> bool {
    text.strip_prefix('M').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// A row of the permit list.
pub(crate) fn permit_list(product: &Product, image: &'static str) -> Row {
    let extra = |name| product.extra(name);
    let class = match product.class_code {
        "" => String::new(),
        code => format!("[{code}]{}", product.class_name),
    };
    let ingredients: usize = product
        .variants
        .iter()
        .map(|variant| variant.ingredients.len())
        .sum();
    Row::new()
        .text("ITEM_SEQ", product.number)
        .text("ITEM_NAME", product.name)
        .maybe("ITEM_ENG_NAME", extra("eng"))
        .text("ENTP_NAME", product.maker)
        .maybe("ENTP_ENG_NAME", extra("entp_eng"))
        .maybe("ENTP_SEQ", extra("entp_seq"))
        .maybe("ENTP_NO", extra("entp_no"))
        .maybe("ITEM_PERMIT_DATE", null_if_empty(product.permit_date))
        .text("INDUTY", "의약품")
        .text("PRDLST_STDR_CODE", product.number)
        .text("SPCLTY_PBLC", permit_otc(product.otc))
        .text("PRDUCT_TYPE", class)
        .null("PRDUCT_PRMISN_NO")
        .text("ITEM_INGR_NAME", "")
        .text("ITEM_INGR_CNT", ingredients.to_string())
        .text("BIG_PRDT_IMG_URL", image)
        .text("PERMIT_KIND_CODE", extra("kind").unwrap_or("허가"))
        .maybe("CANCEL_DATE", extra("cancel_date").and_then(null_if_empty))
        .text("CANCEL_NAME", extra("cancel").unwrap_or("정상"))
        .maybe("EDI_CODE", extra("edi"))
        .maybe("BIZRNO", extra("bizrno"))
}

/// A row of the pill list.
pub(crate) fn pill(product: &Product, pill: &Pill) -> Row {
    Row::new()
        .text("ITEM_SEQ", product.number)
        .text("ITEM_NAME", product.name)
        .maybe("ENTP_SEQ", product.extra("entp_seq"))
        .text("ENTP_NAME", product.maker)
        .text("CHART", format!("{} {}", pill.shape, pill.form))
        .text("ITEM_IMAGE", pill.image)
        .maybe("PRINT_FRONT", null_if_empty(pill.print_front))
        .maybe("PRINT_BACK", null_if_empty(pill.print_back))
        .text("DRUG_SHAPE", pill.shape)
        .text("COLOR_CLASS1", pill.colour_front)
        .maybe("COLOR_CLASS2", null_if_empty(pill.colour_back))
        .maybe("LINE_FRONT", null_if_empty(pill.line_front))
        .maybe("LINE_BACK", null_if_empty(pill.line_back))
        .text("LENG_LONG", pill.long)
        .text("LENG_SHORT", pill.short)
        .text("THICK", pill.thick)
        .text("IMG_REGIST_TS", pill.image_date)
        .text("CLASS_NO", product.class_code)
        .text("CLASS_NAME", product.class_name)
        .text("ETC_OTC_NAME", product.otc)
        .maybe("ITEM_PERMIT_DATE", null_if_empty(product.permit_date))
        .text("FORM_CODE_NAME", pill.form)
        .text("MARK_CODE_FRONT_ANAL", "")
        .text("MARK_CODE_BACK_ANAL", "")
        .text("MARK_CODE_FRONT_IMG", "")
        .text("MARK_CODE_BACK_IMG", "")
        .maybe("ITEM_ENG_NAME", product.extra("eng"))
        .maybe("CHANGE_DATE", product.extra("change"))
        .null("MARK_CODE_FRONT")
        .null("MARK_CODE_BACK")
        .maybe("EDI_CODE", product.extra("edi"))
        .maybe("BIZRNO", product.extra("bizrno"))
        .maybe("STD_CD", product.extra("bar"))
}

/// A row of e약은요.
pub(crate) fn easy_drug(product: &Product, topic: &Topic, image: &'static str) -> Row {
    let nbsp = product.extra("easy") == Some("nbsp");
    let plain = |lines: &[String]| documents::plain(lines, nbsp);
    let listed = |items: &[&str]| items.join(", ");
    let together = (!topic.together.is_empty()).then(|| {
        plain(&[format!(
            "함께 쓰기 전에 의사 또는 약사와 상의하십시오: {}.",
            listed(&topic.together)
        )])
    });
    Row::new()
        .text("entpName", product.maker)
        .text("itemName", product.name)
        .text("itemSeq", product.number)
        .text("efcyQesitm", plain(&[topic.efficacy.to_owned()]))
        .text(
            "useMethodQesitm",
            plain(&["제품 설명서에 정해진 용법과 용량을 지키십시오.".to_owned()]),
        )
        .null("atpnWarnQesitm")
        .text(
            "atpnQesitm",
            plain(&[
                format!("사용하지 마십시오: {}.", listed(&topic.never)),
                format!(
                    "먼저 의사 또는 약사와 상의하십시오: {}.",
                    listed(&topic.ask_first)
                ),
            ]),
        )
        .maybe("intrcQesitm", together)
        .text(
            "seQesitm",
            plain(&[format!(
                "{} 등이 나타날 수 있습니다.",
                listed(&topic.side_effects)
            )]),
        )
        .text(
            "depositMethodQesitm",
            plain(&[
                "실온에서 보관하십시오.".to_owned(),
                "어린이의 손이 닿지 않는 곳에 보관하십시오.".to_owned(),
            ]),
        )
        .text("openDe", product.extra("easy_open").unwrap_or("20250331"))
        .text(
            "updateDe",
            product.extra("easy_update").unwrap_or("2025-03-24"),
        )
        .maybe("itemImage", null_if_empty(image))
        .maybe("bizrno", product.extra("bizrno"))
}
