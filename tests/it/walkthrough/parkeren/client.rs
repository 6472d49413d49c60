//! The questions that the register can be asked.

use std::sync::Arc;

use http::Method;
use serde_json::json;
use zijspan::domain::{Asker, Proven, SourceName};
use zijspan::upstream::http::auth::SourceClient;
use zijspan::upstream::http::cache::{Answers, Question, Sized};
use zijspan::upstream::http::{Body, Call, ErrorKind, UpstreamError, Vitals};

use super::model::Page;
use super::{Eigenaar, ParkerenSettings, Vergunning};

/// The name of the question in logs, metrics and errors, and where it is asked.
const LIST: &str = "parkeervergunningen.list";
const PATH: &str = "/parkeervergunningen/_zoek";

/// One register. Cheap to clone; clones share connections, breaker and bulkhead.
#[derive(Debug, Clone)]
pub struct Parkeren {
    settings: Arc<ParkerenSettings>,
    client: SourceClient,
    answers: Answers,
}

/// The permits of one party.
#[derive(Debug, Clone, Default)]
pub struct Vergunningen {
    pub items: Vec<Proven<Vergunning>>,
    /// How many the register says that there are, where not all of them were read.
    pub of: Option<u64>,
}

impl Parkeren {
    pub fn new(settings: ParkerenSettings, answers: Answers) -> Result<Self, UpstreamError> {
        let client = SourceClient::new(
            settings.name.clone(),
            settings.base_url.clone(),
            settings.http.of_component("parkeren"),
            settings.auth.clone(),
        )?;
        Ok(Self {
            settings: Arc::new(settings),
            client,
            answers,
        })
    }

    pub fn name(&self) -> &SourceName {
        &self.settings.name
    }

    /// How the register is doing.
    pub fn vitals(&self) -> Vitals {
        self.client.vitals()
    }

    /// The permits of a party, to the end of the list or to the bound.
    pub async fn vergunningen(
        &self,
        eigenaar: &Eigenaar,
        asker: &Asker,
    ) -> Result<Vergunningen, UpstreamError> {
        let mut found = Vergunningen::default();
        for number in 1..=self.settings.max_pages {
            let page = self.page(eigenaar, number, asker).await?;
            found.items.extend(page.of(eigenaar));
            found.of = Some(page.aantal);
            // A number that is not the next one would have us read in circles.
            if page.volgende != Some(number + 1) {
                found.of = None;
                break;
            }
        }
        Ok(found)
    }

    async fn page(
        &self,
        eigenaar: &Eigenaar,
        number: u32,
        asker: &Asker,
    ) -> Result<Arc<Page>, UpstreamError> {
        // In the body and not in the address: addresses end up in logs.
        let body = json!({ "eigenaar": eigenaar.to_json(), "pagina": number });
        let question = Question {
            source: &self.settings.name,
            base: self.settings.base_url.as_url().as_str(),
            method: &Method::POST,
            path: PATH,
            query: &[],
            body: Some(&body),
        };
        let work = self
            .clone()
            .fetch(eigenaar.clone(), body.clone(), asker.clone());
        self.answers
            .get(asker, question, self.settings.fresh, LIST, || work)
            .await
    }

    /// Owns what it needs: it goes on when the page that asked is gone.
    async fn fetch(
        self,
        eigenaar: Eigenaar,
        body: serde_json::Value,
        asker: Asker,
    ) -> Result<Sized<Page>, UpstreamError> {
        let call = Call {
            // Asking twice changes nothing, so a second attempt is allowed.
            idempotent: true,
            ..Call::post(LIST, PATH, Body::Json(&body))
        };
        let reply = self.client.call(call, asker.user()).await?;
        let page: Page = self.client.decode(LIST, &reply)?;
        if page.names_another(&eigenaar) {
            let ignored = ErrorKind::FilterIgnored;
            return Err(UpstreamError::new(&self.settings.name, LIST, ignored));
        }
        Ok(Sized {
            value: page,
            bytes: reply.body.len(),
        })
    }
}
