//! Writes the rows of generated products, the fields in the order of the wire.

use super::{
    super::wire::ObjectWriter,
    documents,
    pools::{Pools, Substance},
    profile::Profile,
};

const SHAPES: [&str; 6] = ["원형", "타원형", "장방형", "삼각형", "사각형", "팔각형"];
const COLOURS: [&str; 10] = [
    "하양",
    "노랑",
    "분홍",
    "주황",
    "갈색",
    "파랑",
    "연두",
    "초록",
    "빨강",
    "노랑, 투명",
];

fn maybe(object: &mut ObjectWriter<'_>, name: &str, value: Option<&str>) {
    match value {
        Some(value) => object.text(name, value),
        None => object.null(name),
    }
}

/// `[code]name|…`.
fn coded(substances: &[&Substance]) -> String {
    let listed: Vec<_> = substances
        .iter()
        .map(|one| format!("[{}]{}", one.code, one.name))
        .collect();
    listed.join("|")
}

fn materials(profile: &Profile<'_>) -> String {
    let groups: Vec<_> = profile
        .actives
        .iter()
        .map(|active| {
            let info = active
                .as_active
                .map(|amount| format!("{}으로서 {amount}{}", active.substance.name, active.unit));
            format!(
                "총량 : {}|성분명 : {}|분량 : {}|단위 : {}|규격 : 별규|성분정보 : {}|비고 :",
                profile.total,
                active.substance.name,
                active.amount,
                active.unit,
                info.unwrap_or_default()
            )
        })
        .collect();
    groups.join(" ;")
}

/// A row of permit detail.
pub(crate) fn permit_detail(
    pools: &Pools,
    profile: &mut Profile<'_>,
    object: &mut ObjectWriter<'_>,
) {
    let seq = profile.item_seq.clone();
    let actives: Vec<_> = profile
        .actives
        .iter()
        .map(|active| active.substance)
        .collect();
    let document =
        |kind: &str| format!("https://nedrug.mfds.go.kr/pbp/cmn/pdfDownload/{seq}/{kind}");
    object.text("ITEM_SEQ", &seq);
    object.text("ITEM_NAME", &profile.name);
    object.text("ENTP_NAME", &profile.maker.name);
    object.text("ITEM_PERMIT_DATE", &profile.permit_date);
    object.null("CNSGN_MANUF");
    object.text("ETC_OTC_CODE", profile.otc());
    object.text("CHART", profile.form);
    object.text("BAR_CODE", &format!("8800{seq}"));
    object.text("MATERIAL_NAME", &materials(profile));
    object.text("EE_DOC_ID", &document("EE"));
    object.text("UD_DOC_ID", &document("UD"));
    object.text("NB_DOC_ID", &document("NB"));
    object.text("INSERT_FILE", "");
    object.text("STORAGE_METHOD", "기밀용기, 실온(1～30℃)보관");
    object.text("VALID_TERM", "제조일로부터 36 개월");
    object.null("REEXAM_TARGET");
    object.null("REEXAM_DATE");
    object.text("PACK_UNIT", "30정/병, 100정/병");
    object.null("EDI_CODE");
    object.text("PERMIT_KIND_NAME", "허가");
    object.text("ENTP_NO", &profile.maker.number);
    object.text("MAKE_MATERIAL_FLAG", "완제의약품");
    object.text("NEWDRUG_CLASS_NAME", "");
    object.text("INDUTY_TYPE", "의약품");
    maybe(object, "CANCEL_DATE", profile.cancel.map(|_| "20200131"));
    object.text("CANCEL_NAME", profile.cancel.unwrap_or("정상"));
    object.text("CHANGE_DATE", &profile.permit_date);
    object.null("NARCOTIC_KIND_CODE");
    object.text("GBN_NAME", "사용상의 주의사항, 2024-05-22");
    object.text("TOTAL_CONTENT", profile.total);
    let random = &mut profile.random;
    object.escaped("EE_DOC_DATA", |out| documents::efficacy(pools, random, out));
    object.escaped("UD_DOC_DATA", |out| documents::dosage(pools, random, out));
    // A few permits have no document.
    if random.percent(2) {
        object.null("NB_DOC_DATA");
    } else {
        object.escaped("NB_DOC_DATA", |out| {
            documents::precautions(pools, random, out);
        });
    }
    object.null("PN_DOC_DATA");
    object.text("MAIN_ITEM_INGR", &coded(&actives));
    object.text("INGR_NAME", &coded(&profile.additives));
    object.null("ATC_CODE");
    object.null("ITEM_ENG_NAME");
    object.null("ENTP_ENG_NAME");
    object.null("MAIN_INGR_ENG");
    object.text("BIZRNO", &profile.maker.business);
    object.text("RARE_DRUG_YN", "N");
}

/// A row of the permit list.
pub(crate) fn permit_list(profile: &Profile<'_>, object: &mut ObjectWriter<'_>) {
    let (code, class) = profile.class;
    object.text("ITEM_SEQ", &profile.item_seq);
    object.text("ITEM_NAME", &profile.name);
    object.null("ITEM_ENG_NAME");
    object.text("ENTP_NAME", &profile.maker.name);
    object.null("ENTP_ENG_NAME");
    object.text("ENTP_SEQ", &profile.maker.number);
    object.text("ENTP_NO", &profile.maker.number);
    object.text("ITEM_PERMIT_DATE", &profile.permit_date);
    object.text("INDUTY", "의약품");
    object.text("PRDLST_STDR_CODE", &profile.item_seq);
    object.text("SPCLTY_PBLC", profile.otc());
    object.text("PRDUCT_TYPE", &format!("[{code}]{class}"));
    object.text("PRDUCT_PRMISN_NO", "1");
    object.text("ITEM_INGR_NAME", "");
    object.text("ITEM_INGR_CNT", &profile.actives.len().to_string());
    object.text("BIG_PRDT_IMG_URL", &profile.image);
    object.text("PERMIT_KIND_CODE", "허가");
    maybe(object, "CANCEL_DATE", profile.cancel.map(|_| "20200131"));
    object.text("CANCEL_NAME", profile.cancel.unwrap_or("정상"));
    object.null("EDI_CODE");
    object.text("BIZRNO", &profile.maker.business);
}

/// A row of the pill list.
pub(crate) fn pill(profile: &mut Profile<'_>, object: &mut ObjectWriter<'_>) {
    let random = &mut profile.random;
    let shape = random.word(&SHAPES);
    let colours = (
        random.word(&COLOURS),
        random.percent(15).then(|| random.word(&COLOURS)),
    );
    let print = format!("P{}", random.between(1, 999));
    let back = random.percent(30).then_some("분할선");
    let sizes = [(70, 190), (50, 90), (25, 75)].map(|(low, high)| {
        let tenths = random.between(low, high);
        format!("{}.{}", tenths / 10, tenths % 10)
    });
    let [long, short, thick] = sizes;
    let (code, class) = profile.class;
    object.text("ITEM_SEQ", &profile.item_seq);
    object.text("ITEM_NAME", &profile.name);
    object.text("ENTP_SEQ", &profile.maker.number);
    object.text("ENTP_NAME", &profile.maker.name);
    object.text("CHART", profile.form);
    object.text("ITEM_IMAGE", &profile.image);
    object.text("PRINT_FRONT", &print);
    maybe(object, "PRINT_BACK", back);
    object.text("DRUG_SHAPE", shape);
    object.text("COLOR_CLASS1", colours.0);
    maybe(object, "COLOR_CLASS2", colours.1);
    object.null("LINE_FRONT");
    object.null("LINE_BACK");
    object.text("LENG_LONG", &long);
    object.text("LENG_SHORT", &short);
    object.text("THICK", &thick);
    object.text("IMG_REGIST_TS", "20200131");
    object.text("CLASS_NO", code);
    object.text("CLASS_NAME", class);
    object.text("ETC_OTC_NAME", profile.otc());
    object.text("ITEM_PERMIT_DATE", &profile.permit_date);
    object.text("FORM_CODE_NAME", profile.form);
    for name in [
        "MARK_CODE_FRONT_ANAL",
        "MARK_CODE_BACK_ANAL",
        "MARK_CODE_FRONT_IMG",
        "MARK_CODE_BACK_IMG",
    ] {
        object.text(name, "");
    }
    object.null("ITEM_ENG_NAME");
    object.text("CHANGE_DATE", &profile.permit_date);
    object.null("MARK_CODE_FRONT");
    object.null("MARK_CODE_BACK");
    object.null("EDI_CODE");
    object.text("BIZRNO", &profile.maker.business);
    object.text("STD_CD", &format!("8800{}", profile.item_seq));
}

/// A row of e약은요.
pub(crate) fn easy_drug(pools: &Pools, profile: &mut Profile<'_>, object: &mut ObjectWriter<'_>) {
    object.text("entpName", &profile.maker.name);
    object.text("itemName", &profile.name);
    object.text("itemSeq", &profile.item_seq);
    let random = &mut profile.random;
    object.escaped("efcyQesitm", |out| documents::plain(pools, random, 1, out));
    object.escaped("useMethodQesitm", |out| {
        documents::plain(pools, random, 2, out);
    });
    object.null("atpnWarnQesitm");
    object.escaped("atpnQesitm", |out| documents::plain(pools, random, 4, out));
    object.escaped("intrcQesitm", |out| documents::plain(pools, random, 2, out));
    object.escaped("seQesitm", |out| documents::plain(pools, random, 3, out));
    object.text(
        "depositMethodQesitm",
        "실온에서 보관하십시오.\n\n어린이의 손이 닿지 않는 곳에 보관하십시오.\n",
    );
    object.text("openDe", "20250331");
    object.text("updateDe", "2025-03-24");
    maybe(
        object,
        "itemImage",
        (!profile.image.is_empty()).then_some(&profile.image),
    );
    object.text("bizrno", &profile.maker.business);
}
