import { type ButtonHTMLAttributes, type CSSProperties, forwardRef, type ReactNode } from 'react';
import type { ProviderDefinition } from '../../core';
import { CharacterIcon } from './icons';

/** Meaning of a status colour. It never stands alone: a word, and mostly a shape, goes with it. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'wait' | 'run';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** @default 'default' */
  variant?: 'primary' | 'default' | 'ghost' | 'danger';
  icon?: ReactNode;
}

/** A button of the kit; a plain `type="button"` unless said otherwise. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = 'default', icon, className, children, ...rest },
  ref,
) {
  return (
    <button
      ref={ref}
      type="button"
      data-variant={variant}
      {...rest}
      className={joinClasses('trama-button', className)}
    >
      {icon && <span aria-hidden="true">{icon}</span>}
      {children}
    </button>
  );
});

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** What it does, for screen readers and as its tooltip. */
  label: string;
  children: ReactNode;
}

/** A 32 px square button that shows only a symbol. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, children, variant = 'ghost', ...rest },
  ref,
) {
  return (
    <Button ref={ref} variant={variant} aria-label={label} title={label} data-icon-only="" {...rest}>
      <span aria-hidden="true">{children}</span>
    </Button>
  );
});

export interface PillProps {
  /** @default 'neutral' */
  tone?: Tone;
  /** Shows a dot before the text. */
  dot?: boolean;
  /** @default 'default' */
  size?: 'default' | 'small';
  title?: string;
  className?: string;
  children: ReactNode;
}

/** A short state in a capsule. */
export function Pill({ tone = 'neutral', dot, size = 'default', title, className, children }: PillProps) {
  return (
    <span className={joinClasses('trama-pill', className)} data-tone={tone} data-size={size} title={title}>
      {dot && <i className="trama-pill-dot" aria-hidden="true" />}
      {children}
    </span>
  );
}

export interface TileProps {
  /** Gives the colour; unknown providers get a neutral tile. */
  provider: Pick<ProviderDefinition, 'color' | 'icon'> | undefined;
  /** The block's own icon. @default the provider's */
  icon?: string | undefined;
  /** @default 28 */
  size?: 28 | 40;
}

/** The coloured square a block or a provider is recognised by. */
export function Tile({ provider, icon, size = 28 }: TileProps) {
  const style = provider ? ({ '--trama-tile': provider.color } as CSSProperties) : undefined;
  return (
    <span className="trama-tile" data-size={size} style={style} aria-hidden="true">
      <CharacterIcon character={icon ?? provider?.icon ?? '?'} size={size === 40 ? 20 : 16} />
    </span>
  );
}

export interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** What a place shows before there is anything in it: what it is for and what to do. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className="trama-empty">
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {actions && <div className="trama-actions">{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** What went wrong, why and what to do; announced when it appears. */
export function ErrorState({ title, children, actions }: ErrorStateProps) {
  return (
    <div className="trama-error" role="alert">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {actions && <div className="trama-actions">{actions}</div>}
    </div>
  );
}

export interface SkeletonProps {
  /** CSS length. @default '100%' */
  width?: string;
  /** CSS length. @default '14px' */
  height?: string;
}

/** Stands where a line or a card will be; the list around it carries `aria-busy`. */
export function Skeleton({ width = '100%', height = '14px' }: SkeletonProps) {
  return <span className="trama-skeleton" style={{ width, height }} aria-hidden="true" />;
}

export function joinClasses(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
