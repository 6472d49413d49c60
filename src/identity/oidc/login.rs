//! The way of the browser: to the provider, back to us, and with a one-time handoff to WordPress.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::authorization::Question;
use super::{Evidence, LoggedOut, Providers, TokenKind};
use crate::domain::{Clock, LevelOfAssurance, SiteId, SupportCode};
use crate::identity::{BrowserHash, IdentityError, ProvenLogin, ReturnTo, Token};
use crate::store::shared::{OneTime, SharedState, Vault};

/// From the click on "Inloggen" to the return from the provider.
const STATE_SECS: i64 = 5 * 60;
/// From the return to the trade at `/v1/token`.
const HANDOFF_SECS: i64 = 60;

/// What WordPress asks when somebody wants to log in.
#[derive(Debug, Clone, Copy)]
pub struct LoginStart<'a> {
    pub idp: &'a str,
    pub min_loa: Option<LevelOfAssurance>,
    pub return_to: &'a str,
    pub browser_hash: &'a str,
}

/// What the browser brings back from the provider.
#[derive(Clone, Copy, Default)]
pub struct Callback<'a> {
    pub state: Option<&'a str>,
    pub code: Option<&'a str>,
    pub iss: Option<&'a str>,
    pub error: Option<&'a str>,
    /// The provider that the address of the callback names, where it names one.
    pub route: Option<&'a str>,
}

impl std::fmt::Debug for Callback<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Callback(…)")
    }
}

/// A login that succeeded: the browser goes to the site's one address with the handoff.
#[derive(Debug)]
pub struct Landing {
    pub site: SiteId,
    pub handoff: Token,
}

/// A login that did not: the browser goes to the same address with the code, which is in the log too.
#[derive(Debug, Clone)]
pub struct LoginFailure {
    /// Unknown when the state was: then there is no site to go to.
    pub site: Option<SiteId>,
    pub idp: Option<String>,
    pub code: SupportCode,
    pub error: IdentityError,
}

/// A handoff traded in.
#[derive(Debug)]
pub struct Redeemed {
    pub login: ProvenLogin,
    pub return_to: ReturnTo,
}

/// A login on its way, sealed under its `state`.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Pending {
    site: String,
    idp: String,
    nonce: String,
    verifier: String,
    return_to: String,
    browser: String,
    min_loa: String,
}

/// Sends browsers to providers and takes them back. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Logins {
    shared: Arc<dyn SharedState>,
    vault: Arc<Vault>,
    providers: Arc<Providers>,
    clock: Clock,
}

impl Logins {
    pub fn new(
        shared: Arc<dyn SharedState>,
        vault: Arc<Vault>,
        providers: Arc<Providers>,
        clock: Clock,
    ) -> Self {
        Self {
            shared,
            vault,
            providers,
            clock,
        }
    }

    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    /// The address at the provider to send the browser to.
    pub async fn start(&self, site: &SiteId, start: LoginStart<'_>) -> Result<Url, IdentityError> {
        let provider = self.providers.get(site, start.idp)?;
        if !provider.settings().login {
            return Err(IdentityError::ModeOff);
        }
        let return_to = ReturnTo::parse(start.return_to)?;
        let browser = BrowserHash::parse(start.browser_hash).ok_or(IdentityError::BrowserHash)?;
        let min_loa = start.min_loa.unwrap_or(LevelOfAssurance::NONE);
        let discovery = provider.discovery().await?;
        let state = Token::random()?;
        let pending = Pending {
            site: site.as_str().to_owned(),
            idp: provider.name().to_owned(),
            nonce: Token::random()?.as_str().to_owned(),
            verifier: Token::random()?.as_str().to_owned(),
            return_to: return_to.as_str().to_owned(),
            browser: browser.to_text(),
            min_loa: min_loa.to_string(),
        };
        let question = Question {
            state: &state,
            nonce: &pending.nonce,
            verifier: &pending.verifier,
            min_loa,
        };
        let url = provider.authorization_url(&discovery, &question).await?;
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(&pending).map_err(|_| IdentityError::Sealing)?,
        );
        let secret = state.as_str().as_bytes();
        let sealed = self.vault.seal(secret, "login-state", &[], &plain)?;
        let now = self.clock.now();
        self.shared
            .put_once(
                OneTime::LoginState,
                state.key(),
                sealed,
                now.plus_secs(STATE_SECS),
                now,
            )
            .await?;
        Ok(url)
    }

    /// Reads a logout token that came for this provider of this site.
    pub async fn logged_out(
        &self,
        site: &SiteId,
        idp: &str,
        token: &str,
    ) -> Result<LoggedOut, IdentityError> {
        let provider = self.providers.get(site, idp)?;
        provider.logged_out(token, &*self.shared).await
    }

    /// Takes the browser back. Whatever happens, its state is spent.
    pub async fn callback(&self, callback: Callback<'_>) -> Result<Landing, LoginFailure> {
        let fail = |pending: Option<&Pending>, error| LoginFailure {
            site: pending.and_then(|p| SiteId::parse(&p.site).ok()),
            idp: pending.map(|p| p.idp.clone()),
            code: SupportCode::generate(),
            error,
        };
        let pending = self
            .take_pending(callback.state)
            .await
            .map_err(|error| fail(None, error))?;
        let landed = self.land(&pending, callback).await;
        landed.map_err(|error| fail(Some(&pending), error))
    }

    async fn take_pending(&self, state: Option<&str>) -> Result<Pending, IdentityError> {
        let state = state.and_then(Token::parse).ok_or(IdentityError::State)?;
        let sealed = self
            .shared
            .take(OneTime::LoginState, state.key(), self.clock.now())
            .await?
            .ok_or(IdentityError::State)?;
        let secret = state.as_str().as_bytes();
        let plain = self.vault.open(secret, "login-state", &[], &sealed)?;
        serde_json::from_slice(&plain).map_err(|_| IdentityError::Sealing)
    }

    async fn land(
        &self,
        pending: &Pending,
        callback: Callback<'_>,
    ) -> Result<Landing, IdentityError> {
        let site = SiteId::parse(&pending.site).map_err(|_| IdentityError::Sealing)?;
        let provider = self.providers.get(&site, &pending.idp)?;
        let discovery = provider.discovery().await?;
        // Whose answer this is comes before what it says (RFC 9207).
        let issuer_agrees = match callback.iss {
            Some(iss) => iss == provider.settings().issuer,
            None => !discovery.iss_parameter,
        };
        let route_agrees = callback.route.is_none_or(|route| route == pending.idp);
        if !issuer_agrees || !route_agrees {
            return Err(IdentityError::IssuerParameter);
        }
        match (callback.error, callback.code) {
            (Some("access_denied"), _) => return Err(IdentityError::Cancelled),
            (Some("temporarily_unavailable" | "server_error"), _) => {
                return Err(IdentityError::Provider(
                    crate::upstream::http::ErrorKind::Server,
                ));
            }
            (Some(_), _) => return Err(IdentityError::ProviderRefused),
            (None, None) => return Err(IdentityError::CodeMissing),
            (None, Some(_)) => {}
        }
        let code = callback
            .code
            .filter(|code| (1..=2048).contains(&code.len()))
            .ok_or(IdentityError::CodeMissing)?;
        let answer = provider.redeem_code(code, &pending.verifier).await?;
        let bearer = answer
            .token_type
            .as_ref()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        if answer.access_token.is_some() && !bearer {
            return Err(IdentityError::TokenAnswer);
        }
        let evidence = Evidence {
            token: &answer.id_token,
            kind: TokenKind::IdToken,
            access_token: answer.access_token.as_deref(),
            nonce: Some(&pending.nonce),
            min_loa: LevelOfAssurance::from_acr(Some(&pending.min_loa)),
        };
        let login = provider.prove(evidence, &*self.shared).await?;
        let handoff = self.hand_off(&site, pending, &login).await?;
        Ok(Landing { site, handoff })
    }

    /// Seals the login under a fresh handoff, bound to the site and to the browser in which it began.
    async fn hand_off(
        &self,
        site: &SiteId,
        pending: &Pending,
        login: &ProvenLogin,
    ) -> Result<Token, IdentityError> {
        let handoff = Token::random()?;
        let return_to = pending.return_to.as_bytes();
        let length = u32::try_from(return_to.len()).map_err(|_| IdentityError::Sealing)?;
        let mut plain = zeroize::Zeroizing::new(length.to_be_bytes().to_vec());
        plain.extend_from_slice(return_to);
        plain.extend_from_slice(&login.to_bytes()?);
        let bound = [site.as_str().as_bytes(), pending.browser.as_bytes()];
        let secret = handoff.as_str().as_bytes();
        let sealed = self.vault.seal(secret, "handoff", &bound, &plain)?;
        let now = self.clock.now();
        self.shared
            .put_once(
                OneTime::Handoff,
                handoff.key(),
                sealed,
                now.plus_secs(HANDOFF_SECS),
                now,
            )
            .await?;
        Ok(handoff)
    }

    /// Trades a handoff for the login. The first attempt spends it, also one that fails.
    pub async fn redeem(
        &self,
        site: &SiteId,
        handoff: &str,
        browser_secret: &str,
    ) -> Result<Redeemed, IdentityError> {
        let handoff = Token::parse(handoff).ok_or(IdentityError::Handoff)?;
        let sealed = self
            .shared
            .take(OneTime::Handoff, handoff.key(), self.clock.now())
            .await?
            .ok_or(IdentityError::Handoff)?;
        let browser = BrowserHash::of_secret(browser_secret).to_text();
        let bound = [site.as_str().as_bytes(), browser.as_bytes()];
        let secret = handoff.as_str().as_bytes();
        let plain = self
            .vault
            .open(secret, "handoff", &bound, &sealed)
            .map_err(|_| IdentityError::HandoffBinding)?;
        let (length, rest) = plain
            .split_first_chunk::<4>()
            .ok_or(IdentityError::Sealing)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (return_to, login) = rest
            .split_at_checked(length)
            .ok_or(IdentityError::Sealing)?;
        let return_to = std::str::from_utf8(return_to).map_err(|_| IdentityError::Sealing)?;
        Ok(Redeemed {
            login: ProvenLogin::from_bytes(login)?,
            return_to: ReturnTo::parse(return_to)?,
        })
    }
}
