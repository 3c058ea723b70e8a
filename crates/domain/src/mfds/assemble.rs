//! One product of all the operations that speak of it.

use crate::catalogue::{Cancellation, Dispensing, EasyGuide, Medicine, Pill};

use super::{PermitDetail, PermitListing};

impl Medicine {
    /// Merges the operations. Permit detail leads; the permit list adds the therapeutic type and the
    /// photo. Where the two contradict each other on the state of the permit, the one that says "not
    /// for sale" is believed; where the detail doesn't know how it may be sold, the list is asked.
    #[must_use]
    pub fn assemble(
        detail: PermitDetail,
        listing: Option<&PermitListing>,
        pills: &[Pill],
        easy: Option<&EasyGuide>,
    ) -> Self {
        let image_url = listing
            .and_then(|listing| listing.image_url.clone())
            .or_else(|| pills.iter().find_map(|pill| pill.image_url.clone()))
            .or_else(|| easy.and_then(|easy| easy.image_url.clone()));
        Self {
            id: detail.id,
            name: detail.name,
            english_name: detail
                .english_name
                .or_else(|| listing.and_then(|listing| listing.english_name.clone())),
            maker: detail.maker,
            maker_english: detail.maker_english,
            dispensing: match (detail.dispensing, listing) {
                (Dispensing::Unknown, Some(listing)) => listing.dispensing,
                (known, _) => known,
            },
            class: listing.and_then(|listing| listing.class.clone()),
            permitted_on: detail.permitted_on,
            changed_on: detail.changed_on,
            cancellation: stricter(
                detail.cancellation,
                listing.map(|listing| &listing.cancellation),
            ),
            appearance: detail.appearance,
            storage: detail.storage,
            valid_term: detail.valid_term,
            pack_unit: detail.pack_unit,
            atc_code: detail.atc_code,
            ingredients_english: detail.ingredients_english,
            image_url,
            pills: pills.to_vec(),
            composition: detail.composition,
        }
    }
}

fn stricter(detail: Cancellation, listing: Option<&Cancellation>) -> Cancellation {
    match listing {
        Some(listing) if detail.is_valid() && !listing.is_valid() => listing.clone(),
        _ => detail,
    }
}
