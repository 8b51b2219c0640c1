import { Download } from 'lucide-react';
import { useState } from 'react';
import { accountHeader, type Query, toSearch } from '../../api/http.js';
import { messageOf, toApiError } from '../../api/problem.js';
import { useSession } from '../../session/session.js';
import { buttonClass } from '../../ui/button.js';

const formats = ['csv', 'jsonl'] as const;
type Format = (typeof formats)[number];

/** Downloads of every entry that the filters leave, whatever their number. */
export function ExportLinks({ query }: { readonly query: Query }) {
  const { accountId, accounts } = useSession();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState<Format | null>(null);
  const isNamed = accounts.length > 1;
  const download = async (address: string, format: Format): Promise<void> => {
    if (busy !== null) return;
    setFailure('');
    setBusy(format);
    try {
      await saveNamed(address, accountId);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      {formats.map((format) => {
        const address = `/v1/audit/export${toSearch({ format, ...query })}`;
        return (
          <a
            key={format}
            href={address}
            download
            className={buttonClass()}
            onClick={(event) => {
              // A link cannot name the account, as a person with several has to.
              if (!isNamed) return;
              event.preventDefault();
              void download(address, format);
            }}
          >
            <Download aria-hidden="true" size={15} />
            {busy === format ? 'Exporting…' : `Export ${format.toUpperCase()}`}
          </a>
        );
      })}
      <span role="alert" className="field-error">
        {failure}
      </span>
    </>
  );
}

/** What a link with the attribute `download` does, for the account that is named. */
async function saveNamed(address: string, accountId: string): Promise<void> {
  const response = await fetch(address, { headers: accountHeader(accountId) });
  if (!response.ok) throw toApiError(response.status, await response.json().catch(() => null));
  const disposition = response.headers.get('content-disposition') ?? '';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = /filename="([^"]+)"/.exec(disposition)?.[1] ?? '';
  link.click();
  URL.revokeObjectURL(url);
}
