//! From the configuration of a source to the settings of its clients. Here a secret goes to the one address
//! that it is for.

use std::sync::Arc;

use anyhow::Context as _;
use http::{HeaderName, HeaderValue};

use crate::config::{self, Auth, ClientAuthMethod, KeyAlgorithm, TokenRequest};
use crate::upstream::http::auth::{
    AssertionAlgorithm, AssertionKey, AuthSettings, ClientAuth, ClientCredentials, Credential, Fsc,
    TokenEncoding, TokenEndpoint, ZgwCredentials,
};
use crate::upstream::http::{BreakerSettings, ClientSettings, Host, TlsSettings};
use crate::upstream::zgw::{
    CompanyFilter, Component, ComponentSettings, ListMethod, RollenStrategy, ZgwSettings,
};

pub fn zgw_settings(
    source: &config::Source,
    zgw: &config::ZgwSource,
    host: &Host,
) -> anyhow::Result<ZgwSettings> {
    let mut apis = vec![
        (Component::Zaken, &zgw.zaken),
        (Component::Catalogi, &zgw.catalogi),
        (Component::Documenten, &zgw.documenten),
    ];
    apis.extend(
        zgw.besluiten
            .as_ref()
            .map(|api| (Component::Besluiten, api)),
    );
    apis.extend(
        zgw.betrokkene_source
            .as_ref()
            .map(|api| (Component::Betrokkenen, api)),
    );
    let components = apis
        .into_iter()
        .map(|(component, api)| {
            let auth = auth_settings(zgw, api)
                .with_context(|| format!("source {}, {}", source.name, component.as_str()))?;
            Ok(ComponentSettings {
                component,
                base_url: api.base_url.clone(),
                advertised_url: api.advertised_url.clone(),
                auth,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(ZgwSettings {
        name: source.name.clone(),
        label: source.label.clone(),
        components,
        list_method: match zgw.list_method {
            config::ListMethod::Zoek => ListMethod::Zoek,
            config::ListMethod::Get => ListMethod::Get,
        },
        rollen: if !zgw.bsn_in_url {
            RollenStrategy::Expand
        } else if zgw.rollen_by_person {
            RollenStrategy::ByPerson
        } else {
            RollenStrategy::PerZaak
        },
        expand: zgw.expand,
        ordering: zgw.ordering,
        substatussen: zgw.substatussen,
        documenten_zoek: zgw.documenten_zoek,
        open_filter: zgw.open_filter,
        company_filters: zgw.company_filters.iter().map(company_filter).collect(),
        resultaattypen: zgw.resultaattypen,
        catalogussen: zgw.catalogussen,
        geen_status: zgw
            .geen_status
            .iter()
            .map(|word| word.trim().to_lowercase())
            .collect(),
        zaaknummer_marker: zgw.zaaknummer_marker.clone(),
        max_pages: u32::try_from(zgw.max_pages).unwrap_or(u32::MAX),
        fresh: zgw.answers,
        deadline: zgw.timeouts.source,
        http: ClientSettings {
            connect_timeout: zgw.timeouts.connect,
            timeout: zgw.timeouts.attempt,
            deadline: zgw.timeouts.source,
            max_body: zgw.max_body,
            max_concurrent: zgw.max_concurrent,
            max_waiting: zgw.http.max_waiting,
            retries: zgw.http.retries,
            breaker: BreakerSettings {
                faults: zgw.http.breaker.faults,
                open: zgw.http.breaker.open,
                max_open: zgw.http.breaker.max_open,
            },
            tls: TlsSettings {
                roots: zgw.http.tls.ca.as_ref().map(|ca| Arc::clone(&ca.bytes)),
                identity: zgw.http.tls.identity.as_ref().map(|own| own.pem.clone()),
            },
            host: host.clone(),
        },
    })
}

const fn company_filter(filter: &config::CompanyFilter) -> CompanyFilter {
    match filter {
        config::CompanyFilter::NnpKvk => CompanyFilter::NnpKvk,
        config::CompanyFilter::VestigingKvk => CompanyFilter::VestigingKvk,
        config::CompanyFilter::Rsin => CompanyFilter::Rsin,
        config::CompanyFilter::Vestiging => CompanyFilter::Vestiging,
    }
}

fn auth_settings(zgw: &config::ZgwSource, api: &config::Component) -> anyhow::Result<AuthSettings> {
    let mut headers = Vec::new();
    if let Some(version) = &api.api_version {
        let value = HeaderValue::from_str(version).context("api_version cannot be a header")?;
        headers.push((HeaderName::from_static("api-version"), value));
    }
    let fsc = match &api.fsc_grant_hash {
        Some(hash) => Some(
            Fsc::new(hash, zgw.fsc_transaction_id).context("fsc_grant_hash cannot be a header")?,
        ),
        None => None,
    };
    Ok(AuthSettings {
        credential: credential(zgw, &api.auth)?,
        fsc,
        headers,
    })
}

fn credential(zgw: &config::ZgwSource, auth: &Auth) -> anyhow::Result<Credential> {
    Ok(match auth {
        Auth::None => Credential::None,
        Auth::ZgwJwt { client_id, secret } => Credential::Zgw(ZgwCredentials {
            client_id: client_id.clone(),
            secret: secret.bytes().clone(),
            user_representation: zgw.user_representation.clone(),
        }),
        Auth::Token { secret } => Credential::Token(secret.bytes().clone()),
        Auth::ApiKey { header, secret } => Credential::ApiKey {
            header: HeaderName::from_bytes(header.as_bytes())
                .context("auth.header is not the name of a header")?,
            key: secret.bytes().clone(),
        },
        Auth::ClientCredentials(client) => {
            Credential::ClientCredentials(Box::new(client_credentials(client)?))
        }
    })
}

fn client_credentials(client: &config::TokenClient) -> anyhow::Result<ClientCredentials> {
    let secret = || {
        client
            .secret
            .as_ref()
            .map(|secret| secret.bytes().clone())
            .context("the client of the token endpoint has no secret")
    };
    let client_auth = match client.client_auth {
        ClientAuthMethod::Basic => ClientAuth::Basic(secret()?),
        ClientAuthMethod::Body => ClientAuth::Body(secret()?),
        ClientAuthMethod::BasicAndBody => ClientAuth::BasicAndBody(secret()?),
        ClientAuthMethod::Mtls => ClientAuth::Mtls,
        ClientAuthMethod::PrivateKeyJwt => {
            let pem = client
                .private_key
                .as_ref()
                .context("auth.private_key is not set")?;
            let algorithm = match client.algorithm {
                KeyAlgorithm::Ps256 => AssertionAlgorithm::Ps256,
                KeyAlgorithm::Rs256 => AssertionAlgorithm::Rs256,
            };
            let key = AssertionKey::from_pem(
                pem.bytes(),
                algorithm,
                client.key_id.clone(),
                client.assertion_audience.clone(),
            );
            ClientAuth::PrivateKeyJwt(
                key.context("auth.private_key holds no RSA key in PEM (PKCS#8 or PKCS#1)")?,
            )
        }
    };
    Ok(ClientCredentials {
        endpoint: TokenEndpoint::parse(&client.token_url)?,
        client_id: client.client_id.clone(),
        client_auth,
        scope: client.scope.clone(),
        audience: client.audience.clone(),
        extra: client
            .parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        encoding: match client.token_request {
            TokenRequest::Form => TokenEncoding::Form,
            TokenRequest::Json => TokenEncoding::Json,
        },
        grant_type: client.grant_type,
        secret_field: client.secret_field.clone(),
        token_field: client.token_field.clone(),
        lifetime: client.token_lifetime,
    })
}
