export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="logo-back" />
        <g className="logo-lines">
          <circle cx="11.5" cy="16" r="4.2" />
          <path d="M15.7 16H25M21.5 16v4M25 16v3" />
        </g>
      </svg>
      Keytrail
    </span>
  );
}
