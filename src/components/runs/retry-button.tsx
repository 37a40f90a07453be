import { type ReactNode, useState } from 'react';
import type { Run } from '../../core';
import { Menu, type MenuGroup } from '../shared/menu';
import { useTexts } from '../shared/provider';
import { Button, type ButtonProps } from '../shared/ui';
import { runsMessages } from './messages';
import type { RetryWish } from './use-run-actions';

/** A point a run can be taken up from. */
export interface RetryPoint {
  from: string;
  label: string;
  detail: string;
}

export interface RetryButtonProps {
  run: Run;
  points: readonly RetryPoint[];
  /** Another version than the one that ran, now published. */
  latestVersion: number | null;
  isBusy: boolean;
  onRetry: (wish: RetryWish) => void;
  variant?: ButtonProps['variant'];
  /** A letter that presses it from anywhere in the viewer. */
  shortcut?: string;
  children: ReactNode;
}

/** Opens the choice of where to go on from, and with which version when there is a newer one. */
export function RetryButton(props: RetryButtonProps) {
  const { run, points, latestVersion, isBusy, onRetry, variant = 'default', shortcut, children } = props;
  const t = useTexts(runsMessages);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [version, setVersion] = useState<RetryWish['version']>('same');
  const ran = run.version === null ? t('run.draft') : t('run.version', { version: run.version });
  const actions: MenuGroup = {
    items: points.map(({ from, label, detail }) => ({
      ...{ label, detail },
      onChoose: () => onRetry({ from, version: latestVersion === null ? 'same' : version }),
    })),
  };
  const versions: MenuGroup = {
    label: t('run.retryVersion'),
    items: [
      {
        label: t('run.retrySame', { version: ran }),
        isChecked: version === 'same',
        onChoose: () => setVersion('same'),
      },
      {
        label: t('run.retryLatest', { version: latestVersion ?? '' }),
        isChecked: version === 'latest',
        onChoose: () => setVersion('latest'),
      },
    ],
  };
  return (
    <>
      <Button
        variant={variant}
        disabled={isBusy}
        aria-haspopup="menu"
        aria-keyshortcuts={shortcut}
        className="trama-retry"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {children}
        <span className="trama-chevron" data-down="" aria-hidden="true" />
      </Button>
      {anchor && (
        <Menu
          anchor={anchor}
          label={t('run.retryMenu')}
          groups={latestVersion === null ? [actions] : [versions, actions]}
          onClose={() => setAnchor(null)}
        />
      )}
    </>
  );
}
