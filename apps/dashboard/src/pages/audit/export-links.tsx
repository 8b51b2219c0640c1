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
      save(await fetchNamed(address, accountId), `audit-trail.${format}`);
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
            download={`audit-trail.${format}`}
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

async function fetchNamed(address: string, accountId: string): Promise<Blob> {
  const response = await fetch(address, { headers: accountHeader(accountId) });
  if (response.ok) return response.blob();
  throw toApiError(response.status, await response.json().catch(() => null));
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
