// One socket that asks for many things at once, slow and quick ones mixed, and waits for nothing.
// Options: url, transports, events.
'use strict';

const { randomUUID } = require('node:crypto');
const { main, tell } = require('./lines');
const { Visitor } = require('./visitor');

/** A message is synced to disk, a page is read, and `typing` takes no time at all: out of turn it would overtake. */
function event(n) {
  switch (n % 10) {
    case 0:
      return ['message:send', { clientMessageId: randomUUID(), text: `${n}` }];
    case 5:
      return ['history:page', { before: 1, limit: 1 }];
    default:
      return ['typing', { on: n % 2 === 0 }];
  }
}

main(async ({ url, transports, events }) => {
  const visitor = new Visitor(url, { transports });
  await visitor.until(() => visitor.isOpen);
  const answers = [];
  await new Promise((resolve) => {
    for (let n = 0; n < events; n += 1) {
      visitor.socket.emit(...event(n), ({ ok, code, message }) => {
        answers.push({ n, ok, code, seq: ok ? message?.seq : null });
        if (answers.length === events) {
          resolve();
        }
      });
    }
  });
  tell('done', { answers, breaks: visitor.breaks, transport: visitor.socket.io.engine.transport.name });
});
