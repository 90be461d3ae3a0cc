//! The exported functions.
//!
//! Conventions:
//! - Numbers are `u32` unless noted; `now` and deadlines are the host's monotonic microseconds as `f64`.
//! - A negative result is a [`Status`]; zero and above is success and means what the function says.
//! - Bytes for the engine stand at the start of the input area, with their length as an argument. Bytes
//!   and numbers for the host stand at the start of the output area and of the table of numbers; they
//!   hold until the next call.
//! - `endpoint` and `connection` are ids that earlier calls returned.
//! - A panic traps. After it the instance must not be entered again: its state is half changed, and a
//!   later call would not necessarily trap.
#![allow(unsafe_code)] // Exporting a symbol is all that is unsafe here.

use crate::connection::{Batch, Connection};
use crate::endpoint::{Endpoint, Received};
use crate::engine::{Parts, with_engine};
use crate::event::RECORD;
use crate::memory::{INPUT_CAPACITY, OUTPUT_CAPACITY};
use crate::parameters::Parameters;
use crate::status::{Outcome, Status, to_abi};
use crate::streams::{self, Stop};

/// Raised with every change of this file that an older host would misunderstand.
const ABI_VERSION: u32 = 1;
/// Set beside the count of `connection_transmit` where datagrams are left for another call.
const MORE: u32 = 1 << 30;
/// Set beside the count of `stream_read` where the stream's end came right behind the bytes.
const FINISHED: u32 = 1 << 30;

/// Version of this interface.
#[unsafe(no_mangle)]
extern "C" fn abi_version() -> u32 {
    ABI_VERSION
}

/// Address of the input area. Also starts the engine, so it is the first call of a host.
#[unsafe(no_mangle)]
extern "C" fn input_area() -> *mut u8 {
    with_engine(|engine| engine.areas.input.as_mut_ptr())
}

/// Bytes of the input area.
#[unsafe(no_mangle)]
extern "C" fn input_capacity() -> u32 {
    INPUT_CAPACITY as u32
}

/// Address of the output area.
#[unsafe(no_mangle)]
extern "C" fn output_area() -> *const u8 {
    with_engine(|engine| engine.areas.output.as_ptr())
}

/// Bytes of the output area.
#[unsafe(no_mangle)]
extern "C" fn output_capacity() -> u32 {
    OUTPUT_CAPACITY as u32
}

/// Address of the table of numbers, each four bytes.
#[unsafe(no_mangle)]
extern "C" fn numbers_area() -> *const u32 {
    with_engine(|engine| engine.areas.numbers.as_ptr())
}

/// Creates an endpoint from the block of [`Parameters`] in the input area. Returns its id.
#[unsafe(no_mangle)]
extern "C" fn endpoint_new(length: u32) -> i32 {
    with_engine(|engine| {
        to_abi((|| {
            let parameters = Parameters::decode(engine.areas.received(length)?)?;
            let endpoint = Endpoint::new(&parameters)?;
            Ok(engine.add(endpoint))
        })())
    })
}

/// Drops an endpoint with its connections. Peers are told nothing.
#[unsafe(no_mangle)]
extern "C" fn endpoint_free(endpoint: u32) -> i32 {
    with_engine(|engine| to_abi(engine.remove(endpoint).map(|()| 0)))
}

/// Puts two numbers into the table: connections that are not freed, and those of them in their handshake.
#[unsafe(no_mangle)]
extern "C" fn endpoint_counts(endpoint: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        parts.areas.numbers[0] = parts.endpoint.size() as u32;
        parts.areas.numbers[1] = parts.endpoint.half_open() as u32;
        Ok(0)
    })
}

/// Dials `peer`, any number that the host knows it by. Returns the id of the connection.
#[unsafe(no_mangle)]
extern "C" fn endpoint_connect(endpoint: u32, now: f64, peer: u32) -> i32 {
    with_engine(|engine| {
        to_abi((|| {
            let id = engine.next_id();
            let now = engine.clock.set(now);
            engine.parts(endpoint)?.endpoint.connect(now, peer, id)?;
            engine.take_id(id);
            Ok(id)
        })())
    })
}

/// Handles one datagram from `peer`. Returns 0 ignored, 1 for a known connection, 2 began a connection,
/// 3 answered. The first number of the table is the id of the connection (1, 2) or the length of the
/// answer in the output area (3).
#[unsafe(no_mangle)]
extern "C" fn endpoint_receive(endpoint: u32, now: f64, peer: u32, length: u32) -> i32 {
    with_engine(|engine| {
        to_abi((|| {
            let fresh = engine.next_id();
            let now = engine.clock.set(now);
            let parts = engine.parts(endpoint)?;
            let datagram = parts.areas.received(length)?;
            let received = parts.endpoint.receive(now, peer, datagram, fresh, parts.scratch);
            let (kind, number) = match received {
                Received::Ignored => (0, 0),
                Received::Connection(id) => (1, id),
                Received::Accepted(id) => (2, id),
                Received::Reply => (3, parts.areas.put(parts.scratch)),
            };
            parts.areas.numbers[0] = number;
            if received == Received::Accepted(fresh) {
                engine.take_id(fresh);
            }
            Ok(kind)
        })())
    })
}

/// Frees a connection. Peers are told nothing: close it and wait for the drained event instead, if time
/// allows.
#[unsafe(no_mangle)]
extern "C" fn connection_free(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| parts.endpoint.free(connection).map(|()| 0))
}

/// Puts as many records of events as fit into the table (see `event.rs`) and returns how many. A full
/// table means: call again.
#[unsafe(no_mangle)]
extern "C" fn connection_poll(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let connection = parts.endpoint.settled(connection)?;
        let mut told = None;
        let mut count = 0;
        for record in parts.areas.numbers.chunks_exact_mut(RECORD) {
            // quinn says "readable" for every frame; once in a row is enough.
            let Some(event) =
                std::iter::from_fn(|| connection.next_event()).find(|event| Some(event) != told.as_ref())
            else {
                break;
            };
            record.copy_from_slice(&event.encode());
            told = Some(event);
            count += 1;
        }
        Ok(count)
    })
}

/// Puts the explanation of the loss into the output area and returns its length.
#[unsafe(no_mangle)]
extern "C" fn connection_loss_text(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let connection = parts.endpoint.connection(connection)?;
        Ok(parts.areas.put(connection.loss_text()))
    })
}

/// When `connection_handle_timeout` wants to be called, in microseconds; negative for never.
#[unsafe(no_mangle)]
extern "C" fn connection_timeout(endpoint: u32, connection: u32) -> f64 {
    with_engine(|engine| {
        let Ok(parts) = engine.parts(endpoint) else { return -1.0 };
        let deadline = parts.endpoint.connection(connection).ok().and_then(Connection::timeout);
        deadline.map_or(-1.0, |deadline| parts.clock.micros(deadline))
    })
}

/// Does what is due.
#[unsafe(no_mangle)]
extern "C" fn connection_handle_timeout(endpoint: u32, connection: u32, now: f64) -> i32 {
    on_endpoint(endpoint, |parts| {
        let now = parts.clock.set(now);
        parts.endpoint.connection(connection)?.handle_timeout(now);
        Ok(0)
    })
}

/// Fills the first `capacity` bytes of the output area with at most `most` datagrams, each behind
/// `headroom` free bytes, and the table with their lengths. Returns how many, and [`MORE`] where the area
/// or the count was used up before the connection was done.
#[unsafe(no_mangle)]
extern "C" fn connection_transmit(
    endpoint: u32,
    connection: u32,
    now: f64,
    headroom: u32,
    capacity: u32,
    most: u32,
) -> i32 {
    on_endpoint(endpoint, |parts| {
        let now = parts.clock.set(now);
        let connection = parts.endpoint.settled(connection)?;
        let batch = Batch {
            headroom: (headroom as usize).min(OUTPUT_CAPACITY),
            capacity: capacity as usize,
            most: most as usize,
        };
        let (count, more) = connection.transmit(now, &batch, parts.areas, parts.scratch);
        Ok(count as u32 | if more { MORE } else { 0 })
    })
}

/// Opens the gate: the host trusts the peer. [`Status::Blocked`] before the connected event.
#[unsafe(no_mangle)]
extern "C" fn connection_approve(endpoint: u32, connection: u32) -> i32 {
    on_connection(endpoint, connection, |connection| connection.approve().map(|()| 0))
}

/// Closes with a code of the application and the reason in the input area.
#[unsafe(no_mangle)]
extern "C" fn connection_close(endpoint: u32, connection: u32, now: f64, code: u32, length: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let now = parts.clock.set(now);
        let reason = parts.areas.received(length)?;
        parts.endpoint.connection(connection)?.close(now, code, reason);
        Ok(0)
    })
}

/// Puts the peer's certificates into the output area, the lengths into the table; returns how many.
#[unsafe(no_mangle)]
extern "C" fn connection_peer_chain(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let chain = parts.endpoint.connection(connection)?.peer_chain();
        let bytes = chain.iter().flat_map(|certificate| certificate.iter().copied()).collect::<Vec<u8>>();
        if bytes.len() > OUTPUT_CAPACITY || chain.len() > parts.areas.numbers.len() {
            return Err(Status::Refused);
        }
        parts.areas.put(&bytes);
        for (length, certificate) in parts.areas.numbers.iter_mut().zip(&chain) {
            *length = certificate.len() as u32;
        }
        Ok(chain.len() as u32)
    })
}

/// Puts the protocol that both ends settled on into the output area; returns its length.
#[unsafe(no_mangle)]
extern "C" fn connection_protocol(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let protocol = parts.endpoint.connection(connection)?.protocol();
        Ok(parts.areas.put(&protocol))
    })
}

/// Puts six wide numbers into the table, see [`Connection::statistics`].
#[unsafe(no_mangle)]
extern "C" fn connection_statistics(endpoint: u32, connection: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let statistics = parts.endpoint.connection(connection)?.statistics();
        parts.areas.put_wide(&statistics);
        Ok(0)
    })
}

/// Opens a stream; returns its id. [`Status::Blocked`] until the peer allows one.
#[unsafe(no_mangle)]
extern "C" fn stream_open(endpoint: u32, connection: u32) -> i32 {
    on_connection(endpoint, connection, streams::open)
}

/// Takes the next stream that the peer opened; returns its id. [`Status::Blocked`] where there is none.
#[unsafe(no_mangle)]
extern "C" fn stream_accept(endpoint: u32, connection: u32) -> i32 {
    on_connection(endpoint, connection, streams::accept)
}

/// Writes from the input area; returns how many bytes were taken, 0 while blocked.
#[unsafe(no_mangle)]
extern "C" fn stream_write(endpoint: u32, connection: u32, stream: u32, length: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let bytes = parts.areas.received(length)?;
        let outcome = streams::write(parts.endpoint.connection(connection)?, stream, bytes);
        outcome.map_err(|stop| told(parts, stop))
    })
}

/// Ends our direction of a stream.
#[unsafe(no_mangle)]
extern "C" fn stream_finish(endpoint: u32, connection: u32, stream: u32) -> i32 {
    on_connection(endpoint, connection, |connection| streams::finish(connection, stream).map(|()| 0))
}

/// Gives up our direction of a stream.
#[unsafe(no_mangle)]
extern "C" fn stream_reset(endpoint: u32, connection: u32, stream: u32, code: u32) -> i32 {
    on_connection(endpoint, connection, |connection| streams::reset(connection, stream, code).map(|()| 0))
}

/// Asks the peer to give up its direction of a stream.
#[unsafe(no_mangle)]
extern "C" fn stream_stop_sending(endpoint: u32, connection: u32, stream: u32, code: u32) -> i32 {
    on_connection(endpoint, connection, |connection| {
        streams::stop_sending(connection, stream, code).map(|()| 0)
    })
}

/// Reads at most `capacity` bytes into the output area; returns how many, and [`FINISHED`].
#[unsafe(no_mangle)]
extern "C" fn stream_read(endpoint: u32, connection: u32, stream: u32, capacity: u32) -> i32 {
    on_endpoint(endpoint, |parts| {
        let target = match parts.areas.output.get_mut(..capacity as usize) {
            Some(target) if !target.is_empty() => target,
            _ => return Err(Status::InvalidArgument),
        };
        match streams::read(parts.endpoint.connection(connection)?, stream, target) {
            Ok(read) => Ok(read.count as u32 | if read.finished { FINISHED } else { 0 }),
            Err(stop) => Err(told(parts, stop)),
        }
    })
}

/// Panics. For tests of what a host does about it; nothing else calls it.
#[unsafe(no_mangle)]
extern "C" fn provoke_trap() {
    panic!("provoked by a test");
}

fn on_endpoint(endpoint: u32, work: impl FnOnce(&mut Parts<'_>) -> Outcome<u32>) -> i32 {
    with_engine(|engine| to_abi(engine.parts(endpoint).and_then(|mut parts| work(&mut parts))))
}

fn on_connection(endpoint: u32, connection: u32, work: impl FnOnce(&mut Connection) -> Outcome<u32>) -> i32 {
    on_endpoint(endpoint, |parts| work(parts.endpoint.connection(connection)?))
}

// The code goes beside the status, into the table.
fn told(parts: &mut Parts<'_>, stop: Stop) -> Status {
    parts.areas.put_wide(&[stop.code]);
    stop.status
}
