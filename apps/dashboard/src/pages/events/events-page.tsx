import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useFilters } from '../../ui/use-filters.js';
import type { FeedState } from '../../live/feed-hub.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { CodeTabs } from '../../ui/code-tabs.js';
import { Select } from '../../ui/field.js';
import { PageHeader } from '../../ui/page-header.js';
import { Empty } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { curlEvents, nativeEvents, sdkEvents } from '../quickstart/snippets.js';
import { eventColumns } from './event-columns.js';
import { KEPT, useEventFeed } from './use-event-feed.js';

const typeOptions = [
  ['', 'All events'],
  ['keytrail.key.created.v1', 'Key created'],
  ['keytrail.key.used.v1', 'Key used'],
  ['keytrail.key.revoked.v1', 'Key revoked'],
  ['keytrail.key.refused.v1', 'Key refused'],
  ['keytrail.member.*,keytrail.invitation.*', 'Members and invitations'],
  ['keytrail.session.*', 'Sign-ins'],
  ['keytrail.audit.*', 'Exports of the audit trail'],
] as const;

const fromOptions = [
  ['', 'From now on'],
  ['start', 'From the first event'],
] as const;

const stateTexts: Readonly<Record<FeedState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Not connected, trying again',
};

export function EventsPage() {
  const { type, from } = useFilters<'type' | 'from'>().values;
  return (
    <>
      <PageHeader title="Events">
        The live feed of everything that happens to this account, in one order without gaps.
      </PageHeader>
      <LiveFeed key={`${type ?? ''} ${from ?? ''}`} types={type} from={from} />
      <HowToSubscribe />
    </>
  );
}

interface LiveFeedProps {
  readonly types: string | undefined;
  readonly from: string | undefined;
}

function LiveFeed({ types, from }: LiveFeedProps) {
  const [isPaused, setPaused] = useState(false);
  const { arrivals, state, position, waiting } = useEventFeed({ types, from, isPaused });
  return (
    <Card
      title="Live feed"
      isFlush
      note={<FeedNote state={state} position={position} waiting={isPaused ? waiting : null} />}
      tools={<FeedTools types={types} from={from} isPaused={isPaused} onPause={setPaused} />}
    >
      {arrivals.length === 0 ? (
        <Empty title="Waiting for events">
          Use a key, or create one, and it appears here. “From the first event” replays the past.
        </Empty>
      ) : (
        <Table
          label="Live feed"
          columns={eventColumns}
          rows={arrivals}
          rowKey={({ position: at }) => at}
        />
      )}
      {arrivals.length === KEPT && (
        <p className="note note-foot">
          The newest {KEPT} are shown. All of them are in the audit trail.
        </p>
      )}
    </Card>
  );
}

interface FeedToolsProps extends LiveFeedProps {
  readonly isPaused: boolean;
  readonly onPause: (isPaused: boolean) => void;
}

function FeedTools({ types, from, isPaused, onPause }: FeedToolsProps) {
  const { set } = useFilters<'type' | 'from'>();
  const Icon = isPaused ? Play : Pause;
  return (
    <>
      <Select
        label="Type"
        isLabelHidden
        value={types ?? ''}
        options={typeOptions}
        onPick={(type) => {
          set({ type });
        }}
      />
      <Select
        label="Start"
        isLabelHidden
        value={from ?? ''}
        options={fromOptions}
        onPick={(start) => {
          set({ from: start });
        }}
      />
      <Button
        onClick={() => {
          onPause(!isPaused);
        }}
      >
        <Icon aria-hidden="true" size={15} />
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
    </>
  );
}

interface FeedNoteProps {
  readonly state: FeedState;
  readonly position: string | null;
  /** `null` while the feed is not paused. */
  readonly waiting: number | null;
}

function FeedNote({ state, position, waiting }: FeedNoteProps) {
  return (
    <span className="feed-note">
      <span className="live-mark" data-live={state === 'live'} role="status">
        {waiting === null ? stateTexts[state] : 'Paused'}
      </span>
      {waiting !== null && waiting > 0 && ` · ${waiting.toLocaleString('en')} waiting`}
      {position !== null && (
        <>
          {' '}
          · complete up to position <code>{position}</code>
        </>
      )}
    </span>
  );
}

function HowToSubscribe() {
  const baseUrl = window.location.origin;
  return (
    <Card title="How to subscribe">
      <p>
        Each event carries its position. Keep the last one you handled and resume right after it
        with <code>from</code> or <code>Last-Event-ID</code>: nothing is lost and nothing comes
        twice.
      </p>
      <CodeTabs
        label="Way to subscribe"
        snippets={[
          { id: 'curl', title: 'curl', blocks: [['Follow with curl', curlEvents(baseUrl)]] },
          { id: 'sdk', title: 'SDK', blocks: [['Follow with the SDK', sdkEvents(baseUrl)]] },
          {
            id: 'native',
            title: 'Native',
            blocks: [['Follow the log itself, with access to EventStoreDB', nativeEvents]],
          },
        ]}
      />
    </Card>
  );
}
