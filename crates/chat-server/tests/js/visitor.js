// What a visitor's page does: it keeps what it has not been acknowledged and sends it again with the same
// `clientMessageId`; it keeps the last `seq` and asks for the rest after a break.
'use strict';

const { randomUUID } = require('node:crypto');
const { ask, connect } = require('./connection');
const { sleep } = require('./lines');

class Visitor {
  /** `auth`: `{token}` or `{guestToken}`; without either he is a new guest. */
  constructor(url, { transports = ['websocket'], auth = {} } = {}) {
    this.auth = auth;
    /** By `seq`. */
    this.messages = new Map();
    /** Up to here nothing is missing. */
    this.last = 0;
    this.sent = [];
    this.isOpen = false;
    /** What he says and is not acknowledged: it may be stored all the same. */
    this.inFlight = 0;
    this.pushed = 0;
    /** What must never happen, by name; and what may, for the test to know that it did. */
    this.faults = [];
    this.codes = {};
    this.refusals = {};
    this.breaks = 0;
    this.waiters = [];
    this.socket = connect(url, transports, () => this.auth);
    this.socket.on('connect', () => this.open());
    this.socket.on('disconnect', () => {
      this.isOpen = false;
      this.breaks += 1;
    });
    this.socket.on('connect_error', (error) => this.refused(error));
    this.socket.on('message', (message) => this.push(message));
  }

  /** The server's refusal of a handshake: the stock client tries again only where the transport failed. */
  async refused(error) {
    this.refusals[error.message] = (this.refusals[error.message] ?? 0) + 1;
    if (!this.socket.active) {
      await sleep(200);
      this.socket.connect();
    }
  }

  /** Opens the conversation, or catches up with it. */
  async open() {
    const { socket } = this;
    const connection = socket.id;
    this.pushed = 0;
    while (socket.connected && socket.id === connection) {
      const before = this.last;
      const answer = await ask(socket, 'conversation:open', before > 0 ? { after: before } : {});
      if (socket.id !== connection) {
        return;
      }
      if (answer?.ok) {
        if (answer.guestToken) {
          this.auth = { guestToken: answer.guestToken };
        }
        this.conversation = answer.conversation;
        this.hours = answer.hours;
        this.checkReplay(answer.messages, before);
        answer.messages.forEach((message) => this.keep(message));
        // Long absences come page by page.
        if (!answer.hasMore) {
          this.isOpen = true;
          this.wake();
          return;
        }
      } else {
        await this.refusal(answer);
      }
    }
  }

  checkReplay(messages, after) {
    messages.forEach((message, index) => {
      const previous = index === 0 ? message.seq - 1 : messages[index - 1].seq;
      if (message.seq !== previous + 1 || (after > 0 && message.seq <= after)) {
        this.faults.push(`replay after ${after}: ${previous} then ${message.seq}`);
      }
    });
    if (messages.length > 0 && after === 0 && this.messages.size === 0) {
      this.last = messages[0].seq - 1;
    }
  }

  /** Said by somebody else, or from another device. */
  push(message) {
    if (message.seq <= this.pushed) {
      this.faults.push(`pushed ${message.seq} after ${this.pushed}`);
    }
    this.pushed = message.seq;
    const known = this.messages.has(message.seq);
    this.keep(message);
    if (!this.isOpen) {
      return;
    }
    if (known) {
      this.faults.push(`pushed ${message.seq} twice`);
    }
    // Our own message comes back in its acknowledgement.
    const missing = message.seq - this.last - this.above(message.seq);
    if (missing > this.inFlight) {
      this.faults.push(`pushed ${message.seq} where ${this.last + 1} is missing`);
    }
  }

  above(seq) {
    let count = 0;
    for (let at = this.last + 1; at <= seq; at += 1) {
      count += this.messages.has(at) ? 1 : 0;
    }
    return count;
  }

  keep(message) {
    const known = this.messages.get(message.seq);
    if (known && (known.id !== message.id || known.text !== message.text)) {
      this.faults.push(`two messages are ${message.seq}`);
    }
    this.messages.set(message.seq, message);
    while (this.messages.has(this.last + 1)) {
      this.last += 1;
    }
    this.wake();
  }

  /** Sends until it is acknowledged; the message as it is stored. */
  async say(text, clientMessageId = randomUUID()) {
    this.inFlight += 1;
    for (;;) {
      await this.until(() => this.isOpen);
      const answer = await ask(this.socket, 'message:send', { clientMessageId, text });
      if (answer?.ok) {
        this.keep(answer.message);
        this.inFlight -= 1;
        this.sent.push({ id: clientMessageId, text, seq: answer.message.seq });
        return answer.message;
      }
      await this.refusal(answer);
    }
  }

  /** Waits as long as an answer asks for. */
  async refusal(answer) {
    const code = answer?.code ?? 'no_answer';
    this.codes[code] = (this.codes[code] ?? 0) + 1;
    if (answer && !(answer.retryAfterMs > 0)) {
      throw new Error(`refused for good: ${JSON.stringify(answer)}`);
    }
    await sleep(answer?.retryAfterMs ?? 50);
  }

  wake() {
    this.waiters = this.waiters.filter(({ holds, resolve }) => {
      if (holds()) {
        resolve();
        return false;
      }
      return true;
    });
  }

  /** Resolves when something holds that only a message or an opening can bring about. */
  until(holds) {
    return holds() ? Promise.resolve() : new Promise((resolve) => this.waiters.push({ holds, resolve }));
  }

  /** Everything that was seen, for the test to judge. */
  report() {
    const messages = [...this.messages.values()].sort((one, other) => one.seq - other.seq);
    const { sent, faults, codes, refusals, breaks, last, conversation } = this;
    return { sent, messages, faults, codes, refusals, breaks, last, conversation };
  }
}

module.exports = { Visitor };
