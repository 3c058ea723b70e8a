// A visitor who is in too much of a hurry, within the limits that everybody has.
// Options: url.
'use strict';

const { randomUUID } = require('node:crypto');
const { ask } = require('./connection');
const { main, sleep, tell } = require('./lines');
const { Visitor } = require('./visitor');

main(async ({ url }) => {
  const visitor = new Visitor(url);
  await visitor.until(() => visitor.isOpen);
  const send = (text) => ask(visitor.socket, 'message:send', { clientMessageId: randomUUID(), text });

  const long = await send('가'.repeat(2001));
  const fits = await send('가'.repeat(2000));
  // Four more make five; at once, so that three seconds are never over.
  const burst = await Promise.all(Array.from({ length: 12 }, (_, n) => send(`${n}`)));
  const refused = burst.find(({ ok }) => !ok);
  await sleep(refused.retryAfterMs);
  const patient = await send('기다린 뒤');

  // Five every three seconds, until it is the minute that holds him up.
  const minute = [];
  let wait = 0;
  while (wait <= 3000) {
    await sleep(wait);
    const answer = await send('하나 더');
    minute.push(answer);
    wait = answer.ok ? 0 : answer.retryAfterMs;
  }
  tell('done', { long, fits, burst, patient, minute, breaks: visitor.breaks });
});
