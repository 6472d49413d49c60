//! What an answer is filed under. There is no way to leave out the session, the source, the purpose or a
//! part of the question.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Method;
use serde_json::Value;
use sha2::Sha256;

use crate::domain::{Asker, SessionKey, SourceName};

/// The whole of a question, whatever its answer will be read as.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Two sites may each have a source of this name: the address tells them apart.
    pub source: &'a SourceName,
    pub base: &'a str,
    pub method: &'a Method,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub body: Option<&'a Value>,
}

/// Says where, and not whose: the query and the body may hold a number.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("source", &self.source)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Cannot be made without a session, and says nothing about what was asked: the question is in it only as
/// a keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerKey {
    session: SessionKey,
    question: [u8; 32],
}

impl AnswerKey {
    /// `secret` is random and of this process alone. `T` is what the answer is read as. `None` for an asker
    /// without a session.
    pub(super) fn new<T: 'static>(
        secret: &[u8; 32],
        asker: &Asker,
        question: Question<'_>,
    ) -> Option<Self> {
        let session = asker.session()?;
        let mut hash = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        // Each part with its length, so that no two questions run together to the same bytes.
        let mut part = |bytes: &[u8]| {
            hash.update(&bytes.len().to_be_bytes());
            hash.update(bytes);
        };
        part(std::any::type_name::<T>().as_bytes());
        part(session.as_bytes());
        part(asker.user().as_str().as_bytes());
        part(asker.doelbinding().as_str().as_bytes());
        part(question.source.as_str().as_bytes());
        part(question.base.as_bytes());
        part(question.method.as_str().as_bytes());
        part(question.path.as_bytes());
        part(&question.query.len().to_be_bytes());
        for (name, value) in question.query {
            part(name.as_bytes());
            part(value.as_bytes());
        }
        match question.body {
            None => part(&[]),
            Some(body) => part(body.to_string().as_bytes()),
        }
        Some(Self {
            session,
            question: hash.finalize().into_bytes().into(),
        })
    }

    pub const fn session(&self) -> SessionKey {
        self.session
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::{Doelbinding, UserId};

    /// Everything that a key is made of, as plain text.
    #[derive(Debug, Clone, PartialEq)]
    struct Asked {
        session: u8,
        user: String,
        doelbinding: String,
        source: u8,
        base: String,
        post: bool,
        path: String,
        query: Vec<(String, String)>,
        body: Option<String>,
    }

    impl Asked {
        fn key(&self) -> AnswerKey {
            let asker = Asker::in_session(
                UserId::pseudonym(self.user.clone()),
                SessionKey::new([self.session; 32]),
                Doelbinding::new(&self.doelbinding),
            );
            let query: Vec<(&str, &str)> = self
                .query
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let body = self.body.as_ref().map(|text| json!({ "q": text }));
            let source = SourceName::parse(&format!("s{}", self.source)).unwrap();
            let question = Question {
                source: &source,
                base: &self.base,
                method: if self.post {
                    &Method::POST
                } else {
                    &Method::GET
                },
                path: &self.path,
                query: &query,
                body: body.as_ref(),
            };
            AnswerKey::new::<String>(&[7; 32], &asker, question).unwrap()
        }
    }

    fn asked() -> impl Strategy<Value = Asked> {
        // Few letters, so that parts often are one another's beginnings.
        let text = "[ab]{0,3}";
        (
            (0_u8..3, text, text, 0_u8..3, text),
            (
                any::<bool>(),
                text,
                proptest::collection::vec((text, text), 0..3),
                proptest::option::of(text),
            ),
        )
            .prop_map(
                |((session, user, doelbinding, source, base), (post, path, query, body))| Asked {
                    session,
                    user,
                    doelbinding,
                    source,
                    base,
                    post,
                    path,
                    query,
                    body,
                },
            )
    }

    proptest! {
        #[test]
        fn two_questions_share_a_key_only_when_they_are_the_same(one in asked(), other in asked()) {
            prop_assert_eq!(one == other, one.key() == other.key());
        }

        #[test]
        fn what_was_given_for_one_purpose_is_not_found_for_another(one in asked(), purpose in "[a-c]{1,3}") {
            let mut other = one.clone();
            other.doelbinding = format!("{}{purpose}", one.doelbinding);
            prop_assert_ne!(one.key(), other.key());
        }
    }

    #[test]
    fn nobody_has_no_key_and_another_type_has_another() {
        let source = SourceName::parse("zgw").unwrap();
        let question = Question {
            source: &source,
            base: "https://a.example",
            method: &Method::GET,
            path: "/zaken",
            query: &[],
            body: None,
        };
        assert!(AnswerKey::new::<String>(&[7; 32], &Asker::system(), question).is_none());
        let asker = Asker::in_session(
            UserId::system(),
            SessionKey::new([1; 32]),
            Doelbinding::zaken(),
        );
        assert_ne!(
            AnswerKey::new::<String>(&[7; 32], &asker, question),
            AnswerKey::new::<u8>(&[7; 32], &asker, question)
        );
        assert!(AnswerKey::new::<String>(&[7; 32], &asker.anew(), question).is_none());
    }
}
