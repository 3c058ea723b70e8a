//! Records as they come, every field a text that may be missing, null or empty.

use serde::{Deserialize, Serialize};

macro_rules! raw_record {
    ($(#[$doc:meta])* $name:ident { $($(#[$rename:meta])* $field:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        #[expect(missing_docs, reason = "each field carries the feed's own name")]
        pub struct $name {
            $(#[serde(rename = $key, deserialize_with = "lenient")] pub $field: Option<String>,)+
        }
    };
}

/// A string, a number or a boolean becomes text; null, an array or an object nothing.
fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Lenient;
    impl<'de> serde::de::Visitor<'de> for Lenient {
        type Value = Option<String>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a text")
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }
        fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
            Ok(Some(text))
        }
        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }
        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }
        fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value.to_string()))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_some<D: serde::Deserializer<'de>>(
            self,
            inner: D,
        ) -> Result<Self::Value, D::Error> {
            inner.deserialize_any(self)
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut seq: A,
        ) -> Result<Self::Value, A::Error> {
            while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(None)
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<Self::Value, A::Error> {
            while map
                .next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?
                .is_some()
            {}
            Ok(None)
        }
    }
    deserializer.deserialize_any(Lenient)
}

raw_record! {
    /// An item of permit detail (`getDrugPrdtPrmsnDtlInq06`).
    RawPermitDetail {
        item_seq = "ITEM_SEQ", item_name = "ITEM_NAME", item_eng_name = "ITEM_ENG_NAME",
        entp_name = "ENTP_NAME", entp_eng_name = "ENTP_ENG_NAME",
        item_permit_date = "ITEM_PERMIT_DATE", etc_otc_code = "ETC_OTC_CODE", chart = "CHART",
        material_name = "MATERIAL_NAME", storage_method = "STORAGE_METHOD", valid_term = "VALID_TERM",
        pack_unit = "PACK_UNIT", cancel_date = "CANCEL_DATE", cancel_name = "CANCEL_NAME",
        change_date = "CHANGE_DATE", total_content = "TOTAL_CONTENT",
        ee_doc_data = "EE_DOC_DATA", ud_doc_data = "UD_DOC_DATA", nb_doc_data = "NB_DOC_DATA",
        main_item_ingr = "MAIN_ITEM_INGR", ingr_name = "INGR_NAME", atc_code = "ATC_CODE",
        main_ingr_eng = "MAIN_INGR_ENG",
    }
}
raw_record! {
    /// An item of the permit list (`getDrugPrdtPrmsnInq07`).
    RawPermitListing {
        item_seq = "ITEM_SEQ", item_name = "ITEM_NAME", item_eng_name = "ITEM_ENG_NAME",
        entp_name = "ENTP_NAME", spclty_pblc = "SPCLTY_PBLC", prduct_type = "PRDUCT_TYPE",
        big_prdt_img_url = "BIG_PRDT_IMG_URL", cancel_date = "CANCEL_DATE", cancel_name = "CANCEL_NAME",
    }
}
raw_record! {
    /// An item of the pill identification (`getMdcinGrnIdntfcInfoList03`).
    RawPill {
        item_seq = "ITEM_SEQ", item_name = "ITEM_NAME", chart = "CHART", item_image = "ITEM_IMAGE",
        print_front = "PRINT_FRONT", print_back = "PRINT_BACK", drug_shape = "DRUG_SHAPE",
        color_class1 = "COLOR_CLASS1", color_class2 = "COLOR_CLASS2", line_front = "LINE_FRONT",
        line_back = "LINE_BACK", leng_long = "LENG_LONG", leng_short = "LENG_SHORT", thick = "THICK",
        class_no = "CLASS_NO", class_name = "CLASS_NAME", etc_otc_name = "ETC_OTC_NAME",
        form_code_name = "FORM_CODE_NAME",
    }
}
raw_record! {
    /// An item of e약은요 (`getDrbEasyDrugList`).
    RawEasyGuide {
        item_seq = "itemSeq", item_name = "itemName", entp_name = "entpName",
        efcy_qesitm = "efcyQesitm", use_method_qesitm = "useMethodQesitm",
        atpn_warn_qesitm = "atpnWarnQesitm", atpn_qesitm = "atpnQesitm", intrc_qesitm = "intrcQesitm",
        se_qesitm = "seQesitm", deposit_method_qesitm = "depositMethodQesitm",
        open_de = "openDe", update_de = "updateDe", item_image = "itemImage",
    }
}
