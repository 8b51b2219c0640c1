import type { ComponentProps } from 'react';

type Variant = 'primary' | 'default' | 'danger' | 'danger-quiet' | 'quiet';

export const buttonClass = (variant: Variant = 'default', size: 'medium' | 'small' = 'medium') =>
  `button button-${variant} button-${size}`;

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: Variant;
  readonly size?: 'medium' | 'small';
}

export function Button({ variant, size, type = 'button', className = '', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`${buttonClass(variant, size)} ${className}`} />;
}
