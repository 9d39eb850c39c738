//! What is admitted, and until when it counts.

use super::*;
use crate::Code;

fn admission() -> Admission {
    Admission::new(Shutdown::default())
}

fn admit(peer: &Arc<Peer>, class: Class) -> Result<RequestPermit> {
    peer.admit(class, &Request::new(()))
}

#[test]
fn messages_count_until_their_request_is_dropped() {
    let peer = admission().connect();
    let room = MAX_MESSAGE_BYTES - 2 * REQUEST_OVERHEAD - 2;
    let mut first = admit(&peer, Class::Call).expect("within the limit");
    let mut second = admit(&peer, Class::Call).expect("within the limit");
    first.add(room).expect("within the limit");
    let error = second.add(3).expect_err("over the limit");
    assert_eq!(error.code(), Code::ResourceExhausted);
    drop(first);
    second.add(room).expect("within the limit");
    assert!(!peer.is_over.is_cancelled());
}

#[test]
fn calls_count_until_they_are_dropped_and_control_is_never_refused() {
    let peer = admission().connect();
    let calls: Result<Vec<_>> = (0..MAX_CALLS).map(|_| admit(&peer, Class::Call)).collect();
    let calls = calls.expect("within the limit");
    let error = admit(&peer, Class::Call).err().expect("over the limit");
    assert_eq!(error.code(), Code::ResourceExhausted);
    let control = (0..2 * MAX_CALLS).map(|_| admit(&peer, Class::Control));
    assert!(control.collect::<Result<Vec<_>>>().is_ok());
    drop(calls);
    admit(&peer, Class::Call).expect("within the limit");
}

#[test]
fn headers_have_limits_of_their_own() {
    let admission = admission();
    let (host, other) = (admission.connect(), admission.connect());
    let mut request = admit(&other, Class::Control).expect("control");
    request.hold(MAX_CONNECTION_HEADERS);
    assert!(!other.is_over.is_cancelled(), "closed for its messages");
    request.hold_headers(MAX_CONNECTION_HEADERS);
    assert!(other.is_over.is_cancelled());
    let mut hosts = admit(&host, Class::Control).expect("control");
    hosts.hold_headers(MAX_PROCESS_HEADERS - MAX_CONNECTION_HEADERS);
    assert!(!host.is_over.is_cancelled(), "closed for another's bytes");
    let third = admission.connect();
    let _third = admit(&third, Class::Control).expect("control");
    assert!(third.is_over.is_cancelled(), "the process holds too much");
    drop(request);
    let fourth = admission.connect();
    let _fourth = admit(&fourth, Class::Control).expect("control");
    assert!(!fourth.is_over.is_cancelled(), "there is room again");
}

#[test]
fn connection_over_its_limit_closes_and_others_do_not() {
    let admission = admission();
    let (host, other) = (admission.connect(), admission.connect());
    let mut request = admit(&other, Class::Control).expect("control");
    request.hold(MAX_CONNECTION_BYTES);
    assert!(other.is_over.is_cancelled());
    let mut hosts = admit(&host, Class::Control).expect("control");
    hosts.hold(MAX_PROCESS_BYTES - MAX_CONNECTION_BYTES);
    assert!(!host.is_over.is_cancelled(), "closed for another's bytes");
    let third = admission.connect();
    let _third = admit(&third, Class::Control).expect("control");
    assert!(third.is_over.is_cancelled(), "the process holds too much");
}
