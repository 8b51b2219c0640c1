import { Link } from '@tanstack/react-router';
import { useMayChange } from '../../session/session.js';
import { Card } from '../../ui/card.js';
import { CodeBlock } from '../../ui/code-block.js';
import { CodeTabs } from '../../ui/code-tabs.js';
import { PageHeader } from '../../ui/page-header.js';
import { curlKeys, curlMe, curlVerify, environment, install, sdkMe } from './snippets.js';

export function QuickstartPage() {
  const mayChange = useMayChange();
  const baseUrl = window.location.origin;
  return (
    <>
      <PageHeader title="Quickstart">
        From a key to an answer in three steps. This account’s base URL is{' '}
        <code className="base-url">{baseUrl}</code>
      </PageHeader>
      <Card title="1. Take a key">
        <p>
          {mayChange ? (
            <>
              Create one on <Link to="/">API Keys</Link> and copy it at once: it is shown only once.
            </>
          ) : (
            'Ask an owner of this account for one: reviewers cannot create keys.'
          )}{' '}
          Keep it in the environment, never in code.
        </p>
        <CodeBlock label="Shell" code={environment} />
      </Card>
      <Card title="2. Make a request">
        <CodeTabs
          label="Language"
          snippets={[
            {
              id: 'curl',
              title: 'curl',
              blocks: [
                ['Who am I', curlMe(baseUrl)],
                ['List the active keys', curlKeys(baseUrl)],
              ],
            },
            {
              id: 'typescript',
              title: 'TypeScript',
              blocks: [
                ['Install', install],
                ['Who am I in TypeScript', sdkMe(baseUrl)],
              ],
            },
          ]}
        />
      </Card>
      <Card title="3. See it here">
        <p>
          The request is a use of the key: it is on <Link to="/transactions">Transactions</Link> and
          in the <Link to="/audit">Audit trail</Link> within two seconds.
        </p>
      </Card>
      <Card title="Check your callers’ keys">
        <p>
          Your own API asks Keytrail whether a caller’s key is active. The answer is never stale,
          and each question is recorded as a use.
        </p>
        <CodeBlock label="Verify a caller’s key" code={curlVerify(baseUrl)} />
        <p>
          All calls are described in the <a href="/docs">API reference</a>; the{' '}
          <Link to="/events">Events</Link> page shows how to follow every event.
        </p>
      </Card>
    </>
  );
}
