//! Claim maps: from what a provider says to whose data it is, as data and not as code.
//!
//! A map reads what it knows and refuses the rest with a reason. It never falls back to `sub`, never
//! ignores a delegation it does not understand, and never takes text for a number that only looks like one.

mod flat;
pub(super) mod number;
mod represents;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::IdentityError;
use crate::domain::{Identity, LevelOfAssurance, Means};

pub use flat::{FlatMap, Qualified};

/// The claims of a token.
pub type Claims = Map<String, Value>;

/// Where a claim is: the names of the objects around it, and its own. Names may hold dots and colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPath(Vec<String>);

impl ClaimPath {
    pub fn new(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// The claim, or none when it is absent or null. A value where an object should be is refused.
    fn find<'a>(&self, claims: &'a Claims) -> Result<Option<&'a Value>, IdentityError> {
        let Some((last, around)) = self.0.split_last() else {
            return Ok(None);
        };
        let mut object = claims;
        for name in around {
            match object.get(name) {
                None | Some(Value::Null) => return Ok(None),
                Some(Value::Object(inner)) => object = inner,
                Some(_) => return Err(IdentityError::Representation),
            }
        }
        Ok(object.get(last).filter(|value| !value.is_null()))
    }

    fn top(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

impl<'de> Deserialize<'de> for ClaimPath {
    /// One name, or a list of names for a claim inside objects.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(String),
            Nested(Vec<String>),
        }
        let names = match Form::deserialize(deserializer)? {
            Form::One(name) => vec![name],
            Form::Nested(names) => names,
        };
        if names.is_empty() || names.iter().any(String::is_empty) {
            return Err(serde::de::Error::custom("a claim has a name"));
        }
        Ok(Self(names))
    }
}

/// How one provider says who somebody is.
#[derive(Debug, Clone)]
pub struct ClaimMap {
    pub shape: Shape,
    /// The claim of the id_token with the level of assurance; `acr` unless said otherwise.
    pub loa: ClaimPath,
    /// Levels that this provider writes in words of its own.
    pub loa_values: BTreeMap<String, LevelOfAssurance>,
}

#[derive(Debug, Clone)]
pub enum Shape {
    /// Each fact in a claim of its own.
    Flat(Box<FlatMap>),
    /// NL GOV OIDC: `sub` logged in, and `represents`, nested, ends at the party whose data it is.
    Represents,
}

impl ClaimMap {
    pub const PRESETS: [&'static str; 5] = ["demo", "signicat", "maykin", "nlgov", "keycloak"];

    /// A built-in map by name.
    pub fn preset(name: &str) -> Option<Self> {
        let shape = match name {
            "nlgov" => Shape::Represents,
            _ => Shape::Flat(Box::new(FlatMap::preset(name)?)),
        };
        Some(Self::of(shape))
    }

    pub fn of(shape: Shape) -> Self {
        Self {
            shape,
            loa: ClaimPath::new(&["acr"]),
            loa_values: BTreeMap::new(),
        }
    }

    /// Who it is. `claims` are those of the id_token, with those of UserInfo where that is asked.
    pub fn identity(
        &self,
        claims: &Claims,
        loa: LevelOfAssurance,
    ) -> Result<Identity, IdentityError> {
        let mut identity = match &self.shape {
            Shape::Flat(map) => map.identity(claims, loa),
            Shape::Represents => represents::identity(claims, loa),
        }?;
        // Whatever else a provider says, this level exists with eIDAS only.
        let acr = claims.get("acr").and_then(Value::as_str);
        if acr.is_some_and(|acr| acr.starts_with("http://eidas.europa.eu/LoA/")) {
            identity.means = Means::Eidas;
        }
        Ok(identity)
    }

    /// The level that the id_token states. Absent, unknown or not text is the lowest.
    pub fn level(&self, id_token: &Claims) -> LevelOfAssurance {
        let Ok(Some(Value::String(acr))) = self.loa.find(id_token) else {
            return LevelOfAssurance::NONE;
        };
        self.loa_values
            .get(acr)
            .copied()
            .unwrap_or_else(|| LevelOfAssurance::from_acr(Some(acr)))
    }

    /// Whether the map reads the claim `name`, so that two answers about it must agree.
    pub fn reads(&self, name: &str) -> bool {
        match &self.shape {
            Shape::Flat(map) => map.reads(name),
            Shape::Represents => {
                matches!(
                    name,
                    "sub" | "sub_id_type" | "alt_sub" | "represents" | "scope"
                )
            }
        }
    }
}

impl<'de> Deserialize<'de> for ClaimMap {
    /// The name of a preset, or a map of one's own.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Preset(String),
            Own(Box<Own>),
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Own {
            preset: Option<String>,
            claims: Option<FlatMap>,
            loa: Option<ClaimPath>,
            #[serde(default)]
            loa_values: BTreeMap<String, String>,
        }
        use serde::de::Error as _;
        let preset = |name: &str| {
            Self::preset(name).ok_or_else(|| {
                D::Error::custom(format!(
                    "there is no claim map {name:?}; there are {}",
                    Self::PRESETS.join(", ")
                ))
            })
        };
        let own = match Form::deserialize(deserializer)? {
            Form::Preset(name) => return preset(&name),
            Form::Own(own) => own,
        };
        let mut map = match (&own.preset, own.claims) {
            (Some(name), None) => preset(name)?,
            (None, Some(flat)) => Self::of(Shape::Flat(Box::new(flat))),
            _ => return Err(D::Error::custom("give either preset or claims")),
        };
        if let Some(loa) = own.loa {
            map.loa = loa;
        }
        for (value, word) in own.loa_values {
            let level = LevelOfAssurance::parse(&word)
                .ok_or_else(|| D::Error::custom("a level is low, middle, substantial or high"))?;
            map.loa_values.insert(value, level);
        }
        Ok(map)
    }
}

/// A name to show, if it is one: bounded, without control characters, and without anything like a number
/// of a person in it.
fn label(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    let fits = !text.is_empty() && text.chars().count() <= 100;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (fits && digits < 6 && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_read_from_the_named_claim_only() {
        let mut map = ClaimMap::preset("demo").unwrap();
        let level = |map: &ClaimMap, claims: Value| map.level(claims.as_object().unwrap());
        let acr = "urn:etoegang:core:assurance-class:loa3";
        assert_eq!(
            level(&map, serde_json::json!({"acr": acr})),
            LevelOfAssurance::SUBSTANTIAL
        );
        for odd in [
            serde_json::json!({}),
            serde_json::json!({"acr": [acr]}),
            serde_json::json!({"acr": 4}),
            serde_json::json!({"loa": acr}),
        ] {
            assert_eq!(level(&map, odd), LevelOfAssurance::NONE);
        }
        map.loa = ClaimPath::new(&["loa"]);
        map.loa_values
            .insert("digid-hoog".to_owned(), LevelOfAssurance::HIGH);
        assert_eq!(
            level(&map, serde_json::json!({"loa": "digid-hoog"})),
            LevelOfAssurance::HIGH
        );
    }

    #[test]
    fn a_map_is_configured_by_name_or_by_claims() {
        let read = |value: Value| serde_json::from_value::<ClaimMap>(value);
        for name in ClaimMap::PRESETS {
            assert!(read(serde_json::json!(name)).is_ok(), "{name}");
        }
        let own = serde_json::json!({
            "claims": {"bsn": ["burgerservicenummer", ["persoon", "bsn"]]},
            "loa": "niveau", "loa_values": {"3": "substantial"},
        });
        assert!(read(own).is_ok());
        for bad in [
            serde_json::json!("signicat2"),
            serde_json::json!({}),
            serde_json::json!({"preset": "demo", "claims": {}}),
            serde_json::json!({"claims": {"bsnn": ["x"]}}),
            serde_json::json!({"claims": {"bsn": [[]]}}),
            serde_json::json!({"preset": "demo", "loa_values": {"3": "best"}}),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_label_is_a_name_and_never_a_number() {
        let label = |text: &str| label(Some(&Value::from(text)));
        assert_eq!(label(" M. de Boer "), Some("M. de Boer".to_owned()));
        assert_eq!(
            label("Bakkerij 1850 B.V."),
            Some("Bakkerij 1850 B.V.".to_owned())
        );
        for odd in [
            "",
            " ",
            "999990019",
            "9999 90 019",
            "a\nb",
            &"x".repeat(101),
        ] {
            assert_eq!(label(odd), None, "{odd:?}");
        }
    }
}
