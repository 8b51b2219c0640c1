import { useTitle } from './use-title.js';

interface PageHeaderProps {
  readonly title: string;
  /** One sentence on what the page is for. */
  readonly children?: React.ReactNode;
  readonly tools?: React.ReactNode;
}

export function PageHeader({ title, children, tools }: PageHeaderProps) {
  useTitle(title);
  return (
    <header className="page-header">
      <div>
        <h1>{title}</h1>
        {children && <p className="lead">{children}</p>}
      </div>
      {tools && <div className="tools">{tools}</div>}
    </header>
  );
}
