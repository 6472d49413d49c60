//! The authorization endpoint: checks what the client asks, lets somebody be chosen, hands out a code.

use http::StatusCode;
use serde_json::json;

use super::mandates::{Actor, Login, Mandate};
use super::play::{Par, Play};
use super::profile::Written;
use super::{
    Code, DIGID_SUBSTANTIEEL, EHERKENNING_3, Idp, LIFETIME_SECS, mandates, page, random_text,
    redirect,
};
use crate::sandbox::data::PersonNumber;
use crate::sandbox::http::{Reply, Request, value};

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

/// An authorization request, and whether it was handed over beforehand.
struct Asked {
    params: Vec<(String, String)>,
    pushed: bool,
}

impl Idp {
    /// Either how a client that is in order is treated, or the answer that says what is wrong.
    fn check(&self, params: &[(String, String)]) -> Result<Play, Box<Reply>> {
        let value = |name| value(params, name);
        let refuse = |text: &str| {
            let page = page::message("U kunt hier niet inloggen", text);
            Box::new(Reply::html(StatusCode::BAD_REQUEST, page))
        };
        let Some(play) = value("client_id").and_then(|client_id| self.play_of(client_id)) else {
            return Err(refuse("De website is hier niet bekend (client_id)."));
        };
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
        let challenged = challenged && value("code_challenge_method") == Some("S256");
        let left_out = value("code_challenge").is_none() && !play.profile.demands_pkce();
        if !challenged && !left_out {
            return Err(error("invalid_request", "PKCE with S256 is required"));
        }
        Ok(play)
    }

    /// What was handed over beforehand, or what stands in the address.
    fn request_of(&self, params: &[(String, String)]) -> Result<Asked, Box<Reply>> {
        let Some(reference) = value(params, "request_uri") else {
            return Ok(Asked {
                params: params.to_vec(),
                pushed: false,
            });
        };
        let now = self.now();
        let pushed = self.state().pushed.remove(reference);
        match pushed {
            Some((pushed, until))
                if until > now && value(&pushed, "client_id") == value(params, "client_id") =>
            {
                Ok(Asked {
                    params: pushed,
                    pushed: true,
                })
            }
            _ => {
                let text = "De verwijzing is onbekend of verlopen (request_uri).";
                let page = page::message("U kunt hier niet inloggen", text);
                Err(Box::new(Reply::html(StatusCode::BAD_REQUEST, page)))
            }
        }
    }

    /// Takes an authorization request beforehand (RFC 9126).
    pub(super) fn par(&self, request: &Request) -> Reply {
        let mut form = request.form();
        let Some(client_id) = self.authenticated(request, &form) else {
            return super::token::invalid_client();
        };
        form.retain(|(name, _)| CARRIED.contains(&name.as_str()) && name != "client_id");
        form.push(("client_id".to_owned(), client_id));
        if self.check(&form).is_err() {
            let body = json!({"error": "invalid_request", "error_description": "the request is not in order"});
            return Reply::json(StatusCode::BAD_REQUEST, &body);
        }
        let reference = format!("urn:ietf:params:oauth:request_uri:{}", random_text());
        let now = self.now();
        let mut state = self.state();
        state.pushed.retain(|_, (_, until)| *until > now);
        state.pushed.insert(reference.clone(), (form, now + 60));
        drop(state);
        Reply::json(
            StatusCode::CREATED,
            &json!({"request_uri": reference, "expires_in": 60}),
        )
    }

    pub(super) fn authorize(&self, params: &[(String, String)]) -> Reply {
        let Asked { params, pushed } = match self.request_of(params) {
            Ok(asked) => asked,
            Err(reply) => return *reply,
        };
        let params = params.as_slice();
        let play = match self.check(params) {
            Ok(play) => play,
            Err(reply) => return *reply,
        };
        if play.par == Par::Required && !pushed {
            let text = "Deze website moet de vraag vooraf aanmelden (PAR).";
            let page = page::message("U kunt hier niet inloggen", text);
            return Reply::html(StatusCode::BAD_REQUEST, page);
        }
        let carried: Vec<(&str, &str)> = CARRIED
            .iter()
            .filter_map(|name| Some((*name, value(params, name)?)))
            .collect();
        Reply::html(
            StatusCode::OK,
            page::choose(&carried, &self.persons, &self.mandates(&play)),
        )
    }

    /// Somebody was chosen, or the choice was broken off.
    pub(super) fn chosen(&self, form: &[(String, String)]) -> Reply {
        let play = match self.check(form) {
            Ok(play) => play,
            Err(reply) => return *reply,
        };
        let value = |name| value(form, name);
        let client_id = value("client_id").unwrap_or_default();
        let redirect_uri = value("redirect_uri").unwrap_or_default();
        let mut answer = vec![("iss", self.issuer.as_str())];
        answer.extend(value("state").map(|state| ("state", state)));
        let login = match value("person") {
            None | Some("cancel") => None,
            Some(choice) => self.login_of(client_id, &play, choice, value("acr"), value("number")),
        };
        let Some(Written {
            id_token: mut claims,
            userinfo,
        }) = login.and_then(|login| play.profile.write(&login, &self.issuer))
        else {
            answer.push(("error", "access_denied"));
            return redirect(redirect_uri, &answer);
        };
        let sid = random_text();
        claims.insert("sid".to_owned(), sid.clone().into());
        let code = random_text();
        let now = self.now();
        let mut state = self.state();
        state.codes.retain(|_, code| code.expires > now);
        state.last_sid.insert(client_id.to_owned(), sid);
        state.codes.insert(
            code.clone(),
            Code {
                client_id: client_id.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
                challenge: value("code_challenge").unwrap_or_default().to_owned(),
                nonce: value("nonce").map(str::to_owned),
                claims,
                userinfo,
                expires: now + LIFETIME_SECS,
            },
        );
        drop(state);
        answer.push(("code", &code));
        redirect(redirect_uri, &answer)
    }

    /// Who can act for another at this client.
    fn mandates(&self, play: &Play) -> Vec<Mandate> {
        let mut mandates = mandates::all();
        mandates.retain(|mandate| {
            let mut numbers = mandate.numbers().into_iter();
            play.profile.knows_mandates() && numbers.all(|number| self.may_sign(number))
        });
        mandates
    }

    /// `3` is the fourth person, `7/000090027511` a branch of the eighth, `other` the number filled in,
    /// `bewindvoerder` one who acts for another.
    fn login_of(
        &self,
        client_id: &str,
        play: &Play,
        choice: &str,
        acr: Option<&str>,
        number: Option<&str>,
    ) -> Option<Login> {
        let level = LEVELS
            .iter()
            .find(|(_, digid, _)| Some(*digid) == acr)
            .map_or(
                (DIGID_SUBSTANTIEEL, EHERKENNING_3),
                |(_, digid, eherkenning)| (*digid, *eherkenning),
            );
        let mandates = self.mandates(play);
        if let Some(mandate) = mandates.iter().find(|mandate| mandate.choice == choice) {
            let acr = match mandate.actor {
                Actor::Gemachtigde(_) => level.0,
                _ => level.1,
            };
            return Some(mandate.login(self.pairwise(client_id, choice), acr));
        }
        let (index, vestiging) = match choice.split_once('/') {
            Some((index, vestiging)) => (index, Some(vestiging)),
            None => (choice, None),
        };
        let (number, name, rsin) = if index == "other" {
            let digits = number?.trim().to_owned();
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = match digits.len() {
                9 if all_digits => PersonNumber::Bsn(digits),
                8 if all_digits => PersonNumber::Kvk(digits),
                _ => return None,
            };
            (number, None, None)
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
            (
                person.number.clone(),
                Some(name.clone()),
                mandates::rsin(person),
            )
        };
        if !self.may_sign(number.as_str()) {
            return None;
        }
        let acr = match number {
            PersonNumber::Bsn(_) => level.0,
            PersonNumber::Kvk(_) => level.1,
        };
        Some(Login {
            sub: self.pairwise(client_id, &format!("{choice} {}", number.as_str())),
            acr: acr.to_owned(),
            rsin,
            party: number,
            vestiging: vestiging.map(str::to_owned),
            actor: Actor::Zelf,
            service: None,
            name,
        })
    }

    /// With real test data behind it, the provider signs only numbers that were listed.
    pub(super) fn may_sign(&self, number: &str) -> bool {
        self.signable
            .as_ref()
            .is_none_or(|listed| listed.iter().any(|one| one == number))
    }
}
