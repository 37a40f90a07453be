import * as RadixDialog from '@radix-ui/react-dialog';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { Icon } from './icons';
import { useTrama } from './provider';
import { IconButton, joinClasses } from './ui';

export interface DialogProps {
  /** Called with `false` by Escape, the scrim and the close button. */
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Stands in place of the title, which is then only read aloud. */
  heading?: ReactNode;
  /** Stands before the title. */
  tile?: ReactNode;
  subtitle?: ReactNode;
  /** Between the title and the close button. */
  headActions?: ReactNode;
  footer?: ReactNode;
  className?: string;
  /** The dialog's own layout instead of the padded body. */
  bare?: boolean;
  /** `alertdialog` for a question that must be answered. @default 'dialog' */
  role?: 'dialog' | 'alertdialog';
  onKeyDown?: (event: KeyboardEvent) => void;
  /** Puts the focus somewhere else than on the first control. */
  onOpenAutoFocus?: (event: Event) => void;
  /** Puts the focus somewhere else than back to where it was. */
  onCloseAutoFocus?: (event: Event) => void;
  children: ReactNode;
}

/**
 * A modal dialog. It stays inside an element of class `trama`, wherever it is put, so that the tokens reach it. The scrim is
 * ours: Radix's own injects a style element, which a strict CSP refuses.
 */
export function Dialog(props: DialogProps) {
  const { portalContainer, colorMode, locale, t } = useTrama();
  const subtitleId = useId();
  // Radix gives the focus back to its own trigger only, and our dialogs have none.
  const [before] = useState(() => document.activeElement);
  const giveBack = (event: Event) => {
    event.preventDefault();
    if (before instanceof HTMLElement) before.focus();
  };
  return (
    <RadixDialog.Root open onOpenChange={props.onOpenChange}>
      <RadixDialog.Portal container={portalContainer}>
        <div className="trama" data-trama-theme={colorMode} lang={locale}>
          <div className="trama-scrim">
            <RadixDialog.Content
              className={joinClasses('trama-surface trama-dialog', props.className)}
              aria-describedby={props.subtitle ? subtitleId : undefined}
              role={props.role ?? 'dialog'}
              onKeyDown={props.onKeyDown}
              onOpenAutoFocus={props.onOpenAutoFocus}
              onCloseAutoFocus={props.onCloseAutoFocus ?? giveBack}
              onEscapeKeyDown={keepEscape}
            >
              <header className="trama-dialog-head">
                {props.tile}
                <div className="trama-grow trama-dialog-heading">
                  <RadixDialog.Title
                    className={props.heading ? 'trama-visually-hidden' : 'trama-dialog-title'}
                  >
                    {props.title}
                  </RadixDialog.Title>
                  {props.heading}
                  {props.subtitle && (
                    <div id={subtitleId} className="trama-dialog-subtitle trama-muted">
                      {props.subtitle}
                    </div>
                  )}
                </div>
                {props.headActions}
                <RadixDialog.Close asChild>
                  <IconButton label={t('common.close')}>
                    <Icon name="close" />
                  </IconButton>
                </RadixDialog.Close>
              </header>
              {props.bare ? props.children : <div className="trama-dialog-body">{props.children}</div>}
              {props.footer && <footer className="trama-dialog-foot">{props.footer}</footer>}
            </RadixDialog.Content>
          </div>
        </div>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** Radix hears Escape before anything inside does; a list that is open in the dialog closes first. */
function keepEscape(event: Event): void {
  if (event.target instanceof Element && event.target.closest('[data-keeps-escape]')) event.preventDefault();
}
