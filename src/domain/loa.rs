//! Levels of assurance of DigiD, eHerkenning and eIDAS on one scale.

use std::fmt;

/// How surely somebody proved who they are. Higher is surer; an unknown or missing level is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LevelOfAssurance(u8);

const TABLE: &[(&str, u8)] = &[
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        10,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        20,
    ),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard", 30),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", 40),
    ("urn:etoegang:core:assurance-class:loa2", 10),
    ("urn:etoegang:core:assurance-class:loa2plus", 20),
    ("urn:etoegang:core:assurance-class:loa3", 30),
    ("urn:etoegang:core:assurance-class:loa4", 40),
    ("http://eidas.europa.eu/LoA/low", 10),
    ("http://eidas.europa.eu/LoA/substantial", 30),
    ("http://eidas.europa.eu/LoA/high", 40),
];

impl LevelOfAssurance {
    /// Nothing proven about the level.
    pub const NONE: Self = Self(0);
    pub const LOW: Self = Self(10);
    pub const MIDDLE: Self = Self(20);
    pub const SUBSTANTIAL: Self = Self(30);
    pub const HIGH: Self = Self(40);

    /// Reads an `acr` value or a word of the configuration (`low`, `middle`, `substantial`, `high`).
    pub fn parse(acr: &str) -> Option<Self> {
        match acr {
            "low" => Some(Self::LOW),
            "middle" => Some(Self::MIDDLE),
            "substantial" => Some(Self::SUBSTANTIAL),
            "high" => Some(Self::HIGH),
            _ => TABLE
                .iter()
                .find(|(urn, _)| *urn == acr)
                .map(|(_, rank)| Self(*rank)),
        }
    }

    /// An `acr` claim; absent or unknown is the lowest (OWASP ASVS 6.8.4).
    pub fn from_acr(acr: Option<&str>) -> Self {
        acr.and_then(Self::parse).unwrap_or(Self::NONE)
    }

    pub const fn rank(self) -> u8 {
        self.0
    }
}

impl fmt::Display for LevelOfAssurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            0 => "none",
            1..=10 => "low",
            11..=20 => "middle",
            21..=30 => "substantial",
            _ => "high",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_or_missing_level_is_the_lowest() {
        assert_eq!(LevelOfAssurance::from_acr(None), LevelOfAssurance::NONE);
        assert_eq!(
            LevelOfAssurance::from_acr(Some("urn:made-up")),
            LevelOfAssurance::NONE
        );
        assert!(
            LevelOfAssurance::from_acr(Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"))
                >= LevelOfAssurance::SUBSTANTIAL
        );
    }
}
