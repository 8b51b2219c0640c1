import { useId } from 'react';

interface CardProps {
  /** Of its heading. */
  readonly id?: string;
  readonly title: string;
  readonly note?: React.ReactNode;
  readonly tools?: React.ReactNode;
  readonly children: React.ReactNode;
  readonly isFlush?: boolean;
}

/** A titled section of a page. Flush cards let a table reach their edges. */
export function Card({ id: givenId, title, note, tools, children, isFlush = false }: CardProps) {
  const ownId = useId();
  const id = givenId ?? ownId;
  return (
    <section className="card" aria-labelledby={id}>
      <header className="card-header">
        <div>
          <h2 id={id} tabIndex={-1}>
            {title}
          </h2>
          {note && <p className="note">{note}</p>}
        </div>
        {tools && <div className="tools">{tools}</div>}
      </header>
      <div className={isFlush ? 'card-flush' : 'card-body'}>{children}</div>
    </section>
  );
}
