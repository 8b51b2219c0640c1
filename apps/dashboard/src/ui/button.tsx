import type { ComponentProps } from 'react';

type Variant = 'primary' | 'default' | 'danger' | 'danger-quiet' | 'quiet';

export const buttonClass = (variant: Variant = 'default', size: 'medium' | 'small' = 'medium') =>
  `button button-${variant} button-${size}`;

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: Variant;
  readonly size?: 'medium' | 'small';
}

/** A disabled button keeps the focus, which the browser would take away: it only does nothing. */
export function Button(props: ButtonProps) {
  const {
    variant,
    size,
    type = 'button',
    className = '',
    disabled = false,
    onClick,
    ...rest
  } = props;
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={disabled || undefined}
      className={`${buttonClass(variant, size)} ${className}`}
      onClick={(event) => {
        if (disabled) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
