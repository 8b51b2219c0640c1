export const environment = `export KEYTRAIL_API_KEY='axk_…'`;

export const curlMe = (baseUrl: string): string =>
  `curl -sS ${baseUrl}/v1/me \\
  -H "Authorization: Bearer $KEYTRAIL_API_KEY"`;

export const curlKeys = (baseUrl: string): string =>
  `curl -sS '${baseUrl}/v1/api-keys?status=Active&limit=10' \\
  -H "Authorization: Bearer $KEYTRAIL_API_KEY"`;

export const install = `npm run build && npm pack --workspace=@keytrail/sdk    # in the Keytrail repository
npm install ../keytrail/keytrail-sdk-0.1.0.tgz         # in your project`;

export const sdkMe = (baseUrl: string): string =>
  `import { Keytrail } from '@keytrail/sdk';

// The key comes from the KEYTRAIL_API_KEY environment variable.
const keytrail = new Keytrail({ baseUrl: '${baseUrl}' });

const { account, apiKey } = await keytrail.me();
console.log(\`\${apiKey.name} of \${account.name}\`);`;

export const curlVerify = (baseUrl: string): string =>
  `curl -sS ${baseUrl}/v1/verify \\
  -H "Authorization: Bearer $KEYTRAIL_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"apiKey": "<the caller’s key>", "request": {"method": "GET", "path": "/orders"}}'`;

export const curlEvents = (baseUrl: string): string =>
  `curl -sSN '${baseUrl}/v1/events?from=start' \\
  -H "Authorization: Bearer $KEYTRAIL_API_KEY" \\
  -H 'Accept: text/event-stream'`;

export const sdkEvents = (baseUrl: string): string =>
  `import { Keytrail } from '@keytrail/sdk';

const keytrail = new Keytrail({ baseUrl: '${baseUrl}' });

// Resumes by itself after a lost connection and hands out each event once.
for await (const event of keytrail.events({ from: 'start' })) {
  console.log(event.id, event.type, event.subject);
}`;

export const nativeEvents = `import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';

const client = EventStoreDBClient.connectionString(process.env.EVENTSTOREDB_URL);
const subscription = client.subscribeToAll({
  fromPosition: START, // in earnest: the position of your last checkpoint
  filter: streamNameFilter({ prefixes: ['apiKey-', 'keyUsage-'] }),
});

for await (const { event } of subscription) {
  console.log(event.type, event.data.keyId);
}`;
