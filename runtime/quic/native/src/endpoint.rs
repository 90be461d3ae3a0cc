//! One endpoint: a listener with its connections, or a dialler with the connection it dials.

use crate::connection::Connection;
use crate::parameters::{Parameters, Role};
use crate::status::{Outcome, Status};
use crate::{tls, transport};
use bytes::BytesMut;
use quinn_proto::{self as quinn, ConnectError, ConnectionHandle, DatagramEvent, Incoming, NoneTokenStore};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Stands for every peer in a handshake. It is never sent, because SNI is off.
const ANY_SERVER: &str = "peer";
/// Bytes. RFC 9000, 18.2: the largest payload that UDP can carry.
const LARGEST_DATAGRAM: usize = 65_527;

/// What became of a received datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It was not for us, or not worth an answer.
    Ignored,
    /// It went to a connection that is already known.
    Connection(u32),
    /// It began a connection.
    Accepted(u32),
    /// It began none, and the bytes in the scratch buffer should go back.
    Reply,
}

/// quinn's endpoint, its connections by the ids that the host knows, and its limits.
pub struct Endpoint {
    quinn: quinn::Endpoint,
    client: Option<quinn::ClientConfig>,
    connections: BTreeMap<u32, Connection>,
    ids: BTreeMap<ConnectionHandle, u32>,
    /// Accepted connections that were in their handshake when last looked at.
    handshaking: BTreeSet<u32>,
    limits: Limits,
}

struct Limits {
    half_open: usize,
    connections: usize,
    handshake: Duration,
    largest_datagram: usize,
}

impl Endpoint {
    /// An endpoint of these settings. [`Status::Refused`] where rustls does not like them.
    pub fn new(parameters: &Parameters) -> Outcome<Self> {
        let limits = Limits {
            half_open: parameters.half_open as usize,
            connections: parameters.connections as usize,
            handshake: Duration::from_millis(parameters.handshake_timeout.into()),
            largest_datagram: parameters.largest_datagram(),
        };
        let (client, server) = match parameters.role {
            Role::Dialler => (Some(client(parameters)?), None),
            Role::Listener => (None, Some(server(parameters)?)),
        };
        let discovers = parameters.discovery_limit > 0;
        Ok(Self {
            quinn: quinn::Endpoint::new(transport::endpoint(parameters), server, discovers, None),
            client,
            connections: BTreeMap::new(),
            ids: BTreeMap::new(),
            handshaking: BTreeSet::new(),
            limits,
        })
    }

    /// Begins a handshake with `peer`.
    pub fn connect(&mut self, now: Instant, peer: u32, id: u32) -> Outcome<()> {
        let config = self.client.clone().ok_or(Status::WrongRole)?;
        if self.connections.len() >= self.limits.connections {
            return Err(Status::TooManyConnections);
        }
        match self.quinn.connect(now, config, address(peer), ANY_SERVER) {
            Ok((handle, connection)) => {
                self.add(now, id, handle, connection);
                Ok(())
            }
            Err(ConnectError::CidsExhausted) => Err(Status::TooManyConnections),
            Err(_) => Err(Status::Refused),
        }
    }

    /// Handles one datagram. A connection that it begins gets the id `fresh`.
    pub fn receive(
        &mut self,
        now: Instant,
        peer: u32,
        bytes: &[u8],
        fresh: u32,
        reply: &mut Vec<u8>,
    ) -> Received {
        if bytes.is_empty() || bytes.len() > LARGEST_DATAGRAM {
            return Received::Ignored;
        }
        reply.clear();
        let datagram = BytesMut::from(bytes);
        match self.quinn.handle(now, address(peer), None, None, datagram, reply) {
            None => Received::Ignored,
            Some(DatagramEvent::Response(_)) => Received::Reply,
            Some(DatagramEvent::NewConnection(incoming)) => self.accept(now, incoming, fresh, reply),
            Some(DatagramEvent::ConnectionEvent(handle, event)) => {
                let Some((id, connection)) = self.by_handle(handle) else {
                    return Received::Ignored;
                };
                connection.quinn.handle_event(event);
                Received::Connection(id)
            }
        }
    }

    // Beyond the bound of handshakes an Initial is dropped without an answer: an honest dialler sends it
    // again a little later. Beyond the bound of connections it is refused, because waiting would not help.
    fn accept(&mut self, now: Instant, incoming: Incoming, id: u32, reply: &mut Vec<u8>) -> Received {
        if self.connections.len() >= self.limits.connections {
            let _in_reply = self.quinn.refuse(incoming, reply);
            return Received::Reply;
        }
        if self.handshaking.len() >= self.limits.half_open && self.half_open() >= self.limits.half_open {
            self.quinn.ignore(incoming);
            return Received::Ignored;
        }
        match self.quinn.accept(incoming, now, reply, None) {
            Ok((handle, connection)) => {
                self.add(now, id, handle, connection);
                self.handshaking.insert(id);
                Received::Accepted(id)
            }
            Err(error) if error.response.is_some() => Received::Reply,
            Err(_) => Received::Ignored,
        }
    }

    fn add(&mut self, now: Instant, id: u32, handle: ConnectionHandle, connection: quinn::Connection) {
        let deadline = now + self.limits.handshake;
        let connection = Connection::new(handle, connection, deadline, self.limits.largest_datagram);
        self.connections.insert(id, connection);
        self.ids.insert(handle, id);
    }

    /// Accepted connections that are still in their handshake.
    pub fn half_open(&mut self) -> usize {
        let connections = &self.connections;
        self.handshaking.retain(|id| connections.get(id).is_some_and(Connection::is_handshaking));
        self.handshaking.len()
    }

    /// Connections that the host has not freed yet.
    pub fn size(&self) -> usize {
        self.connections.len()
    }

    /// Whether a connection has this id.
    pub fn knows(&self, id: u32) -> bool {
        self.connections.contains_key(&id)
    }

    /// A connection by the host's id.
    pub fn connection(&mut self, id: u32) -> Outcome<&mut Connection> {
        self.connections.get_mut(&id).ok_or(Status::NotFound)
    }

    /// A connection after it has settled its business with quinn's endpoint: before events are read and
    /// before datagrams are sent.
    pub fn settled(&mut self, id: u32) -> Outcome<&mut Connection> {
        let connection = self.connections.get_mut(&id).ok_or(Status::NotFound)?;
        if connection.settle(&mut self.quinn) {
            self.ids.remove(&connection.handle());
        }
        Ok(connection)
    }

    /// Forgets a connection at once, without a word to the peer.
    pub fn free(&mut self, id: u32) -> Outcome<()> {
        let connection = self.connections.remove(&id).ok_or(Status::NotFound)?;
        let handle = connection.handle();
        if self.ids.get(&handle) == Some(&id) {
            self.ids.remove(&handle);
            connection.abandon(&mut self.quinn);
        }
        Ok(())
    }

    fn by_handle(&mut self, handle: ConnectionHandle) -> Option<(u32, &mut Connection)> {
        let id = *self.ids.get(&handle)?;
        Some((id, self.connections.get_mut(&id)?))
    }
}

fn client(parameters: &Parameters) -> Outcome<quinn::ClientConfig> {
    let mut config = quinn::ClientConfig::new(tls::client(parameters)?);
    config.transport_config(transport::transport(parameters));
    // Tokens would spare a later handshake an address check that no path of ours needs.
    config.token_store(Arc::new(NoneTokenStore));
    Ok(config)
}

fn server(parameters: &Parameters) -> Outcome<Arc<quinn::ServerConfig>> {
    let mut config = quinn::ServerConfig::with_crypto(tls::server(parameters)?);
    config.transport_config(transport::transport(parameters));
    config.migration(false);
    // An Initial is accepted or dropped in the same call, so nothing ever waits.
    config.max_incoming(1).incoming_buffer_size(0).incoming_buffer_size_total(0);
    Ok(Arc::new(config))
}

// quinn wants socket addresses; the host has small integers. fd00::/8 is private (RFC 4193), and no
// packet ever goes there.
fn address(peer: u32) -> SocketAddr {
    let high = (peer >> 16) as u16;
    let low = peer as u16;
    SocketAddr::new(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, high, low).into(), 1)
}
