import { beginScram, scramCredentials, type ScramCredentials } from './scram.js';

/* The exchange of RFC 7677, section 3. */
const CLIENT_FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
const SERVER_NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SERVER_FIRST =
  'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
const WITHOUT_PROOF = 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const PROOF = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const SERVER_FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

describe('SCRAM-SHA-256', () => {
  let credentials: ScramCredentials;
  beforeAll(async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    credentials = await scramCredentials('pencil', salt, 4_096);
  });
  const begin = (clientFirst: string) =>
    beginScram(
      clientFirst,
      (name) => (name === 'user' || name === 'a,b=c' ? credentials : undefined),
      SERVER_NONCE,
    );

  it('answers as the example of RFC 7677', () => {
    const exchange = begin(CLIENT_FIRST);
    expect(exchange?.serverFirst).toBe(SERVER_FIRST);
    expect(exchange?.finish(`${WITHOUT_PROOF},p=${PROOF}`)).toBe(SERVER_FINAL);
  });

  it.each([
    ['another proof', `${WITHOUT_PROOF},p=${PROOF.replace('d', 'e')}`],
    ['a proof that is too short', `${WITHOUT_PROOF},p=dHzb`],
    ['no proof', WITHOUT_PROOF],
    ['another nonce', `c=biws,r=rOprNGfwEbeRWgbNEkqO,p=${PROOF}`],
    ['a channel binding', `${WITHOUT_PROOF.replace('biws', 'eSws')},p=${PROOF}`],
    ['nothing', ''],
  ])('takes %s for no proof', (_, clientFinal) => {
    expect(begin(CLIENT_FIRST)?.finish(clientFinal)).toBeUndefined();
  });

  it.each([
    ['another user', 'n,,n=other,r=rOprNGfwEbeRWgbNEkqO'],
    ['a client that demands channel binding', 'p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO'],
    ['no nonce', 'n,,n=user,r='],
    ['nothing', ''],
  ])('does not begin with %s', (_, clientFirst) => {
    expect(begin(clientFirst)).toBeUndefined();
  });

  it('reads a name with its escapes', () => {
    expect(begin('n,,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO')?.serverFirst).toBe(SERVER_FIRST);
  });
});
