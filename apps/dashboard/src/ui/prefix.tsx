/** The first characters of a key, `axk_1234…`; all that is ever shown of it again. */
export function Prefix({ of }: { readonly of: string }) {
  return <code className="prefix">{of.endsWith('…') ? of : `${of}…`}</code>;
}
