import { Logo } from '../../ui/logo.js';
import { useTitle } from '../../ui/use-title.js';

interface EntryProps {
  readonly title: string;
  readonly lead?: React.ReactNode;
  readonly children: React.ReactNode;
  readonly foot?: React.ReactNode;
}

/** The frame of the pages before signing in: one quiet box in the middle. */
export function Entry({ title, lead, children, foot }: EntryProps) {
  useTitle(title);
  return (
    <main className="entry">
      <Logo />
      <div className="entry-box">
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
        {children}
      </div>
      {foot && <p className="entry-foot">{foot}</p>}
    </main>
  );
}
