import { Panel, useReactFlow, useStore } from '@xyflow/react';
import type { ReactNode } from 'react';
import { Icon } from '../shared/icons';
import { Button, IconButton } from '../shared/ui';
import { useCanvas } from './canvas-context';

export interface CanvasToolsProps {
  onFit: () => void;
  children?: ReactNode;
}

/** Zoom and tidying, at the bottom left. */
export function CanvasTools({ onFit, children }: CanvasToolsProps) {
  const { naming, editing } = useCanvas();
  const { zoomIn, zoomOut } = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const { t } = naming;
  return (
    <Panel position="bottom-left" className="trama-tools" role="toolbar" aria-label={t('canvas.tools')}>
      <IconButton label={t('canvas.zoomOut')} onClick={() => zoomOut({ duration: 0 })}>
        <Icon name="minus" />
      </IconButton>
      <Button
        variant="ghost"
        className="trama-num trama-tools-zoom"
        aria-label={t('canvas.zoom', { percent })}
        title={t('canvas.fit')}
        onClick={onFit}
      >
        {percent}%
      </Button>
      <IconButton label={t('canvas.zoomIn')} onClick={() => zoomIn({ duration: 0 })}>
        <Icon name="plus" />
      </IconButton>
      {editing && (
        <Button variant="ghost" onClick={editing.onTidy}>
          {t('canvas.tidy')}
        </Button>
      )}
      {children}
    </Panel>
  );
}
