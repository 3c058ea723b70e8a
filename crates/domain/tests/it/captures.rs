//! Every captured record of permit detail, permit list and e약은요.

use domain::catalogue::{CancellationState, Dispensing, Medicine, compare};
use domain::mfds::{
    RawEasyGuide, RawPermitDetail, RawPermitListing, RawPill, parse_easy_guide,
    parse_permit_detail, parse_permit_listing, parse_pill,
};

use crate::files;

fn details() -> Option<Vec<RawPermitDetail>> {
    let mut all = files::lines("items/permit_detail.jsonl")?;
    all.extend(files::items("responses/permission_detail.json")?);
    all.extend(files::items("other/single-medi-product-details.json")?);
    Some(all)
}

#[test]
fn permit_details() {
    let Some(details) = details() else { return };
    let parsed: Vec<_> = details
        .iter()
        .map(|raw| parse_permit_detail(raw).unwrap())
        .collect();
    let ids: Vec<_> = parsed.iter().map(|detail| detail.id.get()).collect();
    assert_eq!(
        ids,
        [
            202_005_623,
            195_500_005,
            200_906_877,
            202_005_623,
            195_500_005
        ]
    );
    for detail in &parsed {
        assert!(detail.composition.complete, "{:?}", detail.composition);
        assert!(detail.cancellation.is_valid());
        assert!(detail.permitted_on.is_some() && detail.changed_on.is_some());
        for document in [&detail.efficacy, &detail.dosage, &detail.precautions] {
            assert!(document.as_ref().unwrap().complete);
        }
        assert_eq!(detail.atc_code.as_ref().unwrap().len(), 7);
    }
}

#[test]
fn permit_detail_fields() {
    let Some(details) = details() else { return };
    let parsed: Vec<_> = details
        .iter()
        .map(|raw| parse_permit_detail(raw).unwrap())
        .collect();
    let tylenol = &parsed[0];
    assert_eq!(tylenol.name, "어린이타이레놀산160밀리그램(아세트아미노펜)");
    assert_eq!(tylenol.dispensing, Dispensing::Otc);
    assert_eq!(tylenol.permitted_on.unwrap().to_string(), "2020-08-03");
    assert_eq!(tylenol.valid_term.as_deref(), Some("제조일로부터 36개월"));
    assert_eq!(tylenol.english_name, None);
    let active = &tylenol.composition.variants[0].actives[0];
    assert_eq!(active.code.as_deref(), Some("M279100"));
    assert_eq!(tylenol.composition.additives.len(), 6);
    assert_eq!(tylenol.composition.additives[5].name, "천연베리향 624691");

    let glucose = &parsed[1];
    assert_eq!(glucose.dispensing, Dispensing::Prescription);
    assert_eq!(
        glucose.valid_term.as_deref(),
        Some("제조일로부터 36개월, 제조일로부터 18개월")
    );
    let codes: Vec<_> = glucose.composition.variants[0]
        .actives
        .iter()
        .map(|active| active.code.clone().unwrap())
        .collect();
    assert_eq!(codes, ["M040702", "M040426"]);

    let strepsils = &parsed[2];
    assert_eq!(strepsils.composition.variants.len(), 2);
    assert_eq!(strepsils.composition.additives.len(), 11);
    assert_eq!(
        strepsils.maker_english.as_deref(),
        Some("Reckitt Benckiser Healthcare (UK) Limited")
    );
}

#[test]
fn permit_lists() {
    let Some(mut raw) = files::lines::<RawPermitListing>("items/permit_list.jsonl") else {
        return;
    };
    for path in [
        "responses/permission.json",
        "responses/permission_ibuprofen.json",
        "other/medi-products-list.json",
    ] {
        let items = files::items(path).unwrap();
        assert!(!items.is_empty(), "{path}");
        raw.extend(items);
    }
    for raw in &raw {
        let listing = parse_permit_listing(raw).unwrap();
        assert_eq!(listing.cancellation.state, CancellationState::Valid);
        assert_ne!(listing.dispensing, Dispensing::Unknown);
        let class = listing.class.unwrap();
        let parts: Vec<_> = class.parts.iter().map(String::as_str).collect();
        match class.code.as_deref() {
            Some("01140") => assert_eq!(parts, ["해열", "진통", "소염"]),
            Some("03310") => assert_eq!(parts, ["혈액대용제"]),
            Some("03230") => assert_eq!(parts, ["당류제"]),
            Some("02310") => assert_eq!(parts, ["치과구강용약"]),
            other => panic!("{other:?}"),
        }
        if let Some(url) = listing.image_url {
            assert!(url.starts_with("https://nedrug.mfds.go.kr/"), "{url}");
        }
    }
}

#[test]
fn easy_guides() {
    let Some(mut raw) = files::lines::<RawEasyGuide>("items/easydrug.jsonl") else {
        return;
    };
    for path in [
        "responses/easydrug.json",
        "responses/easydrug_ibuprofen.json",
    ] {
        raw.extend(files::items(path).unwrap());
    }
    assert!(raw.len() > 4);
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for raw in &raw {
        let (id, guide) = parse_easy_guide(raw).unwrap();
        assert_eq!(Some(id.to_string()), raw.item_seq);
        assert!(guide.published_on.is_some() && guide.updated_on.is_some());
        for (before, after) in [
            (&raw.efcy_qesitm, &guide.efficacy),
            (&raw.use_method_qesitm, &guide.usage),
            (&raw.atpn_warn_qesitm, &guide.warning),
            (&raw.atpn_qesitm, &guide.cautions),
            (&raw.intrc_qesitm, &guide.interactions),
            (&raw.se_qesitm, &guide.side_effects),
            (&raw.deposit_method_qesitm, &guide.storage),
        ] {
            let after = after.as_deref().map(fold);
            assert_eq!(before.as_deref().map(fold), after);
        }
    }
}

#[test]
fn a_pill_answer() {
    let path = "other/drug-pill-identification-response.json";
    let Some(raw) = files::items::<RawPill>(path) else {
        return;
    };
    let parsed = parse_pill(&raw[0]).unwrap();
    assert_eq!(parsed.id.get(), 198_000_058);
    assert_eq!(parsed.pill.imprint_front, None);
    assert_eq!(parsed.pill.length_long.as_deref(), Some("7.5"));
    assert_eq!(parsed.pill.form.as_deref(), Some("장용성필름코팅정"));
    assert_eq!(parsed.class.unwrap().code.as_deref(), Some("01140"));
}

#[test]
fn assembled_and_compared() {
    let (Some(details), Some(listings), Some(guides)) = (
        details(),
        files::lines::<RawPermitListing>("items/permit_list.jsonl"),
        files::lines::<RawEasyGuide>("items/easydrug.jsonl"),
    ) else {
        return;
    };
    let assemble = |place: usize| {
        let detail = parse_permit_detail(&details[place]).unwrap();
        let listing = listings
            .iter()
            .map(|raw| parse_permit_listing(raw).unwrap())
            .find(|listing| listing.id == detail.id);
        let guide = guides
            .iter()
            .map(|raw| parse_easy_guide(raw).unwrap())
            .find(|(id, _)| *id == detail.id);
        let guide = guide.as_ref().map(|(_, guide)| guide);
        Medicine::assemble(detail, listing.as_ref(), &[], guide)
    };
    let (tylenol, glucose, strepsils) = (assemble(0), assemble(1), assemble(2));
    assert_eq!(tylenol.class.as_ref().unwrap().parts.len(), 3);
    assert!(strepsils.image_url.is_some());
    assert_eq!(
        tylenol.clone().delisted().cancellation.state,
        CancellationState::Delisted
    );
    let comparison = compare(&tylenol, &glucose).unwrap();
    assert_eq!(comparison.variants[0].ingredients.len(), 3);
    let shown = serde_json::to_string(&comparison).unwrap();
    for word in ["interchangeable", "safe"] {
        assert!(!shown.contains(word));
    }
    assert_eq!(compare(&tylenol, &strepsils).unwrap().variants.len(), 2);
    // What is stored comes back as it was.
    let stored = serde_json::to_string(&strepsils).unwrap();
    assert_eq!(
        serde_json::from_str::<Medicine>(&stored).unwrap(),
        strepsils
    );
}

#[test]
fn a_record_without_identity_is_rejected_by_field() {
    let raw = RawPermitDetail {
        item_name: Some("이름".to_owned()),
        ..RawPermitDetail::default()
    };
    let rejection = parse_permit_detail(&raw).unwrap_err();
    assert_eq!((rejection.field, rejection.code), ("ITEM_SEQ", "missing"));
    let raw = RawPermitDetail {
        item_seq: Some("x".repeat(10_000)),
        ..raw
    };
    let rejection = parse_permit_detail(&raw).unwrap_err();
    assert_eq!((rejection.field, rejection.code), ("ITEM_SEQ", "malformed"));
    assert!(rejection.reason.chars().count() <= 250);
}
