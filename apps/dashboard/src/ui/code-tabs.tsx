import { Tabs } from '@base-ui/react/tabs';
import { CodeBlock } from './code-block.js';

interface Snippet {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly (readonly [label: string, code: string])[];
}

interface CodeTabsProps {
  readonly label: string;
  readonly snippets: readonly Snippet[];
}

/** The same thing in several languages, one at a time. */
export function CodeTabs({ label, snippets }: CodeTabsProps) {
  return (
    <Tabs.Root defaultValue={snippets[0]?.id} className="tabs">
      <Tabs.List className="tab-list" aria-label={label}>
        {snippets.map(({ id, title }) => (
          <Tabs.Tab key={id} value={id} className="tab">
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(({ id, blocks }) => (
        <Tabs.Panel key={id} value={id} className="stack">
          {blocks.map(([name, code]) => (
            <CodeBlock key={name} label={name} code={code} />
          ))}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
