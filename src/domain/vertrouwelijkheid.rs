//! Vertrouwelijkheidaanduiding (ZGW Catalogi and Zaken 1.x): who may see an object, in eight steps.

/// From open to closed. An empty or unknown value has no place on the scale and is never shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Vertrouwelijkheid {
    Openbaar,
    BeperktOpenbaar,
    Intern,
    Zaakvertrouwelijk,
    Vertrouwelijk,
    Confidentieel,
    Geheim,
    ZeerGeheim,
}

impl Vertrouwelijkheid {
    pub const ALL: [Self; 8] = [
        Self::Openbaar,
        Self::BeperktOpenbaar,
        Self::Intern,
        Self::Zaakvertrouwelijk,
        Self::Vertrouwelijk,
        Self::Confidentieel,
        Self::Geheim,
        Self::ZeerGeheim,
    ];

    /// `None` when the register's word is not one of the eight.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Openbaar => "openbaar",
            Self::BeperktOpenbaar => "beperkt_openbaar",
            Self::Intern => "intern",
            Self::Zaakvertrouwelijk => "zaakvertrouwelijk",
            Self::Vertrouwelijk => "vertrouwelijk",
            Self::Confidentieel => "confidentieel",
            Self::Geheim => "geheim",
            Self::ZeerGeheim => "zeer_geheim",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_runs_from_openbaar_to_zeer_geheim() {
        assert!(Vertrouwelijkheid::ALL.is_sorted());
        for level in Vertrouwelijkheid::ALL {
            assert_eq!(Vertrouwelijkheid::parse(level.as_str()), Some(level));
        }
        assert_eq!(Vertrouwelijkheid::parse(""), None);
        assert_eq!(Vertrouwelijkheid::parse("Openbaar"), None);
    }
}
