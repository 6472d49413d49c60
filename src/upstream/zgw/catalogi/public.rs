//! Questions whose answers are for everyone. They are asked in nobody's name, and there is no way to say
//! whose they are: the answers that belong to a session are kept elsewhere, by session.

use http::HeaderValue;
use http::header::{ETAG, IF_NONE_MATCH};
use serde_json::Value;

use crate::upstream::http::{Call, UpstreamError};
use crate::upstream::zgw::{Asker, Component, Zgw};

/// A longer tag is not remembered; Open Zaak's have 34 characters.
const LONGEST_TAG: usize = 256;

/// A GET to the Catalogi API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub operation: &'static str,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
}

/// What came back.
#[derive(Debug)]
pub(super) enum Fetched<T> {
    /// With the tag by which the source will recognise it. Recorded on Open Zaak: details have one, lists
    /// have none.
    New { value: T, tag: Option<HeaderValue> },
    /// 304: what the tag stands for still holds.
    Same,
}

impl<T> Fetched<T> {
    pub const fn untagged(value: T) -> Self {
        Self::New { value, tag: None }
    }
}

impl Zgw {
    /// With a tag the source is asked for nothing but a change.
    pub(super) async fn for_everyone(
        &self,
        question: Question<'_>,
        tag: Option<HeaderValue>,
    ) -> Result<Fetched<Value>, UpstreamError> {
        let Question {
            operation,
            path,
            query,
        } = question;
        let client = self.client(operation, Component::Catalogi)?;
        let conditional = tag.is_some();
        let call = Call {
            query,
            headers: tag.map(|tag| (IF_NONE_MATCH, tag)).into_iter().collect(),
            ..Call::get(operation, path)
        };
        let nobody = &Asker::system();
        let reply = client.call(call, nobody.user()).await?;
        if conditional && reply.status == 304 {
            return Ok(Fetched::Same);
        }
        let value = client.decode(operation, &reply)?;
        let tag = reply
            .headers
            .get(ETAG)
            .filter(|tag| tag.len() <= LONGEST_TAG)
            .cloned();
        Ok(Fetched::New { value, tag })
    }
}
