//! Every rule about a document.

use zijspan::domain::Vertrouwelijkheid as V;
use zijspan::domain::zgw::Document;
use zijspan::gate::{DocumentSoort, Reason, Show, ShownZaak, Verdict, judge_document};
use zijspan::policy::Policy;

use super::build::*;

type Judged = Result<DocumentSoort, Reason>;

fn judged(
    document: Document,
    name: Option<&str>,
    zaak: &Show<ShownZaak>,
    policy: &Policy,
) -> Judged {
    let documenttype = name.map(documenttype);
    match judge_document(
        proven(document),
        documenttype.as_ref(),
        zaak,
        &jan(),
        policy,
    ) {
        Verdict::Show(shown) => Ok(shown.get().soort()),
        Verdict::Hide(reason) => Err(reason),
    }
}

fn by(level: Option<V>, status: Option<&str>, name: &str, policy: &Policy) -> Judged {
    judged(
        document(level, status),
        Some(name),
        &shown("initiator"),
        policy,
    )
}

fn plain(level: V, status: &str, name: &str) -> Judged {
    by(Some(level), Some(status), name, &Policy::default())
}

const DOCUMENT: Judged = Ok(DocumentSoort::Document);
const AANVRAAG: Judged = Ok(DocumentSoort::Aanvraag);

macro_rules! rules {
    ($($name:ident: $judged:expr => $expected:expr;)+) => {
        $(
            #[test]
            fn $name() {
                assert_eq!($judged, $expected);
            }
        )+
    };
}

rules! {
    a_definitive_document_is_shown: plain(V::Openbaar, "definitief", "Besluit") => DOCUMENT;
    an_archived_document_is_shown: plain(V::Zaakvertrouwelijk, "gearchiveerd", "Besluit") => DOCUMENT;
    the_case_of_the_status_does_not_matter: plain(V::Openbaar, "Definitief", "Besluit") => DOCUMENT;
    a_document_in_the_making_is_hidden:
        plain(V::Openbaar, "in_bewerking", "Besluit") => Err(Reason::DocumentStatus);
    a_document_up_for_decision_is_hidden:
        plain(V::Openbaar, "ter_vaststelling", "Besluit") => Err(Reason::DocumentStatus);
    an_unknown_status_is_hidden: plain(V::Openbaar, "klaar", "Besluit") => Err(Reason::DocumentStatus);
    an_empty_status_is_hidden_under_its_own_reason:
        plain(V::Openbaar, "", "Besluit") => Err(Reason::DocumentZonderStatus);
    an_absent_status_is_hidden_under_its_own_reason:
        by(Some(V::Openbaar), None, "Besluit", &Policy::default()) => Err(Reason::DocumentZonderStatus);

    above_the_ceiling_is_hidden:
        plain(V::Vertrouwelijk, "definitief", "Besluit") => Err(Reason::Vertrouwelijkheid);
    unknown_confidentiality_is_hidden:
        by(None, Some("definitief"), "Besluit", &highest()) => Err(Reason::VertrouwelijkheidOnbekend);
    unknown_confidentiality_is_hidden_for_a_submission_too:
        by(None, Some("gearchiveerd"), "Aanvraagformulier", &highest())
        => Err(Reason::VertrouwelijkheidOnbekend);

    level_intern_is_hidden: plain(V::Intern, "definitief", "Memo") => Err(Reason::DocumentIntern);
    level_intern_is_shown_where_its_type_is_allowed:
        by(Some(V::Intern), Some("definitief"), "memo", &intern("Memo")) => DOCUMENT;
    level_intern_is_hidden_for_another_type:
        by(Some(V::Intern), Some("definitief"), "Advies", &intern("Memo")) => Err(Reason::DocumentIntern);
    level_intern_is_hidden_under_a_higher_ceiling:
        by(Some(V::Intern), Some("definitief"), "Memo", &highest()) => Err(Reason::DocumentIntern);
    level_intern_is_hidden_under_a_lower_ceiling_although_its_type_is_allowed:
        by(Some(V::Intern), Some("definitief"), "Memo",
            &Policy { document_vertrouwelijkheid: V::BeperktOpenbaar, ..intern("Memo") })
        => Err(Reason::Vertrouwelijkheid);

    the_own_submission_is_shown_as_that:
        plain(V::Zaakvertrouwelijk, "gearchiveerd", "Aanvraagformulier") => AANVRAAG;
    the_own_submission_is_shown_although_vertrouwelijk:
        plain(V::Vertrouwelijk, "gearchiveerd", "Aanvraagformulier") => AANVRAAG;
    the_own_submission_is_hidden_above_vertrouwelijk:
        plain(V::Confidentieel, "gearchiveerd", "Aanvraagformulier") => Err(Reason::Vertrouwelijkheid);
    a_submission_that_is_not_archived_is_no_own_submission:
        plain(V::Vertrouwelijk, "definitief", "Aanvraagformulier") => Err(Reason::Vertrouwelijkheid);
    a_type_that_the_policy_does_not_name_is_no_own_submission:
        plain(V::Vertrouwelijk, "gearchiveerd", "Bezwaarschrift") => Err(Reason::Vertrouwelijkheid);
    a_submission_at_level_intern_needs_its_type_allowed:
        plain(V::Intern, "gearchiveerd", "Aanvraagformulier") => Err(Reason::DocumentIntern);

    a_hidden_type_is_hidden:
        by(Some(V::Openbaar), Some("definitief"), "advies", &hiding("Advies"))
        => Err(Reason::DocumenttypeVerborgen);
    a_hidden_type_is_hidden_for_a_submission_too:
        by(Some(V::Openbaar), Some("gearchiveerd"), "Aanvraagformulier", &hiding("Aanvraagformulier"))
        => Err(Reason::DocumenttypeVerborgen);
}

fn highest() -> Policy {
    Policy {
        document_vertrouwelijkheid: V::ZeerGeheim,
        ..Policy::default()
    }
}

fn intern(name: &str) -> Policy {
    Policy {
        interne_documenttypen: vec![name.to_owned()],
        ..Policy::default()
    }
}

fn hiding(name: &str) -> Policy {
    Policy {
        verborgen_documenttypen: vec![name.to_owned()],
        ..Policy::default()
    }
}

#[test]
fn only_the_initiator_has_an_own_submission() {
    let submission = || document(Some(V::Vertrouwelijk), Some("gearchiveerd"));
    let judged = |generiek| {
        judged(
            submission(),
            Some("Aanvraagformulier"),
            &shown(generiek),
            &Policy::default(),
        )
    };
    assert_eq!(judged("initiator"), AANVRAAG);
    assert_eq!(judged("belanghebbende"), Err(Reason::Vertrouwelijkheid));
    assert_eq!(judged("gemachtigde"), Err(Reason::Vertrouwelijkheid));
}

#[test]
fn a_type_that_cannot_be_found_hides_only_where_types_are_hidden() {
    let judged = |policy: &Policy| {
        let document = document(Some(V::Openbaar), Some("definitief"));
        judged(document, None, &shown("initiator"), policy)
    };
    assert_eq!(judged(&Policy::default()), DOCUMENT);
    assert_eq!(judged(&hiding("Advies")), Err(Reason::DocumenttypeOnbekend));
}

#[test]
fn another_documents_type_says_nothing() {
    let mut document = document(Some(V::Vertrouwelijk), Some("gearchiveerd"));
    document.informatieobjecttype = None;
    assert_eq!(
        judged(
            document,
            Some("Aanvraagformulier"),
            &shown("initiator"),
            &Policy::default()
        ),
        Err(Reason::Vertrouwelijkheid)
    );
}

#[test]
fn what_the_source_says_not_to_show_is_hidden_for_a_submission_too() {
    for name in ["Besluit", "Aanvraagformulier"] {
        let judged = |tonen, vervallen| {
            let document = Document {
                tonen_aan_initiator: tonen,
                inhoud_is_vervallen: vervallen,
                ..document(Some(V::Openbaar), Some("gearchiveerd"))
            };
            judged(
                document,
                Some(name),
                &shown("initiator"),
                &Policy::default(),
            )
        };
        assert!(judged(Some(true), Some(false)).is_ok());
        assert_eq!(judged(Some(false), None), Err(Reason::NietVoorInitiator));
        assert_eq!(judged(None, Some(true)), Err(Reason::DocumentVervallen));
    }
}

#[test]
fn to_be_shown_to_the_initiator_widens_nothing() {
    let document = Document {
        tonen_aan_initiator: Some(true),
        ..document(Some(V::Geheim), Some("definitief"))
    };
    let judged = judged(
        document,
        Some("Besluit"),
        &shown("initiator"),
        &Policy::default(),
    );
    assert_eq!(judged, Err(Reason::Vertrouwelijkheid));
}

#[test]
fn a_document_is_judged_again_for_the_one_who_asks() {
    let viewer = zijspan::gate::Viewer {
        acts_for_another: true,
        mandate: None,
        ..jan()
    };
    let verdict = judge_document(
        proven(document(Some(V::Openbaar), Some("definitief"))),
        Some(&documenttype("Besluit")),
        &shown("initiator"),
        &viewer,
        &Policy::default(),
    );
    assert_eq!(verdict.reason(), Some(Reason::MandaatOntbreekt));
}
