import { type ReactNode, useState } from 'react';
import type { Issue } from '../../core';
import { Icon } from '../shared/icons';
import { countIssues, issueLine } from '../shared/issue-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button, IconButton, Pill } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { IssueCount } from './issue-panel';
import { builderMessages } from './messages';
import type { SaveState } from './use-draft';
import type { Editor } from './use-editor';

export interface ToolbarProps {
  name: string;
  onRename: (name: string) => void;
  editor: Editor;
  saveState: SaveState;
  publishedVersion: number | null;
  isEnabled: boolean;
  issues: readonly Issue[];
  isIssuePanelOpen: boolean;
  onIssuePanel: (isOpen: boolean) => void;
  isPublishing: boolean;
  onSave: () => void;
  onPublish: () => void;
  onRun: () => void;
  /** Stands before the name: the host's way back to its list. */
  start?: ReactNode;
}

/** The builder's top bar. */
export function Toolbar(props: ToolbarProps) {
  const { editor, issues, publishedVersion } = props;
  const { blocks, locale } = useTrama();
  const t = useTexts(builderMessages);
  const firstError = issues.find((issue) => issue.severity === 'error');
  const naming = { definition: editor.definition, blocks, locale, t };
  const reason = firstError && t('builder.publishBlocked', { reason: issueLine(firstError, naming) });
  const { errors, warnings } = countIssues(issues);
  return (
    <header className="trama-bar">
      {props.start}
      <NameInput name={props.name} readOnly={editor.readOnly} onRename={props.onRename} />
      {!editor.readOnly && <SavePill state={props.saveState} onSave={props.onSave} />}
      {publishedVersion !== null && (
        <Pill tone={props.isEnabled ? 'ok' : 'neutral'} dot>
          {props.isEnabled ? t('builder.live', { version: publishedVersion }) : t('builder.off')}
        </Pill>
      )}
      <span className="trama-grow" />
      {!editor.readOnly && (
        <>
          <IconButton label={t('builder.undo')} disabled={!editor.canUndo} onClick={editor.undo}>
            <Icon name="undo" />
          </IconButton>
          <IconButton label={t('builder.redo')} disabled={!editor.canRedo} onClick={editor.redo}>
            <Icon name="redo" />
          </IconButton>
        </>
      )}
      {errors + warnings > 0 && (
        <button
          type="button"
          className="trama-bar-issues"
          aria-expanded={props.isIssuePanelOpen}
          onClick={() => props.onIssuePanel(!props.isIssuePanelOpen)}
        >
          <IssueCount issues={issues} />
        </button>
      )}
      {!editor.readOnly && (
        <>
          <Button onClick={props.onRun}>{t('builder.runNow')}</Button>
          <Button
            variant="primary"
            // Stays reachable by keyboard: its description says what is in the way.
            aria-disabled={reason !== undefined || props.isPublishing}
            title={reason}
            onClick={() =>
              reason === undefined ? !props.isPublishing && props.onPublish() : props.onIssuePanel(true)
            }
          >
            {t(props.isPublishing ? 'builder.publishing' : 'builder.publish')}
          </Button>
        </>
      )}
    </header>
  );
}

function SavePill({ state, onSave }: { state: SaveState; onSave: () => void }) {
  const t = useTexts(builderMessages);
  const formats = useFormats();
  switch (state.kind) {
    case 'saved':
      return (
        <Pill className="trama-num">{t('builder.draftSaved', { time: formats.listTime(state.at) })}</Pill>
      );
    case 'unsaved':
      return <Pill>{t('builder.draftUnsaved')}</Pill>;
    case 'saving':
      return <Pill>{t('builder.draftSaving')}</Pill>;
    case 'failed':
    case 'conflict':
      return (
        <button
          type="button"
          className="trama-pill"
          data-tone="bad"
          title={t('builder.saveNow')}
          onClick={onSave}
        >
          <i className="trama-pill-dot" aria-hidden="true" />
          {t('builder.draftSaveFailed')}
        </button>
      );
    default:
      return state satisfies never;
  }
}

function NameInput({
  name,
  readOnly,
  onRename,
}: {
  name: string;
  readOnly: boolean;
  onRename: (name: string) => void;
}) {
  const t = useTexts(builderMessages);
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    const next = typed?.trim();
    setTyped(null);
    if (next && next !== name) onRename(next);
  };
  return (
    <input
      className="trama-bar-name"
      aria-label={t('builder.name')}
      maxLength={120}
      readOnly={readOnly}
      value={typed ?? name}
      size={Math.max(8, Math.min(40, (typed ?? name).length))}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}
