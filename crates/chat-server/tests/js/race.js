// Counsellors who all want the same conversations at the same time.
// Options: url, tokens (of each counsellor), wanted (the conversations of each, by counsellor).
'use strict';

const { ask, connect } = require('./connection');
const { main, sleep, tell, told } = require('./lines');

/** Claims of one counsellor on their way at a time. */
const AT_ONCE = 4;

async function arrive(url, token) {
  const socket = connect(url, ['websocket'], () => ({ token }));
  let breaks = 0;
  socket.on('disconnect', () => {
    breaks += 1;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  for (;;) {
    const answer = await ask(socket, 'console:open', {}, 60000);
    if (answer?.ok) {
      return { socket, id: answer.you.id, claims: [], breaks: () => breaks };
    }
    if (answer && !answer.retryAfterMs) {
      throw new Error(`refused for good: ${JSON.stringify(answer)}`);
    }
    await sleep(answer?.retryAfterMs ?? 100);
  }
}

/** Claims until there is an answer that another attempt wouldn't change. */
async function claim({ socket, claims }, conversationId) {
  for (;;) {
    const answer = await ask(socket, 'console:claim', { conversationId }, 60000);
    if (answer && !answer.retryAfterMs) {
      const { ok, code, by, conversation } = answer;
      claims.push({ conversationId, ok, code, by, state: conversation?.state });
      return;
    }
    await sleep(answer?.retryAfterMs ?? 100);
  }
}

main(async ({ url, tokens, wanted }) => {
  const counsellors = await Promise.all(tokens.map((token) => arrive(url, token)));
  tell('ready');
  await told('claim');
  await Promise.all(
    counsellors.map(async (counsellor, index) => {
      const left = [...wanted[index]];
      const one = async () => {
        while (left.length > 0) {
          await claim(counsellor, left.shift());
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
    }),
  );
  tell('done', { counsellors: counsellors.map(({ id, claims, breaks }) => ({ id, claims, breaks: breaks() })) });
  // Whoever left would lose what he has won.
  await told('end');
});
