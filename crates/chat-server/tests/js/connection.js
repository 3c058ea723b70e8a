// A connection by the stock client, as every page of ours makes it.
'use strict';

const { io } = require('socket.io-client');

/**
 * `auth` is asked anew at each handshake, so that a token that came meanwhile is used.
 * Reconnecting is the client's own; only its pauses are shorter than usual, for the tests' sake.
 */
function connect(url, transports, auth) {
  return io(url, {
    transports,
    auth: (give) => give(auth()),
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 400,
    timeout: 5000,
  });
}

/** The acknowledgement of an event, or `null`: the connection broke or nothing came in time. */
async function ask(socket, event, payload, millis = 15000) {
  try {
    return await socket.timeout(millis).emitWithAck(event, payload);
  } catch {
    return null;
  }
}

module.exports = { ask, connect };
