//! What holds for whatever a register may answer.

use jiff::civil::Date;
use proptest::prelude::*;
use zijspan::domain::zgw::{Betrokkene, Document, Rol, Zaak};
use zijspan::domain::{
    Bedrijfsnummers, Bsn, KvkNummer, LevelOfAssurance, Mandate, MandateKind, MandateScope,
    Onderneming, Rsin, Subject, Vertrouwelijkheid, Vestigingsnummer,
};
use zijspan::gate::{RolVerdict, Viewer, counts, identifies_other, judge_document};
use zijspan::policy::{Policy, RolSoort};

use super::build::*;

// A few numbers of each kind, so that equal ones meet often.
const BSNS: [&str; 4] = [JAN, ANDER, "111222333", "999993653"];
const KVKS: [&str; 3] = [KVK, ANDER_KVK, "87654321"];
const RSINS: [&str; 3] = [RSIN, ANDER_RSIN, "111222333"];
const VESTIGINGEN: [&str; 3] = [VESTIGING, ANDERE_VESTIGING, "000000000001"];

fn one_of(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(list)
}

fn maybe(list: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(one_of(list))
}

fn any_subject() -> impl Strategy<Value = Subject> {
    let burger = one_of(&BSNS).prop_map(|bsn| Subject::Burger(Bsn::parse(bsn).unwrap()));
    let company = (maybe(&KVKS), maybe(&RSINS), maybe(&VESTIGINGEN)).prop_map(|(k, r, v)| {
        let kvk = k.map(|k| KvkNummer::parse(k).unwrap());
        let rsin = r.map(|r| Rsin::parse(r).unwrap());
        Subject::Onderneming(Onderneming {
            nummers: Bedrijfsnummers::new(kvk, rsin)
                .unwrap_or_else(|| Bedrijfsnummers::Kvk(KvkNummer::parse(KVK).unwrap())),
            vestiging: v.map(|v| Vestigingsnummer::parse(v).unwrap()),
        })
    });
    prop_oneof![burger, company]
}

fn any_betrokkene() -> impl Strategy<Value = Betrokkene> {
    prop_oneof![
        4 => maybe(&BSNS).prop_map(|bsn| persoon(bsn.unwrap_or(""))),
        4 => (maybe(&KVKS), maybe(&RSINS), maybe(&VESTIGINGEN)).prop_map(|(k, r, v)| nnp(k, r, v)),
        3 => (maybe(&KVKS), maybe(&VESTIGINGEN)).prop_map(|(k, v)| vestiging(k, v)),
        1 => Just(Betrokkene::Url("https://x.example/1".to_owned())),
        1 => Just(Betrokkene::Ander("medewerker".to_owned())),
        1 => Just(Betrokkene::Onbekend),
    ]
}

fn any_word() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        6 => prop::sample::select(vec![
            "initiator", "Initiator", "belanghebbende", "gemachtigde", "machtiginggever",
            "mede_initiator", "behandelaar", "",
        ]).prop_map(|word| Some(word.to_owned())),
        1 => Just(None),
        1 => ".{0,8}".prop_map(Some),
    ]
}

fn any_day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of(
        (-3i64..=3).prop_map(|days| TODAY.checked_add(jiff::Span::new().days(days)).unwrap()),
    )
}

fn any_loa() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(
        0.5,
        prop::sample::select(vec![BASIS, SUBSTANTIEEL, HOOG, "", "urn:made-up"])
            .prop_map(str::to_owned),
    )
}

prop_compose! {
    fn any_rol()(
        betrokkene in any_betrokkene(),
        omschrijving_generiek in any_word(),
        indicatie_machtiging in any_word(),
        begin_geldigheid in any_day(),
        einde_geldigheid in any_day(),
        authenticatie_loa in any_loa(),
        elsewhere in prop::bool::weighted(0.1),
    ) -> Rol {
        Rol {
            id: None,
            zaak: Some(zaak_ref(if elsewhere { 2 } else { 1 })),
            betrokkene,
            omschrijving_generiek,
            indicatie_machtiging,
            begin_geldigheid,
            einde_geldigheid,
            authenticatie_loa,
        }
    }
}

fn any_kind() -> impl Strategy<Value = MandateKind> {
    prop::sample::select(vec![
        MandateKind::Machtiging,
        MandateKind::Bewind,
        MandateKind::Keten,
    ])
}

fn any_scope() -> impl Strategy<Value = MandateScope> {
    prop_oneof![
        Just(MandateScope::Unstated),
        Just(MandateScope::Unclear),
        prop::sample::subsequence(vec![DIENST.to_owned(), "urn:other".to_owned()], 0..=2)
            .prop_map(MandateScope::Services),
    ]
}

prop_compose! {
    fn any_viewer()(
        subject in any_subject(),
        acts_for_another: bool,
        mandate in prop::option::of((any_kind(), any_scope())),
        loa in prop::sample::select(vec![
            LevelOfAssurance::NONE, LevelOfAssurance::LOW, LevelOfAssurance::SUBSTANTIAL, LevelOfAssurance::HIGH,
        ]),
    ) -> Viewer {
        Viewer {
            subject,
            acts_for_another,
            mandate: mandate.map(|(kind, scope)| Mandate { kind, scope }),
            loa,
            today: TODAY,
        }
    }
}

fn any_level() -> impl Strategy<Value = Option<Vertrouwelijkheid>> {
    prop::option::weighted(0.9, prop::sample::select(Vertrouwelijkheid::ALL.to_vec()))
}

prop_compose! {
    fn any_policy()(
        zaak in prop::sample::select(Vertrouwelijkheid::ALL.to_vec()),
        document in prop::sample::select(Vertrouwelijkheid::ALL.to_vec()),
        rollen in prop::sample::subsequence(RolSoort::ALL.to_vec(), 0..=3),
        intern: bool,
        (bewind, zonder_dienst, dienst) in any::<(bool, bool, bool)>(),
    ) -> Policy {
        let mut policy = if dienst { mapped(Policy::default()) } else { Policy::default() };
        policy.mandaten.bewind = bewind;
        policy.mandaten.zonder_dienst = zonder_dienst;
        Policy {
            zaak_vertrouwelijkheid: zaak,
            document_vertrouwelijkheid: document,
            rollen,
            interne_documenttypen: if intern { vec!["Memo".to_owned()] } else { vec![] },
            ..policy
        }
    }
}

prop_compose! {
    fn any_document()(
        level in any_level(),
        status in prop::option::of(prop::sample::select(vec![
            "definitief", "gearchiveerd", "in_bewerking", "", "anders",
        ])),
        tonen_aan_initiator: Option<bool>,
        inhoud_is_vervallen: Option<bool>,
    ) -> Document {
        Document { tonen_aan_initiator, inhoud_is_vervallen, ..document(level, status) }
    }
}

/// Written anew and more simply than the gate: does any number in here belong to somebody else?
fn numbers_all_own(betrokkene: &Betrokkene, subject: &Subject) -> bool {
    match (betrokkene, subject) {
        (Betrokkene::NatuurlijkPersoon { bsn: Some(bsn) }, Subject::Burger(own)) => bsn == own,
        (
            Betrokkene::NietNatuurlijkPersoon {
                kvk,
                rsin,
                vestiging,
            },
            Subject::Onderneming(own),
        ) => {
            let kvk_same = kvk.is_some() && kvk.as_ref() == own.kvk();
            let rsin_same = rsin.is_some() && rsin.as_ref() == own.rsin();
            let kvk_fits = kvk_same || kvk.is_none() || own.kvk().is_none();
            let rsin_fits = rsin_same || rsin.is_none() || own.rsin().is_none();
            let company = (kvk_same || rsin_same) && kvk_fits;
            let branch_fits = own.vestiging.is_none() || (kvk_same && *vestiging == own.vestiging);
            company && rsin_fits && branch_fits
        }
        (
            Betrokkene::Vestiging {
                kvk: Some(kvk),
                vestiging,
            },
            Subject::Onderneming(own),
        ) => Some(kvk) == own.kvk() && (own.vestiging.is_none() || *vestiging == own.vestiging),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_rol_that_counts_carries_everything(rol in any_rol(), viewer in any_viewer(), policy in any_policy()) {
        if let RolVerdict::Counts(soort) = counts(&rol, &viewer, &policy) {
            prop_assert!(numbers_all_own(&rol.betrokkene, &viewer.subject));
            prop_assert!(rol.begin_geldigheid.is_none_or(|begin| begin <= viewer.today));
            prop_assert!(rol.einde_geldigheid.is_none_or(|einde| einde >= viewer.today));
            let level = rol.authenticatie_loa.as_deref().map(LevelOfAssurance::parse);
            prop_assert!(level.is_none_or(|level| level.is_some_and(|level| level <= viewer.loa)));
            prop_assert!(policy.allows(soort) || (viewer.acts_for_another && soort == RolSoort::Belanghebbende));
            prop_assert!(!(viewer.acts_for_another && soort == RolSoort::Gemachtigde));
        }
    }

    #[test]
    fn a_rol_of_somebody_else_never_counts(rol in any_rol(), viewer in any_viewer(), policy in any_policy()) {
        if identifies_other(&rol, &viewer.subject) {
            let verdict = counts(&rol, &viewer, &policy);
            prop_assert!(matches!(verdict, RolVerdict::Not(reason) if !reason.is_own()), "{verdict:?}");
        }
    }

    #[test]
    fn what_is_shown_has_one_rol_that_counts_alone(
        rollen in prop::collection::vec(any_rol(), 0..5), viewer in any_viewer(), policy in any_policy(), level in any_level(),
    ) {
        let zaak = Zaak { vertrouwelijkheid: level, ..zaak(1) };
        let together = judge(zaak.clone(), &rollen, &viewer, &policy).is_shown();
        let alone = rollen.iter().any(|rol| {
            judge(zaak.clone(), std::slice::from_ref(rol), &viewer, &policy).is_shown()
        });
        prop_assert_eq!(together, alone);
    }

    #[test]
    fn a_narrower_policy_never_shows_more(
        rollen in prop::collection::vec(any_rol(), 0..3), viewer in any_viewer(), one in any_policy(),
        other in any_policy(), level in any_level(), document in any_document(),
    ) {
        let narrower = Policy {
            zaak_vertrouwelijkheid: one.zaak_vertrouwelijkheid.min(other.zaak_vertrouwelijkheid),
            document_vertrouwelijkheid: one.document_vertrouwelijkheid.min(other.document_vertrouwelijkheid),
            rollen: one.rollen.iter().copied().filter(|soort| other.allows(*soort)).collect(),
            ..one.clone()
        };
        let zaak = Zaak { vertrouwelijkheid: level, ..zaak(1) };
        let shows = |policy| judge(zaak.clone(), &rollen, &viewer, policy).is_shown();
        prop_assert!(shows(&one) || !shows(&narrower));
        for name in ["Memo", "Aanvraagformulier"] {
            let shows = |policy| {
                let documenttype = documenttype(name);
                judge_document(proven(document.clone()), Some(&documenttype), &shown("initiator"), &jan(), policy)
                    .is_shown()
            };
            prop_assert!(shows(&one) || !shows(&narrower));
        }
    }

    #[test]
    fn unknown_confidentiality_is_never_shown(
        rollen in prop::collection::vec(any_rol(), 0..3), viewer in any_viewer(), policy in any_policy(), document in any_document(),
    ) {
        let zaak = Zaak { vertrouwelijkheid: None, ..zaak(1) };
        prop_assert!(!judge(zaak, &rollen, &viewer, &policy).is_shown());
        let document = Document { vertrouwelijkheid: None, ..document };
        let documenttype = documenttype("Aanvraagformulier");
        let verdict = judge_document(proven(document), Some(&documenttype), &shown("initiator"), &jan(), &policy);
        prop_assert!(!verdict.is_shown());
    }
}
