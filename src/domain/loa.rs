//! Levels of assurance of DigiD, eHerkenning and eIDAS on one scale.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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

    /// The levels that can be asked for, the lowest first.
    pub const ALL: [Self; 4] = [Self::LOW, Self::MIDDLE, Self::SUBSTANTIAL, Self::HIGH];
    const WORDS: [&'static str; 4] = ["low", "middle", "substantial", "high"];

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

impl Serialize for LevelOfAssurance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LevelOfAssurance {
    /// One of the four words and nothing else: a rule that demands a level must name one that exists.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::WORDS
            .iter()
            .zip(Self::ALL)
            .find_map(|(known, level)| (*known == word).then_some(level))
            .ok_or_else(|| de::Error::unknown_variant(&word, &Self::WORDS))
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
    fn a_rule_names_a_level_that_exists() {
        for level in LevelOfAssurance::ALL {
            let word = serde_json::to_value(level).unwrap();
            assert_eq!(
                serde_json::from_value::<LevelOfAssurance>(word).unwrap(),
                level
            );
        }
        for bad in [
            "none",
            "",
            "Substantial",
            "urn:etoegang:core:assurance-class:loa3",
        ] {
            let read = serde_json::from_value::<LevelOfAssurance>(bad.into());
            assert!(read.is_err(), "{bad}");
        }
    }

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
