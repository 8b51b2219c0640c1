import { ValidateBy } from 'class-validator';

const HOST = String.raw`[0-9A-Za-z._-]+(?::\d{1,5})?`;
const IPV6_HOST = String.raw`(?<literal>\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?`;
const SHAPE = new RegExp(
  String.raw`^esdb(?:\+discover)?://(?:[^:@/?,\s]+:[^:@/?\s]+@)?(?:${IPV6_HOST}|${HOST}(?:,${HOST})*)/?(?:\?(?<options>.*))?$`,
);

/** Those of the client, in lower case. It warns of any other with the whole connection string, password included. */
const knownOptions = new Set([
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'throwonappendfailure',
  'tls',
  'tlscafile',
  'usercertfile',
  'userkeyfile',
]);

/** The client reads no IPv6 address in a connection string: with one, these are read here. */
const optionsOfIpv6 = new Set(['keepaliveinterval', 'tls', 'tlscafile']);

/** What is wrong with a connection string of EventStoreDB, without any part of it that may be secret. */
export function eventStoreUrlFault(url: unknown): string | undefined {
  const match = typeof url === 'string' ? SHAPE.exec(url) : null;
  if (!match) {
    return (
      'must be a connection string such as esdb://127.0.0.1:2113?tls=false or ' +
      'esdb://keytrail:PASSWORD@host:2113?tlsCAFile=ca.crt, for KurrentDB too, in which a password has its ' +
      'characters other than letters and digits percent-encoded'
    );
  }
  const options = (match.groups?.['options'] ?? '').split('&').filter((option) => option !== '');
  for (const option of options) {
    const [name = '', value = ''] = option.split('=');
    const known = name.toLowerCase().replaceAll(/[_-]/g, '');
    if (known === 'tlsverifycert') {
      return 'must not have tlsVerifyCert, which the client does not obey; name the authority of the certificate with tlsCAFile';
    }
    if (match.groups?.['literal'] !== undefined && !optionsOfIpv6.has(known)) {
      return 'must name a host rather than an IPv6 address with options other than tls, tlsCAFile and keepAliveInterval';
    }
    if (!knownOptions.has(known) || value === '') {
      return 'has an option that the client of EventStoreDB does not know, or one without a value';
    }
  }
  return undefined;
}

/** A connection string that the client takes without a word. */
export const IsEventStoreUrl = (): PropertyDecorator =>
  ValidateBy({
    name: 'isEventStoreUrl',
    validator: {
      validate: (value) => eventStoreUrlFault(value) === undefined,
      defaultMessage: (args) => `$property ${eventStoreUrlFault(args?.value) ?? ''}`,
    },
  });
