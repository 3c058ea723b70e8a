// People with several devices each, every device writing as fast as it is acknowledged.
// Options: url, people (the token of each, or null: a guest), messages (of each device), transports (of a person's
// devices, one after the other).
'use strict';

const { main, tell, told } = require('./lines');
const { Visitor } = require('./visitor');

/** A person's devices: those of a guest get the token that the first was given. */
async function arrive({ url, transports }, token) {
  const devices = [];
  for (const own of transports) {
    const auth = token ? { token } : { ...devices[0]?.auth };
    const device = new Visitor(url, { transports: own, auth });
    await device.until(() => device.isOpen);
    devices.push(device);
  }
  return devices;
}

async function write(visitor, name, count, note) {
  for (let n = 0; n < count; n += 1) {
    await visitor.say(`${name} ${n}`);
    note();
  }
}

main(async (options) => {
  const people = await Promise.all(options.people.map((token) => arrive(options, token)));
  tell('ready', { conversations: people.map(([device]) => device.conversation.id) });
  await told('write');
  let acknowledged = 0;
  const note = () => {
    acknowledged += 1;
    if (acknowledged % 25 === 0) {
      tell('acknowledged', { acknowledged });
    }
  };
  await Promise.all(
    people.flatMap((devices, person) =>
      devices.map((device, index) => write(device, `${person}/${index}`, options.messages, note)),
    ),
  );
  // What was said last on one device reaches the other.
  for (const devices of people) {
    const end = Math.max(...devices.flatMap(({ sent }) => sent.map(({ seq }) => seq)));
    await Promise.all(devices.map((device) => device.until(() => device.isOpen && device.last >= end)));
  }
  tell('done', { people: people.map((devices) => devices.map((device) => device.report())) });
  await told('end');
});
