// A line of JSON each way: what the test asks on standard input, what happened on standard output.
'use strict';

const readline = require('node:readline');

/** Tells the test that something happened. */
function tell(event, more = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
}

const waiting = new Map();
const early = new Map();

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  const heard = waiting.get(order.do);
  if (heard) {
    waiting.delete(order.do);
    heard(order);
  } else {
    early.set(order.do, order);
  }
});

/** The test's order of this name, once it has come. */
function told(name) {
  const order = early.get(name);
  if (order) {
    early.delete(name);
    return Promise.resolve(order);
  }
  return new Promise((resolve) => waiting.set(name, resolve));
}

/** Ends once everything is told: a pipe takes 64 KiB at a time. */
function end(code) {
  process.stdout.write('', () => process.exit(code));
}

function fail(error) {
  tell('failed', { error: String(error?.stack ?? error) });
  end(1);
}

/** Runs a script with the test's options to its end; whatever goes wrong in it is told and ends it. */
function main(script) {
  told('begin')
    .then(({ options }) => script(options))
    .then(() => end(0), fail);
}

process.on('unhandledRejection', fail);

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

module.exports = { main, sleep, tell, told };
