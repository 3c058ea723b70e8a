//! A TCP proxy between a client and its server that delays, swallows or cuts on demand.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Pass,
    Delay(Duration),
    Blackhole,
    Refuse,
    Stopped,
}

#[derive(Debug)]
struct State {
    mode: Mode,
    /// Both ends of each connection, by the order in which they came.
    open: BTreeMap<u64, [TcpStream; 2]>,
    next: u64,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// A proxy on a port of its own. `Drop` closes it and every connection through it.
#[derive(Debug)]
pub struct CutProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl CutProxy {
    /// Opens a port of 127.0.0.1 that leads to `upstream`.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let state = Mutex::new(State {
            mode: Mode::Pass,
            open: BTreeMap::new(),
            next: 0,
        });
        let shared = Arc::new(Shared {
            state,
            changed: Condvar::new(),
        });
        let ours = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, upstream, &ours));
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// The port of 127.0.0.1 that clients connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Lets everything through again, also what waited in a black hole.
    pub fn pass(&self) {
        self.shared.set(Mode::Pass);
    }

    /// Holds every piece of data, in each direction, for this long.
    pub fn delay(&self, length: Duration) {
        self.shared.set(Mode::Delay(length));
    }

    /// Keeps connections open, accepts new ones, and lets nothing through.
    pub fn blackhole(&self) {
        self.shared.set(Mode::Blackhole);
    }

    /// Closes the connections that are open now. New ones are treated as before.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// Closes one of the connections that are open now, whatever is on its way; `pick` chooses, modulo their number.
    pub fn cut_one(&self, pick: usize) {
        self.shared.cut_one(pick);
    }

    /// Closes the connections that are open now, and every new one at once.
    pub fn refuse(&self) {
        self.shared.set(Mode::Refuse);
        self.shared.cut();
    }
}

impl Drop for CutProxy {
    fn drop(&mut self) {
        self.shared.set(Mode::Stopped);
        self.shared.cut();
        // The acceptor sits in accept(): one more connection lets it see that it is over.
        drop(TcpStream::connect_timeout(&self.address, CONNECT_LIMIT));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, mode: Mode) {
        self.lock().mode = mode;
        self.changed.notify_all();
    }

    fn cut(&self) {
        let open = std::mem::take(&mut self.lock().open);
        open.into_values().for_each(shut);
    }

    fn cut_one(&self, pick: usize) {
        let mut state = self.lock();
        let place = pick.checked_rem(state.open.len()).unwrap_or_default();
        let chosen = state.open.keys().nth(place).copied();
        if let Some(streams) = chosen.and_then(|number| state.open.remove(&number)) {
            shut(streams);
        }
    }

    fn add(&self, streams: [TcpStream; 2]) -> u64 {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.open.insert(number, streams);
        number
    }

    /// Waits out a black hole, and tells what to do with a piece of data that has come.
    fn mode_for_data(&self) -> Mode {
        let state = self
            .changed
            .wait_while(self.lock(), |state| state.mode == Mode::Blackhole)
            .unwrap_or_else(PoisonError::into_inner);
        state.mode
    }
}

fn shut(streams: [TcpStream; 2]) {
    for stream in streams {
        drop(stream.shutdown(Shutdown::Both));
    }
}

fn accept(listener: &TcpListener, upstream: SocketAddr, shared: &Arc<Shared>) {
    for client in listener.incoming() {
        let mode = shared.lock().mode;
        match (mode, client) {
            (Mode::Stopped, _) => return,
            (Mode::Pass | Mode::Delay(_) | Mode::Blackhole, Ok(client)) => {
                // A server that is down looks to the client as it would without us: closed at once.
                drop(join(client, upstream, shared));
            }
            (Mode::Refuse, _) | (_, Err(_)) => {}
        }
    }
}

fn join(client: TcpStream, upstream: SocketAddr, shared: &Arc<Shared>) -> io::Result<()> {
    let server = TcpStream::connect_timeout(&upstream, CONNECT_LIMIT)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let number = shared.add([client.try_clone()?, server.try_clone()?]);
    pump(
        client.try_clone()?,
        server.try_clone()?,
        Arc::clone(shared),
        number,
    );
    pump(server, client, Arc::clone(shared), number);
    Ok(())
}

fn pump(mut from: TcpStream, mut to: TcpStream, shared: Arc<Shared>, number: u64) {
    thread::spawn(move || {
        let mut buffer = vec![0_u8; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            match shared.mode_for_data() {
                Mode::Delay(wait) => thread::sleep(wait),
                Mode::Pass | Mode::Blackhole => {}
                Mode::Refuse | Mode::Stopped => break,
            }
            let piece = buffer.get(..length).unwrap_or_default();
            if to.write_all(piece).is_err() {
                break;
            }
        }
        shut([from, to]);
        shared.lock().open.remove(&number);
    });
}
