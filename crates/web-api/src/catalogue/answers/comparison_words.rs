//! The words of a comparison.

use domain::catalogue::{
    Agreement, AmountOutcome, Aspect, Attribute, NotComparable, Presence, Verdict,
};

use crate::http::mirror::mirror;

mirror! {
    /// Where something stands.
    #[schema(as = Presence)]
    PresenceBody from Presence {
        /// In both, under the same name.
        Both,
        /// In the first only.
        OnlyA,
        /// In the second only.
        OnlyB,
        /// In both, as another salt or hydrate of the same substance.
        SameSubstanceOtherSalt,
        /// Found in one; the other's composition was not wholly understood and may hold it too.
        Unknown,
    }
}

mirror! {
    /// How the amount of the first relates to that of the second.
    #[schema(as = AmountOutcome)]
    OutcomeBody from AmountOutcome {
        /// Exactly equal.
        Equal,
        /// The first has more.
        AMore,
        /// The second has more.
        BMore,
        /// They can't be compared; `reason` says why. Don't draw them on one axis.
        NotComparable,
    }
}

mirror! {
    /// Why amounts can't be compared.
    #[schema(as = NotComparable)]
    ReasonBody from NotComparable {
        /// Only one of the two has the ingredient.
        OneSided,
        /// An amount was not understood.
        UnknownAmount,
        /// A basis was not understood.
        UnknownBasis,
        /// Counted per different things.
        DifferentBasis,
        /// A basis is a measure that is given as "about".
        ApproximateBasis,
        /// Units of different kinds.
        DifferentUnit,
        /// Two salts of one substance weigh differently.
        DifferentSalt,
        /// A granule, an extract or the like is weighed, and how much of it acts isn't known on both
        /// sides.
        UnknownActivePart,
        /// One side lists the ingredient more than once.
        Repeated,
        /// The numbers are too large to be compared exactly.
        OutOfRange,
    }
}

mirror! {
    /// What has to agree before two products are the same.
    #[schema(as = Aspect)]
    AspectBody from Aspect {
        /// The active ingredients.
        Substance,
        /// Their amounts on the same basis.
        Amount,
        /// The dosage form.
        Form,
        /// The way into the body.
        Route,
        /// How the substance is set free.
        Release,
    }
}

mirror! {
    /// Whether an aspect agrees.
    #[schema(as = Agreement)]
    AgreementBody from Agreement {
        /// It does.
        Agrees,
        /// It doesn't.
        Differs,
        /// The data don't say.
        Unknown,
    }
}

mirror! {
    /// The whole finding. It never says that one may be taken instead of the other.
    #[schema(as = Verdict)]
    VerdictBody from Verdict {
        /// Every aspect agrees.
        Same,
        /// An aspect differs.
        Different,
        /// Nothing differs as far as is known, but not everything is known.
        Unknown,
    }
}

mirror! {
    /// What a row is about.
    #[schema(as = Attribute)]
    AttributeBody from Attribute {
        /// Korean name.
        Name,
        /// Maker or importer.
        Maker,
        /// Therapeutic type.
        Class,
        /// 일반 or 전문.
        Dispensing,
        /// State of the permit.
        Permit,
        /// Dosage form.
        Form,
        /// Appearance.
        Appearance,
        /// Storage.
        Storage,
        /// Shelf life.
        ValidTerm,
        /// Pack sizes.
        PackUnit,
        /// ATC code.
        AtcCode,
    }
}
