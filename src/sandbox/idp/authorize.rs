//! The authorization endpoint: checks what the client asks, lets somebody be chosen, hands out a code.

use http::StatusCode;
use serde_json::{Map, Value};

use super::{
    Code, DIGID_SUBSTANTIEEL, EHERKENNING_3, Idp, LIFETIME_SECS, page, random_text, redirect,
};
use crate::sandbox::data::PersonNumber;
use crate::sandbox::http::{Reply, value};

/// The parameters that travel through the page, back to us.
pub const CARRIED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// Levels that can be chosen at login, by DigiD and by eHerkenning.
pub const LEVELS: [(&str, &str, &str); 4] = [
    (
        "Basis (eHerkenning 2)",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "urn:etoegang:core:assurance-class:loa2",
    ),
    (
        "Midden (eHerkenning 2+)",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        "urn:etoegang:core:assurance-class:loa2plus",
    ),
    (
        "Substantieel (eHerkenning 3)",
        DIGID_SUBSTANTIEEL,
        EHERKENNING_3,
    ),
    (
        "Hoog (eHerkenning 4)",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
        "urn:etoegang:core:assurance-class:loa4",
    ),
];

impl Idp {
    /// Either a client that is in order, or the answer that says what is wrong.
    fn check(&self, params: &[(String, String)]) -> Result<(), Box<Reply>> {
        let value = |name| value(params, name);
        let refuse = |text: &str| {
            let page = page::message("U kunt hier niet inloggen", text);
            Box::new(Reply::html(StatusCode::BAD_REQUEST, page))
        };
        if value("client_id") != Some(&self.client_id) {
            return Err(refuse("De website is hier niet bekend (client_id)."));
        }
        let redirect_uri = value("redirect_uri").unwrap_or_default();
        if !self.may_return_to(redirect_uri) {
            return Err(refuse(
                "Het adres om naar terug te gaan is hier niet bekend (redirect_uri).",
            ));
        }
        let error = |code: &str, text: &str| {
            let mut answer = vec![
                ("error", code),
                ("error_description", text),
                ("iss", &*self.issuer),
            ];
            answer.extend(value("state").map(|state| ("state", state)));
            Box::new(redirect(redirect_uri, &answer))
        };
        if value("response_type") != Some("code") {
            return Err(error("unsupported_response_type", "only code is supported"));
        }
        let scope = value("scope").unwrap_or_default();
        if !scope.split(' ').any(|one| one == "openid") {
            return Err(error("invalid_scope", "scope must hold openid"));
        }
        let challenged = value("code_challenge").is_some_and(|challenge| challenge.len() == 43);
        if !challenged || value("code_challenge_method") != Some("S256") {
            return Err(error("invalid_request", "PKCE with S256 is required"));
        }
        Ok(())
    }

    pub(super) fn authorize(&self, params: &[(String, String)]) -> Reply {
        if let Err(reply) = self.check(params) {
            return *reply;
        }
        let carried: Vec<(&str, &str)> = CARRIED
            .iter()
            .filter_map(|name| Some((*name, value(params, name)?)))
            .collect();
        Reply::html(StatusCode::OK, page::choose(&carried, &self.persons))
    }

    /// Somebody was chosen, or the choice was broken off.
    pub(super) fn chosen(&self, form: &[(String, String)]) -> Reply {
        if let Err(reply) = self.check(form) {
            return *reply;
        }
        let value = |name| value(form, name);
        let redirect_uri = value("redirect_uri").unwrap_or_default();
        let mut answer = vec![("iss", self.issuer.as_str())];
        answer.extend(value("state").map(|state| ("state", state)));
        let claims = match value("person") {
            None | Some("cancel") => None,
            Some(choice) => self.claims_of(choice, value("acr"), value("number")),
        };
        let Some(claims) = claims else {
            answer.push(("error", "access_denied"));
            return redirect(redirect_uri, &answer);
        };
        let code = random_text();
        let now = self.now();
        let mut state = self.state();
        state.codes.retain(|_, code| code.expires > now);
        state.codes.insert(
            code.clone(),
            Code {
                redirect_uri: redirect_uri.to_owned(),
                challenge: value("code_challenge").unwrap_or_default().to_owned(),
                nonce: value("nonce").map(str::to_owned),
                claims,
                expires: now + LIFETIME_SECS,
            },
        );
        drop(state);
        answer.push(("code", &code));
        redirect(redirect_uri, &answer)
    }

    /// `3` is the fourth person, `7/000090027511` a branch of the eighth, `other` the number filled in.
    fn claims_of(
        &self,
        choice: &str,
        acr: Option<&str>,
        number: Option<&str>,
    ) -> Option<Map<String, Value>> {
        let (index, vestiging) = match choice.split_once('/') {
            Some((index, vestiging)) => (index, Some(vestiging)),
            None => (choice, None),
        };
        let (number, name) = if index == "other" {
            let digits = number?.trim().to_owned();
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = match digits.len() {
                9 if all_digits => PersonNumber::Bsn(digits),
                8 if all_digits => PersonNumber::Kvk(digits),
                _ => return None,
            };
            (number, None)
        } else {
            let person = self.persons.get(index.parse::<usize>().ok()?)?;
            // Who logs in for one branch sees the name of that branch.
            let name = match vestiging {
                None => &person.name,
                Some(nummer) => {
                    let mut branches = person.vestigingen.iter();
                    &branches.find(|(known, _)| known == nummer)?.1
                }
            };
            (person.number.clone(), Some(name.clone()))
        };
        if !self.may_sign(number.as_str()) {
            return None;
        }
        let level = LEVELS
            .iter()
            .find(|(_, digid, _)| Some(*digid) == acr)
            .map_or(
                (DIGID_SUBSTANTIEEL, EHERKENNING_3),
                |(_, digid, eherkenning)| (*digid, *eherkenning),
            );
        let acr = match number {
            PersonNumber::Bsn(_) => level.0,
            PersonNumber::Kvk(_) => level.1,
        };
        let mut claims = Map::new();
        let mut put = |name: &str, value: &str| claims.insert(name.to_owned(), value.into());
        put(
            "sub",
            &self.pairwise(&self.client_id, &format!("{choice} {}", number.as_str())),
        );
        put("sid", &random_text());
        put("acr", acr);
        put(number.claim(), number.as_str());
        if let Some(vestiging) = vestiging {
            put("vestigingsnummer", vestiging);
        }
        if let Some(name) = name {
            put("name", &name);
        }
        Some(claims)
    }

    /// With real test data behind it, the provider signs only numbers that were listed.
    pub(super) fn may_sign(&self, number: &str) -> bool {
        self.signable
            .as_ref()
            .is_none_or(|listed| listed.iter().any(|one| one == number))
    }
}
