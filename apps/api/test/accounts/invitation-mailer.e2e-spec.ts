import { SMTPServer } from 'smtp-server';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startTestApp } from '../harness/app.js';
import { someAddress } from '../harness/people.js';
import type { SentInvitation } from '../../src/accounts/invite-member/invite-member.dto.js';

interface Mail {
  readonly to: readonly string[];
  readonly source: string;
}

/** A mail server that keeps what it gets, or refuses it and quotes it in its refusal. */
async function startMailServer({ refuses = false } = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData: (stream, { envelope }, done) => {
      void text(stream).then((source) => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), source });
        done(refuses ? new Error(`no mail like: ${source.replace(/\s+/g, ' ')}`) : null);
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}

/** Undoes the quoted-printable encoding of a mail's text. */
const readable = (source: string): string => source.replace(/=\r\n/g, '').replace(/=3D/g, '=');

async function inviteBy(smtpUrl: string) {
  const app = await startTestApp({
    env: { SMTP_URL: smtpUrl, MAIL_FROM: 'Keys <keys@example.com>', BASE_URL: 'http://keys.test/' },
  });
  try {
    const ada = await app.signUp('Ada');
    const email = someAddress();
    const answer = await app.http
      .post('/v1/invitations')
      .set('cookie', ada.cookie)
      .send({ email, role: 'reviewer' })
      .expect(201);
    const list = await app.http.get('/v1/members').set('cookie', ada.cookie).expect(200);
    const { invitations } = list.body as { invitations: unknown[] };
    const sent = answer.body as SentInvitation;
    return { ada, email, sent, invitations, logLines: app.logLines.join('') };
  } finally {
    await app.stop();
  }
}

describe('the mail of an invitation', () => {
  it('brings the link to the invited address and to no line of the log', async () => {
    const server = await startMailServer();
    const { ada, email, sent, logLines } = await inviteBy(server.url);
    await server.stop();
    expect(sent.mailSent).toBe(true);
    expect(sent.url).toMatch(/^http:\/\/keys\.test\/join#inv_/);
    expect(server.mails).toMatchObject([{ to: [email] }]);
    const mail = readable(server.mails[0]?.source ?? '');
    expect(mail).toMatch(/^Subject: An invitation to Keytrail\r$/m);
    for (const part of [sent.url, ada.email, 'From: Keys <keys@example.com>', 'as reviewer']) {
      expect(mail).toContain(part);
    }
    expect(logLines).not.toContain(sent.url.split('#')[1]);
  });

  it('that the server refuses leaves the invitation as good, and no token in the log', async () => {
    const server = await startMailServer({ refuses: true });
    const { sent, invitations, logLines } = await inviteBy(server.url);
    await server.stop();
    expect(server.mails).toHaveLength(1);
    expect(sent.mailSent).toBe(false);
    expect(invitations).toHaveLength(1);
    expect(logLines).toContain('could not be sent');
    expect(logLines).not.toContain('no mail like');
    expect(logLines).not.toContain(sent.url.split('#')[1]);
  });

  it('goes to one address three times an hour, from whichever account', async () => {
    const server = await startMailServer();
    const app = await startTestApp({
      env: { SMTP_URL: server.url, BASE_URL: 'http://keys.test/' },
    });
    const email = someAddress();
    const sent: boolean[] = [];
    for (const name of ['Ada', 'Ben']) {
      const owner = await app.signUp(name);
      for (let time = 0; time < 2; time += 1) {
        const answer = await app.http
          .post('/v1/invitations')
          .set('cookie', owner.cookie)
          .send({ email, role: 'reviewer' })
          .expect(201);
        sent.push((answer.body as SentInvitation).mailSent);
      }
    }
    await app.stop();
    await server.stop();
    expect(sent).toEqual([true, true, true, false]);
    expect(server.mails).toHaveLength(3);
  });

  it('without a server to take it leaves the invitation as good', async () => {
    const server = await startMailServer();
    await server.stop();
    const { sent, invitations } = await inviteBy(server.url);
    expect(sent.mailSent).toBe(false);
    expect(invitations).toHaveLength(1);
  });
});
