import { useFilters } from '../../ui/use-filters.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/field.js';
import { FilterText } from '../../ui/filter-text.js';
import { InstantField } from '../../ui/instant-field.js';
import { KeyPicker } from '../../ui/key-picker.js';
import { auditTypes, typeTitle } from './audit-types.js';

type AuditFilter = 'key' | 'type' | 'actor' | 'from' | 'to' | 'order' | 'cursor';

const typeOptions: readonly (readonly [string, string])[] = [
  ['', 'Any type'],
  ...auditTypes.map((type) => [type, typeTitle(type)] as const),
];

export const orderOptions = [
  ['desc', 'Newest first'],
  ['asc', 'Oldest first'],
] as const;

export const useAuditFilters = () => {
  const { values, set } = useFilters<AuditFilter>();
  const { key, type, actor, from, to, order = 'desc', cursor } = values;
  return {
    values,
    set,
    order,
    isFiltered: Boolean(key ?? type ?? actor ?? from ?? to ?? cursor),
    /** As the API names them; without the page, for the export. */
    query: { apiKeyId: key, type, actor, from, to, order },
    clear: () => {
      set({ key: undefined, type: undefined, actor: undefined, from: undefined, to: undefined });
    },
  };
};

export function AuditFilters({
  filters,
}: {
  readonly filters: ReturnType<typeof useAuditFilters>;
}) {
  const { values, set, order, isFiltered, clear } = filters;
  const setter = (name: AuditFilter) => (value: string | undefined) => {
    set({ [name]: value });
  };
  return (
    <div className="filters" role="search" aria-label="Filter entries">
      <KeyPicker keyId={values.key} onPick={setter('key')} />
      <Select
        label="Type"
        value={values.type ?? ''}
        options={typeOptions}
        onPick={setter('type')}
      />
      <FilterText
        label="Actor (exact)"
        placeholder="Email, id or prefix"
        isLabelShown
        value={values.actor ?? ''}
        onSettled={setter('actor')}
      />
      <InstantField label="From" value={values.from} onPick={setter('from')} />
      <InstantField label="Before" value={values.to} onPick={setter('to')} />
      <Select label="Order" value={order} options={orderOptions} onPick={setter('order')} />
      <Button variant="quiet" disabled={!isFiltered} onClick={clear}>
        Clear filters
      </Button>
    </div>
  );
}
