//! One connection: its events, its timer, its outgoing datagrams, and the gate before its streams.

use crate::event::{Event, Loss, LossKind};
use crate::memory::{Areas, MAX_BATCH};
use crate::status::{Outcome, Status};
use bytes::Bytes;
use quinn_proto::crypto::rustls::HandshakeData;
use quinn_proto::{self as quinn, ConnectionHandle, EndpointEvent, StreamEvent, VarInt};
use rustls::pki_types::CertificateDer;
use std::collections::VecDeque;
use std::time::Instant;

/// Sent to a peer that does not finish its handshake in time. RFC 9000, 20.2: application codes are free.
const HANDSHAKE_TIMED_OUT: &[u8] = b"handshake timed out";

/// A batch of datagrams, as the host wants it.
pub struct Batch {
    /// Bytes to leave free in front of each datagram.
    pub headroom: usize,
    /// Bytes of the output area to fill at most.
    pub capacity: usize,
    /// Datagrams at most.
    pub most: usize,
}

/// A QUIC connection and what the host has decided about it.
pub struct Connection {
    pub(crate) quinn: quinn::Connection,
    handle: ConnectionHandle,
    /// When an unfinished handshake is given up.
    deadline: Instant,
    /// Bytes of the largest datagram that it can ever send.
    largest: usize,
    gate: Gate,
    /// Events that our own handling made, told before those of quinn.
    made: VecDeque<Event>,
    loss_text: Vec<u8>,
    drained_told: bool,
}

/// Application data passes only after the host has approved the peer.
enum Gate {
    /// What happened to streams meanwhile, each thing once.
    Shut {
        held: VecDeque<Event>,
    },
    Open,
}

impl Connection {
    /// Wraps a new connection, whose gate is shut.
    pub fn new(
        handle: ConnectionHandle,
        quinn: quinn::Connection,
        deadline: Instant,
        largest: usize,
    ) -> Self {
        Self {
            quinn,
            handle,
            deadline,
            largest,
            gate: Gate::Shut { held: VecDeque::new() },
            made: VecDeque::new(),
            loss_text: Vec::new(),
            drained_told: false,
        }
    }

    /// quinn's name of the connection.
    pub fn handle(&self) -> ConnectionHandle {
        self.handle
    }

    /// Whether the handshake is still running.
    pub fn is_handshaking(&self) -> bool {
        self.quinn.is_handshaking()
    }

    /// Lets quinn's endpoint and connection tell each other what they must. True once they never will again.
    pub fn settle(&mut self, endpoint: &mut quinn::Endpoint) -> bool {
        let mut over = false;
        while let Some(event) = self.quinn.poll_endpoint_events() {
            over |= event.is_drained();
            if let Some(answer) = endpoint.handle_event(self.handle, event) {
                self.quinn.handle_event(answer);
            }
        }
        over
    }

    /// Makes quinn's endpoint forget the connection, drained or not.
    pub fn abandon(mut self, endpoint: &mut quinn::Endpoint) {
        if !self.settle(endpoint) && !self.quinn.is_drained() {
            endpoint.handle_event(self.handle, EndpointEvent::drained());
        }
    }

    /// The next thing to tell the host.
    pub fn next_event(&mut self) -> Option<Event> {
        if let Some(event) = self.made.pop_front() {
            return Some(event);
        }
        while let Some(event) = self.quinn.poll() {
            if let Some(event) = self.translate(event) {
                return Some(event);
            }
        }
        if self.quinn.is_drained() && !self.drained_told {
            self.drained_told = true;
            return Some(Event::Drained);
        }
        None
    }

    fn translate(&mut self, event: quinn::Event) -> Option<Event> {
        match event {
            quinn::Event::Connected => Some(Event::Connected),
            quinn::Event::ConnectionLost { reason } => Loss::from_error(reason).map(|loss| self.lost(loss)),
            quinn::Event::Stream(event) => {
                let event = self.translate_stream(event);
                self.pass_gate(event)
            }
            quinn::Event::HandshakeDataReady
            | quinn::Event::DatagramReceived
            | quinn::Event::DatagramsUnblocked => None,
        }
    }

    fn translate_stream(&mut self, event: StreamEvent) -> Event {
        match event {
            StreamEvent::Opened { .. } => Event::StreamsOpened,
            StreamEvent::Available { .. } => Event::StreamsAvailable,
            StreamEvent::Readable { id } => Event::Readable(id),
            StreamEvent::Writable { id } => Event::Writable(id),
            StreamEvent::Finished { id } => Event::Finished(id),
            StreamEvent::Stopped { id, error_code } => {
                // RFC 9000, 3.5: a STOP_SENDING must be answered with a RESET_STREAM. A stream that has
                // already ended refuses, which is right too.
                let _already_ended = self.quinn.send_stream(id).reset(error_code);
                Event::Stopped(id, error_code.into_inner())
            }
        }
    }

    fn pass_gate(&mut self, event: Event) -> Option<Event> {
        match &mut self.gate {
            Gate::Open => Some(event),
            Gate::Shut { held } => {
                if !held.contains(&event) {
                    held.push_back(event);
                }
                None
            }
        }
    }

    fn lost(&mut self, loss: Loss) -> Event {
        self.loss_text = loss.text.clone();
        Event::Lost(loss)
    }

    /// Explanation that came with the loss, as the peer's or our own bytes.
    pub fn loss_text(&self) -> &[u8] {
        &self.loss_text
    }

    /// The host trusts the peer: application data may pass from now on.
    pub fn approve(&mut self) -> Outcome<()> {
        if self.quinn.is_handshaking() {
            return Err(Status::Blocked);
        }
        if let Gate::Shut { held } = &mut self.gate {
            self.made.append(held);
            self.gate = Gate::Open;
        }
        Ok(())
    }

    /// Fails as long as the host has not approved the peer.
    pub fn require_approval(&self) -> Outcome<()> {
        match self.gate {
            Gate::Open => Ok(()),
            Gate::Shut { .. } => Err(Status::NotApproved),
        }
    }

    /// Closes the connection with a code of the application. What is not acknowledged yet is lost.
    pub fn close(&mut self, now: Instant, code: u32, reason: &[u8]) {
        self.quinn.close(now, VarInt::from_u32(code), Bytes::copy_from_slice(reason));
    }

    /// When [`Connection::handle_timeout`] wants to be called.
    pub fn timeout(&mut self) -> Option<Instant> {
        let timer = self.quinn.poll_timeout();
        if !self.quinn.is_handshaking() {
            return timer;
        }
        Some(timer.map_or(self.deadline, |timer| timer.min(self.deadline)))
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.quinn.handle_timeout(now);
        if self.quinn.is_handshaking() && now >= self.deadline {
            self.close(now, 0, HANDSHAKE_TIMED_OUT);
            let event = self.lost(Loss::of(LossKind::TimedOut));
            self.made.push_back(event);
        }
    }

    /// Fills the output area with datagrams, each behind its headroom, and notes their lengths.
    /// Returns how many, and whether the area was full before the connection was done.
    pub fn transmit(
        &mut self,
        now: Instant,
        batch: &Batch,
        areas: &mut Areas,
        scratch: &mut Vec<u8>,
    ) -> (usize, bool) {
        let capacity = batch.capacity.min(areas.output.len());
        let most = batch.most.min(MAX_BATCH);
        let mut count = 0;
        let mut filled = 0;
        while count < most && filled + batch.headroom + self.largest <= capacity {
            scratch.clear();
            let Some(datagram) = self.quinn.poll_transmit(now, 1, scratch) else {
                return (count, false);
            };
            let start = filled + batch.headroom;
            // What stood here before may be a stream's plain text.
            areas.output[filled..start].fill(0);
            filled = start + datagram.size;
            areas.output[start..filled].copy_from_slice(&scratch[..datagram.size]);
            areas.numbers[count] = datagram.size as u32;
            count += 1;
        }
        (count, true)
    }

    /// The chain that the peer showed, leaf first. Empty where it showed none.
    pub fn peer_chain(&self) -> Vec<CertificateDer<'static>> {
        let identity = self.quinn.crypto_session().peer_identity();
        let chain = identity.and_then(|identity| identity.downcast::<Vec<CertificateDer<'static>>>().ok());
        chain.map_or_else(Vec::new, |chain| *chain)
    }

    /// The protocol that both ends settled on; empty before the handshake has come that far.
    pub fn protocol(&self) -> Vec<u8> {
        let data = self.quinn.crypto_session().handshake_data();
        let data = data.and_then(|data| data.downcast::<HandshakeData>().ok());
        data.and_then(|data| data.protocol).unwrap_or_default()
    }

    /// Datagrams sent and received, packets lost, congestion window in bytes, round trip in microseconds,
    /// and the size of a datagram in bytes.
    pub fn statistics(&self) -> [u64; 6] {
        let statistics = self.quinn.stats();
        [
            statistics.udp_tx.datagrams,
            statistics.udp_rx.datagrams,
            statistics.path.lost_packets,
            statistics.path.cwnd,
            statistics.path.rtt.as_micros() as u64,
            statistics.path.current_mtu.into(),
        ]
    }
}
