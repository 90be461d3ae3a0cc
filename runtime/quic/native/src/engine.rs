//! The one global.
//!
//! A C ABI has no `self`, so the state of the instance must be found somehow. There is one engine for one
//! instance, and WebAssembly runs it on one thread; a thread-local cell is therefore the whole of it, and
//! needs no `unsafe`. If an import ever entered the engine again, the cell's borrow would panic, the panic
//! traps, and the host marks the instance dead: better than two hands in the same state.

use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::memory::Areas;
use crate::status::{Outcome, Status};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Ids pass the border as positive numbers of 32 bits with a sign.
const LAST_ID: u32 = i32::MAX as u32;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::new());
}

/// Everything that an instance holds.
pub struct Engine {
    /// The border's memory.
    pub areas: Areas,
    /// Where quinn writes a single datagram.
    pub scratch: Vec<u8>,
    /// The host's time.
    pub clock: Clock,
    endpoints: BTreeMap<u32, Endpoint>,
    last_id: u32,
    has_wrapped: bool,
}

impl Engine {
    fn new() -> Self {
        Self {
            areas: Areas::new(),
            scratch: Vec::new(),
            clock: Clock::new(),
            endpoints: BTreeMap::new(),
            last_id: 0,
            has_wrapped: false,
        }
    }

    /// The id that the next endpoint or connection will get. An id is not used again before all others
    /// were, so that one that the host kept too long finds nothing instead of something else.
    pub fn next_id(&self) -> u32 {
        let mut id = successor(self.last_id);
        // Asked for with every datagram, so the search begins only once all ids were used.
        while self.has_wrapped && self.is_taken(id) {
            id = successor(id);
        }
        id
    }

    /// Says that the id was given away.
    pub fn take_id(&mut self, id: u32) {
        self.has_wrapped |= id == LAST_ID;
        self.last_id = id;
    }

    fn is_taken(&self, id: u32) -> bool {
        self.endpoints.contains_key(&id) || self.endpoints.values().any(|endpoint| endpoint.knows(id))
    }

    /// Keeps an endpoint and returns its id.
    pub fn add(&mut self, endpoint: Endpoint) -> u32 {
        let id = self.next_id();
        self.take_id(id);
        self.endpoints.insert(id, endpoint);
        id
    }

    /// Drops an endpoint and its connections, without a word to any peer.
    pub fn remove(&mut self, id: u32) -> Outcome<()> {
        self.endpoints.remove(&id).map(drop).ok_or(Status::NotFound)
    }

    /// An endpoint together with the rest of the engine.
    pub fn parts(&mut self, id: u32) -> Outcome<Parts<'_>> {
        let endpoint = self.endpoints.get_mut(&id).ok_or(Status::NotFound)?;
        Ok(Parts { endpoint, areas: &mut self.areas, scratch: &mut self.scratch, clock: &mut self.clock })
    }
}

/// An endpoint and what its operations need besides.
pub struct Parts<'a> {
    /// The endpoint asked for.
    pub endpoint: &'a mut Endpoint,
    /// The border's memory.
    pub areas: &'a mut Areas,
    /// Where quinn writes a single datagram.
    pub scratch: &'a mut Vec<u8>,
    /// The host's time.
    pub clock: &'a mut Clock,
}

fn successor(id: u32) -> u32 {
    if id == LAST_ID { 1 } else { id + 1 }
}

/// Runs `work` on the engine of this instance.
pub fn with_engine<T>(work: impl FnOnce(&mut Engine) -> T) -> T {
    ENGINE.with_borrow_mut(work)
}
