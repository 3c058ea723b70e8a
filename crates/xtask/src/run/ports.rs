//! The ports of everything that `run` starts, found free before anything is started.

use anyhow::{Context, bail};

/// How far a server's operations port is above its own.
const OPERATIONS: u16 = 100;

/// TCP ports of 127.0.0.1.
#[derive(Debug)]
pub(super) struct Ports {
    pub(super) web: u16,
    pub(super) web_ops: u16,
    pub(super) chat: u16,
    pub(super) chat_ops: u16,
    /// Any: only our own processes have to find it.
    pub(super) simulator: u16,
}

impl Ports {
    /// Derives the operations ports and checks that no port is used twice or taken by somebody else.
    pub(super) fn new(web: u16, chat: u16) -> anyhow::Result<Self> {
        let web_ops = operations("--web-port", web)?;
        let chat_ops = operations("--chat-port", chat)?;
        let ours = [
            ("the REST API", web, "--web-port"),
            ("the REST API's operations", web_ops, "--web-port"),
            ("the chat", chat, "--chat-port"),
            ("the chat's operations", chat_ops, "--chat-port"),
        ];
        for (index, (what, port, option)) in ours.iter().enumerate() {
            if let Some((other, ..)) = ours.iter().take(index).find(|(_, taken, _)| taken == port) {
                bail!("port {port} would serve {other} and {what}: choose another {option}");
            }
            if !test_kit::ports::is_free(*port) {
                bail!(
                    "port {port}, for {what}, is in use by another program: stop that, or choose another {option}"
                );
            }
        }
        let simulator = test_kit::free_port()?;
        Ok(Self {
            web,
            web_ops,
            chat,
            chat_ops,
            simulator,
        })
    }
}

fn operations(option: &str, port: u16) -> anyhow::Result<u16> {
    if port == 0 {
        bail!(
            "{option} is 0: choose a port from 1 to {}",
            u16::MAX - OPERATIONS
        );
    }
    port.checked_add(OPERATIONS).with_context(|| {
        format!("{option} {port} leaves no room for the operations port one hundred above")
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn operations_ports_are_one_hundred_above() {
        let (web, chat) = (
            test_kit::free_port().unwrap(),
            test_kit::free_port().unwrap(),
        );
        let ports = Ports::new(web, chat).unwrap();
        assert_eq!((ports.web_ops, ports.chat_ops), (web + 100, chat + 100));
    }

    #[test]
    fn a_port_in_use_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap().port();
        let error = Ports::new(test_kit::free_port().unwrap(), taken)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&taken.to_string()) && error.contains("--chat-port"),
            "{error}"
        );
    }

    #[test]
    fn a_port_is_not_used_twice() {
        let web = test_kit::free_port().unwrap();
        assert!(Ports::new(web, web + 100).is_err());
        assert!(Ports::new(web, web).is_err());
    }

    #[test]
    fn ports_without_room_above_are_refused() {
        assert!(Ports::new(65_500, test_kit::free_port().unwrap()).is_err());
        assert!(Ports::new(0, test_kit::free_port().unwrap()).is_err());
    }
}
