use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const EVERYTHING: &str = "servers 5; latency 2ms; delay 27ms; loss 10%; reply-loss 5%; late 60%; \
                          hangs; until 8s; 0.5 submit; 0.52 submit all x3; 0.525 submit 2; \
                          0.9 crash leader; 1.2 restart others; 1.25 start; 1.3 start 2; \
                          2 disconnect 0; 2.4 connect; 2.5 connect all; \
                          3 partition leader 1 | 2; 3.5 cut 0 to leader; 4 heal";

#[test]
fn every_word_is_read_and_written() {
    let scenario: Scenario = EVERYTHING.parse().unwrap();
    assert_eq!(scenario.to_string(), EVERYTHING);
    assert_eq!(scenario.events.len(), 13);
    assert_eq!(scenario.commands(), 5);
}

#[test]
fn order_spaces_and_line_breaks_do_not_matter() {
    let scenario: Scenario = "  2 heal;until 8;\n 1.50   crash 0 ; servers 3 ;".parse().unwrap();
    assert_eq!(scenario.to_string(), "servers 3; until 8s; 1.5 crash 0; 2 heal");
}

fn wrong(text: &str) -> String {
    text.parse::<Scenario>().expect_err(text).to_string()
}

#[test]
fn an_error_names_the_word_and_what_would_be_right() {
    assert_eq!(
        wrong("servers 5; until 8s; 0.9 crush leader"),
        "`crush` in `0.9 crush leader`: expected `submit`, `crash`, `restart`, `start`, \
         `disconnect`, `connect`, `partition`, `cut` or `heal`"
    );
    assert_eq!(
        wrong("servers 5; until 8s; 0.9 crash laeder"),
        "`laeder` in `0.9 crash laeder`: expected the number of a server, `leader`, `others` or `all`"
    );
    assert_eq!(
        wrong("servers 5; until 8s; 0.9 crash"),
        "`0.9 crash` ends too early: expected the number of a server, `leader`, `others` or `all`"
    );
    assert_eq!(wrong("servers 5; until 8s; 1 cut 0 1"), "`1` in `1 cut 0 1`: expected `to`");
    assert_eq!(
        wrong("servers 5; until 8s; loss 10"),
        "`10` in `loss 10`: expected a whole number from 0 to 100 with its unit: `5%`"
    );
    assert_eq!(
        wrong("servers 5; until 8s; 1 heal all"),
        "`all` in `1 heal all`: expected nothing more"
    );
    assert_eq!(wrong("servers 0; until 8s"), "`0` in `servers 0`: expected a number from 1 to 9");
    assert_eq!(
        wrong("servers 5; until 8s; 1.2345 heal"),
        "`1.2345` in `1.2345 heal`: expected seconds with at most three decimals"
    );
}

#[test]
fn a_scenario_must_make_sense() {
    assert_eq!(wrong(""), "a scenario needs `servers N`");
    assert_eq!(wrong("servers 3"), "a scenario needs `until SECONDS`");
    assert_eq!(wrong("servers 3; servers 3; until 1s"), "`servers` stands there twice");
    assert_eq!(
        wrong("servers 3; until 8s; 1 crash 3"),
        "`1 crash 3`: there is no server 3; with 3 servers the last is 2"
    );
    assert_eq!(
        wrong("servers 3; until 8s; 9 crash 2"),
        "`9 crash 2` comes after the end of the safety phase, `until 8s`"
    );
    let many = format!("servers 3; until 8s{}", "; 1 heal".repeat(1001));
    assert_eq!(wrong(&many), "1001 events are too many: 1000 at most");
}

fn one(servers: usize) -> impl Strategy<Value = Whom> + Clone {
    prop_oneof![Just(Whom::Leader), (0..servers).prop_map(Whom::Server)]
}

fn any_whom(servers: usize) -> impl Strategy<Value = Whom> + Clone {
    prop_oneof![one(servers), Just(Whom::Others), Just(Whom::All)]
}

fn any_back(servers: usize) -> impl Strategy<Value = Back> {
    prop_oneof![Just(Back::Longest), Just(Back::All), (0..servers).prop_map(Back::Server)]
}

fn any_action(servers: usize) -> impl Strategy<Value = Action> {
    let whom = any_whom(servers);
    prop_oneof![
        (whom.clone(), 1..=1000_u32).prop_map(|(to, count)| Action::Submit { to, count }),
        whom.clone().prop_map(Action::Crash),
        whom.clone().prop_map(Action::Restart),
        whom.prop_map(Action::Disconnect),
        any_back(servers).prop_map(Action::Start),
        any_back(servers).prop_map(Action::Connect),
        vec(vec(one(servers), 1..4), 1..4).prop_map(Action::Partition),
        (one(servers), one(servers)).prop_map(|(from, to)| Action::Cut { from, to }),
        Just(Action::Heal),
    ]
}

prop_compose! {
    fn any_network()(
        latency_ms in 0..=MAX_MS,
        delay_ms in 0..=MAX_MS,
        loss in 0..=100_u32,
        reply_loss in 0..=100_u32,
        late in 0..=100_u32,
        hangs: bool,
    ) -> Network {
        Network { latency_ms, delay_ms, loss, reply_loss, late, hangs }
    }
}

fn any_scenario() -> impl Strategy<Value = Scenario> {
    (1..=MAX_SERVERS, 0..=MAX_UNTIL.0).prop_flat_map(|(servers, until)| {
        let event = (0..=until, any_action(servers))
            .prop_map(|(at, action)| Event { at: Millis(at), action });
        (any_network(), vec(event, 0..20)).prop_map(move |(network, mut events)| {
            events.sort_by_key(|event| event.at);
            Scenario { servers, network, until: Millis(until), events }
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(scenario in any_scenario()) {
        prop_assert_eq!(scenario.to_string().parse(), Ok(scenario));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-z0-9.;| %]{0,60}") {
        let _ = text.parse::<Scenario>();
    }
}
