//! The operations of the feed that make the catalogue.

/// One operation of the open API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// 의약품 제품 허가 목록: type, photo, state of the permit.
    PermitList,
    /// 낱알식별: shape, colours, imprint.
    Pill,
    /// e약은요: the text in plain language.
    EasyGuide,
    /// 의약품 제품 허가 상세정보: composition and official documents.
    PermitDetail,
}

impl Operation {
    /// All of them in the order in which they are read: permit detail, the spine, comes last, so that
    /// each of its records finds what the others say of the product.
    pub const ALL: [Self; 4] = [
        Self::PermitList,
        Self::Pill,
        Self::EasyGuide,
        Self::PermitDetail,
    ];

    /// Its name in the database, in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PermitList => "permitList",
            Self::Pill => "pill",
            Self::EasyGuide => "easyGuide",
            Self::PermitDetail => "permitDetail",
        }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
