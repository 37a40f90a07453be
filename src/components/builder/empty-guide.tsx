import { useRef } from 'react';
import { type InsertionPoint, TRIGGER_ID } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { Button } from '../shared/ui';
import { pointAfter } from './edit-operations';
import { builderMessages } from './messages';
import type { Editor } from './use-editor';

export interface EmptyGuideProps {
  editor: Editor;
  onStart: (anchor: HTMLElement, point: InsertionPoint) => void;
}

/** What to do with a workflow that so far only has its trigger. */
export function EmptyGuide({ editor, onStart }: EmptyGuideProps) {
  const { blocks } = useTrama();
  const t = useTexts(builderMessages);
  const button = useRef<HTMLButtonElement>(null);
  const trigger = editor.definition.nodes.find((node) => node.id === TRIGGER_ID);
  if (!trigger) return null;
  return (
    <div className="trama-guide">
      <h3>{t('builder.empty.title')}</h3>
      <p>{t('builder.empty.text')}</p>
      <div className="trama-actions">
        <Button
          ref={button}
          variant="primary"
          onClick={() =>
            button.current && onStart(button.current, pointAfter(editor.definition, trigger, blocks))
          }
        >
          {t('builder.empty.start')}
        </Button>
        <Button onClick={() => editor.open(TRIGGER_ID)}>{t('builder.empty.trigger')}</Button>
      </div>
    </div>
  );
}
